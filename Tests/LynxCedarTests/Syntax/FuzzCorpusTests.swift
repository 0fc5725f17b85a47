import Foundation
import LynxCedar
import Testing

@Suite("The inputs of the fuzzers stay harmless")
struct FuzzCorpusTests {
    /// The seeds and past crashers of a fuzz target.
    private static func inputs(_ target: String) throws -> [Data] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Corpus/fuzz/\(target)").standardizedFileURL
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .map { try Data(contentsOf: $0) }
    }

    @Test("as policies they parse, or give errors with spans inside the text", arguments: ["Policies", "JSON", "Evaluator", "Machine"])
    func policies(target: String) throws {
        let inputs = try Self.inputs(target)
        #expect(!inputs.isEmpty)
        for input in inputs {
            guard let source = try? SourceText(utf8: input) else { continue }
            if let error = parseError({ try PolicySet(cedar: source) }) { expectSpansInside(source.text, error) }
            if let error = parseError({ try LynxCedar.Expression(cedar: source) }) { expectSpansInside(source.text, error) }
        }
    }

    @Test("as JSON they are read, or give errors with spans inside the text", arguments: ["Policies", "JSON", "Evaluator", "Machine"])
    func json(target: String) throws {
        for input in try Self.inputs(target) {
            guard let source = try? SourceText(utf8: input) else { continue }
            if let error = parseError({ try JSONValue(parsing: source) }) { expectSpansInside(source.text, error) }
            if let error = parseError({ try PolicySet(json: source) }) { expectSpansInside(source.text, error) }
            if let error = parseError({ try Entities(json: source) }) { expectSpansInside(source.text, error) }
            if let error = parseError({ try Request(json: source) }) { expectSpansInside(source.text, error) }
        }
    }
}
