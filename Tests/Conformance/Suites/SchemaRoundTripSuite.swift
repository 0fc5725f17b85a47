import Foundation
import LynxCedar

/// Schemas that are printed and translated, and must mean what they meant.
///
/// `schemas/NAME.cedarschema` comes with `NAME.cedarschema.roundtrip`, the text after a translation of the resolved schema to JSON and
/// back: common types are put in place there, and all ancestors are parents.
struct SchemaRoundTripSuite {
    let root: URL

    func run() -> [SuiteResult] {
        SuiteResult.of("schema-roundtrips", root.appending(path: "schemas").files(endingIn: ".cedarschema"), differences: differences)
    }

    private func differences(_ file: URL) throws -> [String] {
        let fragment = try SchemaFragment(cedar: file.sourceText())
        let reference = try SchemaFragment(cedar: file.appendingPathExtension("roundtrip").sourceText())
        var found = try differences(fragment, "the text") + differences(reference, "the reference's text")
        found += SchemaLines(unfolding: try Schema(SchemaFragment(cedar: SchemaFragment(json: fragment.json).cedarText())))
            .differences(from: SchemaLines(unfolding: try Schema(reference)), in: "the round trip")
        return found
    }

    /// What is amiss with the ways of a fragment into both syntaxes and back.
    private func differences(_ fragment: SchemaFragment, _ what: String) throws -> [String] {
        let lines = SchemaLines(try Schema(fragment))
        var found: [String] = []
        if try SchemaFragment(cedar: fragment.description) != fragment { found.append("\(what) prints as\n\(fragment)") }
        let json = fragment.json
        let translated = try SchemaFragment(json: json)
        if translated.json != json { found.append("\(what) comes back from \(json) as \(translated.json)") }
        found += lines.differences(from: SchemaLines(try Schema(translated)), in: "\(what) in JSON")
        found += lines.differences(
            from: SchemaLines(try Schema(cedar: translated.cedarText())), in: "\(what) in Cedar syntax again")
        found += lines.differences(
            from: SchemaLines(try Schema(SchemaFragment(json: fragment.resolvingTypes().json))), in: "\(what) with resolved types")
        return found
    }
}
