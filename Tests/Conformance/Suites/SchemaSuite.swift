import Foundation
import LynxCedar

/// Schemas in both syntaxes: what a Cedar text declares, its JSON translation must declare too.
///
/// `corpus-tests/NAME.cedarschema` comes with `corpus-tests-json-schemas/NAME.cedarschema.json`, and `schemas/NAME.cedarschema` with
/// `NAME.cedarschema.roundtrip`, the text after a translation of the resolved schema to JSON and back: common types are put in place
/// there, and all ancestors are parents. Other schemas need only be without fault.
struct SchemaSuite {
    let root: URL
    let folders: [String]
    let name: String

    func run() -> [SuiteResult] {
        var result = SuiteResult(name: name)
        for folder in folders {
            for file in root.appending(path: folder).files(endingIn: ".cedarschema") {
                do {
                    result.count(file.lastPathComponent, differences: try differences(file))
                } catch {
                    result.count(file.lastPathComponent, differences: ["\(error)"])
                }
            }
        }
        return result.isEmpty ? [] : [result]
    }

    private func differences(_ file: URL) throws -> [String] {
        let schema = try Schema(cedar: file.sourceText())
        let json = root.appending(path: "corpus-tests-json-schemas").appending(path: file.lastPathComponent + ".json")
        if FileManager.default.fileExists(atPath: json.path) {
            return SchemaLines(schema).differences(from: SchemaLines(try Schema(json: json.sourceText())), in: "the JSON schema")
        }
        let roundTrip = file.appendingPathExtension("roundtrip")
        if FileManager.default.fileExists(atPath: roundTrip.path) {
            return SchemaLines(unfolding: schema)
                .differences(from: SchemaLines(unfolding: try Schema(cedar: roundTrip.sourceText())), in: "the round trip")
        }
        return []
    }
}
