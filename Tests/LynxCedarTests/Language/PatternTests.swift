import Testing

@testable import LynxCedar

@Suite("like", .timeLimit(.minutes(5)))
struct PatternTests {
    /// What a pattern means, by its definition: a wildcard stands for any text.
    private func matches(_ elements: ArraySlice<Pattern.Element>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        switch elements.first {
        case nil: text.isEmpty
        case .wildcard?: (text.startIndex...text.endIndex).contains { matches(elements.dropFirst(), text[$0...]) }
        case .scalar(let scalar)?: text.first == scalar && matches(elements.dropFirst(), text.dropFirst())
        }
    }

    @Test("a pattern matches what its definition says", arguments: 0..<20 as Range<UInt64>)
    func definition(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        for _ in 0..<500 {
            let elements = (0..<random.below(9)).map { _ -> Pattern.Element in
                [.wildcard, .scalar("a"), .scalar("b")][random.below(3)]
            }
            let text = (0..<random.below(12)).map { _ -> Unicode.Scalar in ["a", "b"][random.below(2)] }
            let string = CedarString(String(String.UnicodeScalarView(text)))
            #expect(Pattern(elements).matches(string) == matches(elements[...], text[...]), "\(string.literal) like \(Pattern(elements))")
        }
    }

    @Test("a long text and a long pattern that nearly matches everywhere take linear time")
    func linear() {
        let size = 200_000
        let text = CedarString(String(repeating: "a", count: size))
        #expect(!Pattern("*" + String(repeating: "a", count: size / 2) + "b*").matches(text))
        #expect(Pattern("*" + String(repeating: "a", count: size / 2) + "*").matches(text))
        #expect(Pattern(String(repeating: "*a", count: size)).matches(text))
        #expect(!Pattern(String(repeating: "*a", count: size + 1)).matches(text))
        #expect(!Pattern("a*b").matches(text))
    }
}
