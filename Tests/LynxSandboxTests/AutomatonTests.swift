import CedarGenerators
import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("Automata")
struct AutomatonTests {
    private static let patterns = ["*", "a*", "*a", "*a*", "a*a", "*ab*ba*", "abab", "*é*", "*.pem", "*/.ssh/*", "a**b", ""]
    private static let texts = [
        "", "a", "b", "aa", "ab", "aba", "abba", "ababba", "abab", "é", "xéy", "/home/x/.ssh/id", "/home/.ssh", "k.pem", ".pem", "k.pemx", "aXb",
    ]

    @Test("an automaton finds just the patterns that match, all at once")
    func agreesWithPatterns() throws {
        let entries = AutomatonTests.patterns.enumerated().map { set, text in
            Automaton.Entry(parts: AutomatonTests.parts(of: text), isOfName: false, set: set)
        }
        var budget = 1 << 20
        let automaton = try #require(Automaton(entries, wordCount: 1, budget: &budget))
        for text in AutomatonTests.texts {
            let found = automaton.sets(of: Array(text.utf8)).words[0]
            for (set, pattern) in AutomatonTests.patterns.enumerated() {
                #expect((found >> UInt64(set) & 1 == 1) == Pattern(pattern).matches(CedarString(text)), "\(text) like \(pattern)")
            }
        }
    }

    @Test("patterns of one set are told from others, and are found however they overlap", arguments: UInt64(0)..<20)
    func severalPatternsOfASet(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let sets = (0..<3).map { _ in (0..<4).map { _ in AutomatonTests.patterns.randomElement(using: &dice) ?? "" } }
        let entries = sets.enumerated().flatMap { set, patterns in
            patterns.map { Automaton.Entry(parts: AutomatonTests.parts(of: $0), isOfName: false, set: set) }
        }
        var budget = 1 << 20
        let automaton = try #require(Automaton(entries, wordCount: 1, budget: &budget))
        for text in AutomatonTests.texts {
            let found = automaton.sets(of: Array(text.utf8)).words[0]
            for (set, patterns) in sets.enumerated() {
                let isMatch = patterns.contains { Pattern($0).matches(CedarString(text)) }
                #expect((found >> UInt64(set) & 1 == 1) == isMatch, "\(text) like one of \(patterns)")
            }
        }
    }

    @Test("what is in a set whatever follows needs one state, however many patterns the set has")
    func lastingSets() throws {
        let entries = (0..<100).map { Automaton.Entry(parts: AutomatonTests.parts(of: "*/.key\($0)/*"), isOfName: false, set: 0) }
        var budget = 1 << 24
        let automaton = try #require(Automaton(entries, wordCount: 1, budget: &budget))
        // One for each beginning of a pattern, and the last; sets of patterns would be 2 to the 100.
        #expect(automaton.transitions.count < 1000)
    }

    @Test("a pattern for the name looks at the last component alone")
    func names() throws {
        var budget = 1 << 20
        let automaton = try #require(
            Automaton([Automaton.Entry(parts: AutomatonTests.parts(of: "a*b"), isOfName: true, set: 0)], wordCount: 1, budget: &budget))
        for (path, isMatch) in [("/x/ab", true), ("/a/b", false), ("ab", true), ("/ab/", false), ("/ab/c", false), ("/b/aXXb", true)] {
            #expect((automaton.sets(of: Array(path.utf8)).words[0] == 1) == isMatch, "\(path)")
        }
    }

    private static func parts(of text: String) -> [[UInt8]] {
        switch TextPattern(Pattern(text), ofName: true) {
        case .name(let parts): parts
        default: []
        }
    }
}
