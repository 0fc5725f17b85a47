import Foundation
import LynxCedar

/// Entities with the verdict whether they can be read as a schema says, as a whole and one by one.
///
/// `entity-parsing/NAME.json` names the schema and the entities, `NAME.parsing.json` gives the verdicts; entities are called `TYPE::ID`.
struct EntityParsingSuite {
    let root: URL

    func run() -> [SuiteResult] {
        let folder = root.appending(path: "entity-parsing")
        var result = SuiteResult(name: "entity-parsing")
        for verdicts in folder.files(endingIn: ".parsing.json") {
            let name = verdicts.lastPathComponent.replacing(".parsing.json", with: "")
            do {
                let differences = try differences(
                    CaseFile(folder.appending(path: "\(name).json")), verdicts: CaseFile(verdicts).json, in: folder)
                result.count(name, differences: differences)
            } catch {
                result.count(name, differences: ["\(error)"])
            }
        }
        return result.isEmpty ? [] : [result]
    }

    private func differences(_ file: CaseFile, verdicts: JSONValue, in folder: URL) throws -> [String] {
        let schema = try Schema(cedar: folder.appending(path: try file.json.text("schema")).sourceText())
        let source = try folder.appending(path: try file.json.text("entities")).sourceText()
        var found = difference(
            "all entities", try verdicts.required("allEntities"), reading: { () throws(ParseError) in
                _ = try Entities(json: source, schema: schema)
            })
        let perEntity = try verdicts.required("perEntity").members
        guard !perEntity.isEmpty else { return found }
        for entity in try JSONValue(parsing: source).elements {
            let uid = try entity.required("uid")
            let name = "\(try uid.text("type"))::\(try uid.text("id"))"
            guard let verdict = perEntity.first(where: { $0.name.string == name })?.value else {
                found.append("no verdict for \(name)")
                continue
            }
            found += difference(
                name, verdict, reading: { () throws(ParseError) in
                    _ = try Entity(json: entity, source: source, schema: schema)
                })
        }
        return found
    }

    private func difference(_ name: String, _ verdict: JSONValue, reading: () throws(ParseError) -> Void) -> [String] {
        var isExpected = false
        if case .bool(true)? = verdict["success"]?.kind { isExpected = true }
        do throws(ParseError) {
            try reading()
            return isExpected ? [] : ["\(name): should be refused, is read"]
        } catch {
            return isExpected ? ["\(name): should be read; \(error)"] : []
        }
    }
}
