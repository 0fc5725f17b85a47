import CedarGenerators
import LynxCedar
import Testing

@Suite("Grammar/cedarschema.ebnf is the grammar of the schema parser", .timeLimit(.minutes(5)))
struct SchemaGrammarTests {
    @Test("what the grammar derives parses", arguments: 0..<20)
    func derived(seed: Int) throws {
        var generator = GrammarTextGenerator(try Grammar.cedarSchema(), seed: UInt64(seed), size: 20 << (seed % 5))
        for _ in 0..<40 {
            let text = try generator.text(of: "Schema")
            let error = parseError { try SchemaFragment(cedar: text) }
            #expect(error == nil, "\(error?.description ?? "")\n\(text)")
        }
    }

    @Test("what parses prints as text that parses to the same, and comes back from JSON", arguments: 0..<20)
    func printed(seed: Int) throws {
        var generator = GrammarTextGenerator(try Grammar.cedarSchema(), seed: 2_000 + UInt64(seed), size: 20 << (seed % 4))
        for _ in 0..<40 {
            let text = try generator.text(of: "Schema")
            let fragment = try SchemaFragment(cedar: text)
            #expect(try SchemaFragment(cedar: fragment.description) == fragment, "\(text)")
            let json = fragment.json
            let translated = try SchemaFragment(json: json.description)
            #expect(translated.json == json, "\(text)")
            #expect(try SchemaFragment(cedar: translated.description).json == json, "\(text)")
        }
    }

    @Test("every alternative of the grammar is derived sooner or later")
    func coverage() throws {
        var generator = GrammarTextGenerator(try Grammar.cedarSchema(), seed: 3_000)
        var all: [UInt8] = []
        for _ in 0..<1_000 { all += try generator.text(of: "Schema").utf8 }
        for word in [
            "namespace", "entity", "enum", "action", "type", "in", "tags", "appliesTo", "principal", "resource", "context", "attributes",
            "Set", "<", "?", "=", "@", "::", "[", "\\x", "\\u{",
        ] {
            let isDerived = all.firstRange(of: Array(word.utf8)) != nil
            #expect(isDerived, "\(word)")
        }
    }

    @Test("damaged text ends in a schema or in errors with spans inside the text", arguments: 0..<20)
    func damaged(seed: Int) throws {
        var generator = GrammarTextGenerator(try Grammar.cedarSchema(), seed: 4_000 + UInt64(seed))
        var mutator = ByteMutator(seed: UInt64(seed))
        for _ in 0..<30 {
            let text = Array(try generator.text(of: "Schema").utf8)
            for _ in 0..<10 {
                guard let source = try? SourceText(utf8: mutator.mutated(text)) else { continue }
                if let error = parseError({ try Schema(cedar: source) }) { expectSpansInside(source.text, error) }
                guard let fragment = try? SchemaFragment(cedar: source) else { continue }
                #expect(try SchemaFragment(cedar: fragment.description) == fragment, "\(source.text)")
            }
        }
    }
}
