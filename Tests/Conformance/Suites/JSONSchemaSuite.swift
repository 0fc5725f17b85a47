import Foundation
import LynxCedar

/// Schemas in Cedar syntax with their translation to the JSON format, `corpus-tests/NAME.cedarschema` and
/// `corpus-tests-json-schemas/NAME.cedarschema.json`: ours must be equal to it as JSON, and come back from there as the same schema.
struct JSONSchemaSuite {
    let root: URL

    func run() -> [SuiteResult] {
        var result = SuiteResult(name: "json-schemas")
        for translation in root.appending(path: "corpus-tests-json-schemas").files(endingIn: ".cedarschema.json") {
            let name = translation.deletingPathExtension().lastPathComponent
            do {
                result.count(
                    name, differences: try differences(root.appending(path: "corpus-tests").appending(path: name), translation))
            } catch {
                result.count(name, differences: ["\(error)"])
            }
        }
        return result.isEmpty ? [] : [result]
    }

    private func differences(_ file: URL, _ translation: URL) throws -> [String] {
        let fragment = try SchemaFragment(cedar: file.sourceText())
        let expected = try JSONValue(parsing: translation.sourceText())
        guard fragment.json == expected else { return ["the JSON format: expected \(expected), seen \(fragment.json)"] }
        let text = try SchemaFragment(json: expected).cedarText()
        let again = try SchemaFragment(cedar: text).json
        return again == expected ? [] : ["in Cedar syntax again: expected \(expected), seen \(again)"]
    }
}
