import Testing

@testable import LynxCedar

@Suite("Spelling finds what an author may have meant")
struct SpellingTests {
    @Test(
        "a word that is off by a letter or two finds its neighbour",
        arguments: [
            ("pemit", "permit"), ("permti", "permit"), ("permitt", "permit"), ("PERMIT", "permit"), ("forbit", "forbid"),
            ("forbidd", "forbid"), ("Forbid", "forbid"),
        ])
    func close(word: String, suggestion: String) {
        #expect(Spelling.suggestion(for: word, among: ["permit", "forbid"]) == suggestion)
    }

    @Test("a word that is like no candidate finds none", arguments: ["allow", "deny", "", "p", "per", "x", "policy"])
    func far(word: String) {
        #expect(Spelling.suggestion(for: word, among: ["permit", "forbid"]) == nil)
    }

    @Test("the nearest candidate wins, the first of equally near ones")
    func nearest() {
        #expect(Spelling.suggestion(for: "containAll", among: ["containsAny", "containsAll"]) == "containsAll")
        #expect(Spelling.suggestion(for: "isIpv5", among: ["isIpv4", "isIpv6"]) == "isIpv4")
    }

    @Test("very long words are not compared")
    func long() {
        let word = String(repeating: "a", count: 100_000)
        #expect(Spelling.suggestion(for: word, among: [word]) == nil)
        #expect(Spelling.suggestion(for: "a", among: [word]) == nil)
    }
}
