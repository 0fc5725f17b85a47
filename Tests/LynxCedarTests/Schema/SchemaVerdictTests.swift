import Foundation
import LynxCedar
import Testing

/// The schemas of `Corpus/schema`; the expected verdicts are those of the reference implementation (see the README there).
@Suite("The reference's verdicts on schemas hold")
struct SchemaVerdictTests {
    private struct Case: Decodable {
        let schema: String?
        let jsonSchema: String?
        let accepted: Bool
    }

    private static func cases() throws -> [Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Corpus/schema/verdicts.jsonl").standardizedFileURL
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Case.self, from: $0) }
    }

    @Test("what the reference accepts resolves, what it refuses is refused with spans inside the text")
    func verdicts() throws {
        let cases = try Self.cases()
        #expect(cases.count >= 300)
        for item in cases {
            let text = item.schema ?? item.jsonSchema ?? ""
            let error = parseError { try item.schema == nil ? Schema(json: text) : Schema(cedar: text) }
            #expect((error == nil) == item.accepted, "\(text.debugDescription): \(error?.description ?? "resolves")")
            if let error { expectSpansInside(text, error) }
        }
    }
}
