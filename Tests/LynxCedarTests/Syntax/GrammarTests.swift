import CedarGenerators
import LynxCedar
import Testing

@Suite("Grammar/cedar.ebnf is the grammar of the parser", .timeLimit(.minutes(5)))
struct GrammarTests {
    @Test("what the grammar derives parses", arguments: 0..<20)
    func derivedPolicies(seed: Int) throws {
        let grammar = try Grammar()
        var generator = GrammarTextGenerator(grammar, seed: UInt64(seed), size: 20 << (seed % 5))
        for _ in 0..<40 {
            let text = try generator.text(of: "Policies")
            let error = parseError { try PolicySet(cedar: text) }
            #expect(error == nil, "\(error?.description ?? "")\n\(text)")
        }
    }

    @Test("what the grammar derives from a rule parses as what the rule describes", arguments: 0..<10)
    func derivedParts(seed: Int) throws {
        let grammar = try Grammar()
        var generator = GrammarTextGenerator(grammar, seed: 1_000 + UInt64(seed))
        for _ in 0..<40 {
            let policy = try generator.text(of: "Policy")
            #expect(parseError { try Template(cedar: policy) } == nil, "\(policy)")
            let expression = try generator.text(of: "Expression")
            #expect(parseError { try Expression(cedar: expression) } == nil, "\(expression)")
            let entity = try generator.text(of: "Entity")
            #expect(parseError { try EntityUID(cedar: entity) } == nil, "\(entity)")
        }
    }

    @Test("what parses prints as text that parses to the same", arguments: 0..<10)
    func printed(seed: Int) throws {
        let grammar = try Grammar()
        var generator = GrammarTextGenerator(grammar, seed: 2_000 + UInt64(seed))
        for _ in 0..<40 {
            let set = try PolicySet(cedar: generator.text(of: "Policies"))
            let parsed = try PolicySet(cedar: set.description)
            #expect(Array(parsed.policies) == Array(set.policies))
            #expect(Array(parsed.templates) == Array(set.templates))
        }
    }

    @Test("the same seed derives the same texts, another one others")
    func seeds() throws {
        func texts(_ seed: UInt64) throws -> [CedarString] {
            var generator = GrammarTextGenerator(try Grammar(), seed: seed)
            return try (0..<10).map { _ in CedarString(try generator.text(of: "Policy")) }
        }
        #expect(try texts(1) == texts(1))
        #expect(try texts(1) != texts(2))
    }

    @Test("every alternative of the grammar is derived sooner or later")
    func coverage() throws {
        var generator = GrammarTextGenerator(try Grammar(), seed: 3_000)
        var all: [UInt8] = []
        for _ in 0..<1_000 {
            all += try generator.text(of: "Policies").utf8
            all += try generator.text(of: "Expression").utf8
        }
        let words = [
            "permit", "forbid", "when", "unless", "?principal", "?resource", "if", "then", "else", "||", "&&", "==", "!=", "<=", ">=",
            "in", "has", "like", "is", "!!!!", "\\*", "\\u{", "\\x", "isEmpty", "getTag", "hasTag", "containsAll", "containsAny",
            "isInRange", "durationSince", "toMilliseconds", "decimal", "datetime", "duration", "9223372036854775807", "9223372036854775808",
        ]
        for word in words {
            let isDerived = all.firstRange(of: Array(word.utf8)) != nil
            #expect(isDerived, "\(word)")
        }
    }

    @Test("damaged text ends in a tree or in errors with spans inside the text", arguments: 0..<20)
    func damaged(seed: Int) throws {
        var generator = GrammarTextGenerator(try Grammar(), seed: 4_000 + UInt64(seed))
        var mutator = ByteMutator(seed: UInt64(seed))
        for _ in 0..<30 {
            let text = Array(try generator.text(of: "Policies").utf8)
            for _ in 0..<10 { try expectTreeOrErrors(mutator.mutated(text)) }
        }
    }

    @Test("a megabyte of damaged text ends in a tree or in errors", arguments: 0..<4)
    func damagedAtLength(seed: Int) throws {
        var generator = GrammarTextGenerator(try Grammar(), seed: 5_000 + UInt64(seed))
        var mutator = ByteMutator(seed: UInt64(seed))
        var text: [UInt8] = []
        while text.count < 1 << 20 {
            let policies = Array(try generator.text(of: "Policies").utf8)
            text += seed % 2 == 0 ? mutator.mutated(policies) : policies
            // One text many times, so that the time goes into the parser.
            text += Array(repeatElement(text.suffix(4_096), count: 8).joined())
        }
        try expectTreeOrErrors(Array(String(decoding: mutator.mutated(text), as: UTF8.self).utf8))
    }

    private func expectTreeOrErrors(_ bytes: [UInt8]) throws {
        guard let source = try? SourceText(utf8: bytes) else { return }
        if let error = parseError({ try PolicySet(cedar: source) }) { expectSpansInside(source.text, error) }
        if let error = parseError({ try Expression(cedar: source) }) { expectSpansInside(source.text, error) }
    }

    @Test(
        "a grammar that cannot be read or derived from is refused",
        arguments: [
            "A = B ;", "A = A ;", "A = \"x\", A ;", "A = \"x\"", "A \"x\" ;", "A = ;", "A = ( \"x\" ;", "A = \"x ;", "A = 3 \"x\" ;",
            "A = ? nothing known ? ;", "A = \"x\" ; A = \"y\" ;", "(* A", "A = ? U+0042 to U+0041 ? ;", "= \"x\" ;",
        ])
    func refused(text: String) {
        #expect(throws: GrammarError.self) { try Grammar(parsing: text) }
    }

    @Test("a file that is not there is refused")
    func missing() {
        #expect(throws: GrammarError.self) { try Grammar(path: "/nonexistent/cedar.ebnf") }
    }

    @Test(
        "each part of the notation derives what it says",
        arguments: [
            ("A = \"x\" ;", ["x"]), ("A = 'x', \"y\" ;", ["xy"]), ("A = \"x\" | \"y\" ;", ["x", "y"]), ("A = 3 * \"x\" ;", ["xxx"]),
            ("A = 2 * [ \"x\" ] ;", ["", "x", "xx"]), ("A = [ \"x\" ] ;", ["", "x"]), ("A = ? U+0041 to U+0043 ? ;", ["A", "B", "C"]),
            ("A = ? U+0041 to U+0043 ? - \"B\" ;", ["A", "C"]), ("A = ( \"x\" | \"y\" ), \"z\" ;", ["xz", "yz"]),
            ("A = B, (* a comment *) B ; B = \"x\" ;", ["xx"]), ("A = B - C ; B = \"x\" | \"y\" ; C = \"x\" ;", ["y"]),
        ] as [(String, [String])])
    func notation(text: String, derived: [String]) throws {
        var generator = GrammarTextGenerator(try Grammar(parsing: text), seed: 1)
        var seen: Set<String> = []
        for _ in 0..<200 { seen.insert(try generator.text(of: "A").trimmed) }
        #expect(seen == Set(derived))
    }
}

extension String {
    fileprivate var trimmed: String { filter { $0 != " " } }
}
