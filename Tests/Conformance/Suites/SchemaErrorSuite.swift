import Foundation
import LynxCedar

/// Broken schemas, `schema-errors/NAME.cedarschema` or `schema-errors/NAME.cedarschema.json`, with the faults that must be reported and
/// the other places that these speak of, `NAME.faults`.
struct SchemaErrorSuite {
    let root: URL

    func run() -> [SuiteResult] {
        let folder = root.appending(path: "schema-errors")
        var result = SuiteResult(name: "schema-errors")
        for file in folder.files(endingIn: ".cedarschema") + folder.files(endingIn: ".cedarschema.json") {
            do {
                let name = file.lastPathComponent.split(separator: ".")[0]
                let expected = try Faults(expectedIn: folder.appending(path: "\(name).faults"))
                let source = try file.sourceText()
                let seen = Faults(of: source, listsNotes: true) { () throws(ParseError) in
                    try file.pathExtension == "json" ? Schema(json: source) : Schema(cedar: source)
                }
                result.count(file.lastPathComponent, differences: seen.differences(from: expected))
            } catch {
                result.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return result.isEmpty ? [] : [result]
    }
}
