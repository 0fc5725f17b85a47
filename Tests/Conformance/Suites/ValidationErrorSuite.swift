import Foundation
import LynxCedar

/// Policies that do not pass validation, or pass with warnings, with what their authors must be told.
///
/// `validation-errors/SCHEMA/NAME.cedar` comes with `NAME.findings`; `SCHEMA/schema.cedarschema` is the schema. The layout of the findings is
/// described in the corpus.
struct ValidationErrorSuite {
    let root: URL

    func run() -> [SuiteResult] {
        let files = root.appending(path: "validation-errors").files(endingIn: ".cedar")
        guard !files.isEmpty else { return [] }
        var result = SuiteResult(name: "validation-errors")
        for file in files {
            let name = "\(file.deletingLastPathComponent().lastPathComponent)/\(file.lastPathComponent)"
            do {
                let expected = try String(contentsOf: file.deletingPathExtension().appendingPathExtension("findings"), encoding: .utf8)
                let seen = try findings(in: file, asExpectedIn: expected)
                result.count(
                    name, differences: differences([("findings", expected.trimmingCharacters(in: .newlines), seen)]))
            } catch {
                result.count(name, differences: ["\(error)"])
            }
        }
        return [result]
    }

    /// The findings in the layout of the expected ones, for the links and levels that these name.
    private func findings(in file: URL, asExpectedIn expected: String) throws -> String {
        let schema = try Schema(cedar: file.deletingLastPathComponent().appending(path: "schema.cedarschema").sourceText())
        var policies = try PolicySet(cedar: try file.sourceText())
        let lines = expected.split(separator: "\n").map(String.init)
        let links = lines.filter { $0.hasPrefix("link ") }
        for line in links { try policies.link(by: line) }
        let strict = listing(Validator(schema).validate(policies))
        let permissive = listing(Validator(schema, mode: .permissive).validate(policies))
        var sections = links.isEmpty ? [] : [links.joined(separator: "\n")]
        sections.append("strict: \(strict)")
        sections.append("permissive: \(permissive == strict ? "the same" : permissive)")
        for line in lines where line.hasPrefix("level ") {
            guard let level = Int(line.dropFirst("level ".count).prefix { $0 != ":" }) else { continue }
            sections.append("level \(level): \(listing(Validator(schema, level: level).validate(policies)))")
        }
        return sections.joined(separator: "\n\n")
    }

    private func listing(_ report: ValidationReport) -> String {
        let findings = (report.errors + report.warnings).map(text)
        return ([report.passed ? "passes" : "fails"] + findings).joined(separator: "\n")
    }

    private func text(_ finding: ValidationFinding) -> String {
        let diagnostic = finding.diagnostic
        var lines = ["\(place(diagnostic.span, in: finding)) \(finding.kind.rule.code)", "    \(diagnostic.message)"]
        if let help = diagnostic.help { lines.append("    help: \(help)") }
        for note in diagnostic.notes { lines.append("    note: \(place(note.span, in: finding)): \(note.message)") }
        return lines.joined(separator: "\n")
    }

    /// ``LINE:COLUMN `TEXT` ``, on one line; for what is in no text, the id of the policy.
    private func place(_ span: SourceSpan?, in finding: ValidationFinding) -> String {
        guard let span, let source = finding.source else { return "\(finding.policy)" }
        let text = source.substring(span).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "\(source.position(of: span.lowerBound)) `\(text)`"
    }
}

extension PolicySet {
    /// Links a template as a line says: `link TEMPLATE as ID SLOT = ENTITY`, with ` and ` between several slots.
    fileprivate mutating func link(by line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 7, words[2] == "as" else { throw CaseFile.Malformed(description: "`\(line)` is no link") }
        var values: [SlotID: EntityUID] = [:]
        for clause in words.dropFirst(4).split(separator: "and").map(Array.init) {
            guard clause.count == 3, let slot = SlotID(rawValue: clause[0]), let uid = try? EntityUID(cedar: clause[2]) else {
                throw CaseFile.Malformed(description: "`\(line)` is no link")
            }
            values[slot] = uid
        }
        try link(template: PolicyID(words[1]), as: PolicyID(words[3]), values: values)
    }
}
