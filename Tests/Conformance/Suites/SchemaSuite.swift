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
            return differences(declarations(schema), declarations(try Schema(json: json.sourceText())), of: "the JSON schema")
        }
        let roundTrip = file.appendingPathExtension("roundtrip")
        if FileManager.default.fileExists(atPath: roundTrip.path) {
            return differences(meaning(schema), meaning(try Schema(cedar: roundTrip.sourceText())), of: "the round trip")
        }
        return []
    }

    private func differences(_ expected: Set<String>, _ seen: Set<String>, of what: String) -> [String] {
        expected.subtracting(seen).sorted().map { "\(what) lacks \($0)" }
            + seen.subtracting(expected).sorted().map { "\(what) should not have \($0)" }
    }

    /// The declarations, each as a line that says everything of it.
    private func declarations(_ schema: Schema) -> Set<String> {
        let entityTypes = schema.entityTypes.map { "\(description($0)) in \($0.memberOf.sorted())" }
        let actions = schema.actions.map { "\(description($0)) in \($0.memberOf.sorted())" }
        let commonTypes = schema.commonTypes.map { "type \($0.name) = \($0.type) \(annotations($0.annotations))" }
        return Set(entityTypes + actions + commonTypes)
    }

    /// What is declared with common types put in place and all ancestors as parents.
    private func meaning(_ schema: Schema) -> Set<String> {
        let entityTypes = schema.entityTypes.map { type in
            "\(description(type)) in \(schema.ancestors(ofEntityType: type.name).sorted())"
        }
        let actions = schema.actions.map { "\(description($0)) in \(schema.ancestors(ofAction: $0.uid).sorted())" }
        return Set(entityTypes + actions)
    }

    private func description(_ type: Schema.EntityType) -> String {
        let kind =
            type.enumeration.map { "enum \($0.map(\.literal))" } ?? "\(type.attributes) tags \(type.tags.map { "\($0)" } ?? "none")"
        return "entity \(type.name) \(kind) \(annotations(type.annotations))"
    }

    private func description(_ action: Schema.Action) -> String {
        "action \(action.uid) principal \(action.principalTypes.sorted()) resource \(action.resourceTypes.sorted()) "
            + "context \(action.context) \(annotations(action.annotations))"
    }

    private func annotations(_ annotations: [Annotation]) -> [String] {
        annotations.map { "@\($0.key)(\(($0.value ?? "").literal))" }.sorted()
    }
}
