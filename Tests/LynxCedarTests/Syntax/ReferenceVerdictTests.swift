import Foundation
import LynxCedar
import Testing

/// Ours, not Foundation's.
private typealias Expression = LynxCedar.Expression

/// The texts of `Corpus/syntax`; the expected verdicts are those of the reference implementation (see the README there).
@Suite("The reference's verdicts on texts hold")
struct ReferenceVerdictTests {
    private struct Case: Decodable {
        let group: String
        let policies: String?
        let expression: String?
        let accepted: Bool
    }

    private static func cases() throws -> [Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Corpus/syntax/verdicts.jsonl").standardizedFileURL
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Case.self, from: $0) }
    }

    @Test("what the reference accepts parses, what it refuses is refused with spans inside the text")
    func verdicts() throws {
        let cases = try Self.cases()
        #expect(cases.count >= 1_000)
        for item in cases {
            let text = item.policies ?? "permit(principal,action,resource) when { \(item.expression ?? "")\n};"
            let error = parseError { try PolicySet(cedar: text) }
            #expect((error == nil) == item.accepted, "\(item.group): \(text.debugDescription): \(error?.description ?? "parses")")
            if let error { expectSpansInside(text, error) }
        }
    }

    @Test("an expression by itself has the verdict that it has in a condition")
    func expressions() throws {
        for item in try Self.cases() {
            guard let text = item.expression else { continue }
            let error = parseError { try Expression(cedar: text) }
            // `1} when {1` closes the condition and opens another one; no case of the table does.
            #expect((error == nil) == item.accepted, "\(item.group): \(text.debugDescription): \(error?.description ?? "parses")")
        }
    }
}
