import LynxCedar

/// What a run of `validate` found, in the format that code scanning services and editors read: SARIF 2.1.0 (OASIS standard).
struct SARIFLog {
    private let results: [Result]
    /// What kept the command from its work and is in no place of a file.
    private let notifications: [Diagnostic]
    private let isSuccessful: Bool

    private struct Result {
        let rule: Rule
        let diagnostic: Diagnostic
        var policy: PolicyID?
    }

    /// What a validated policy set and its schema gave rise to.
    init(_ report: ValidationReport, of schema: Schema) {
        results =
            schema.warnings.map { Result(rule: .schema, diagnostic: $0) }
            + (report.errors + report.warnings).map {
                Result(rule: .validation($0.kind.rule), diagnostic: $0.diagnostic, policy: $0.policy)
            }
        notifications = []
        isSuccessful = true
    }

    /// What kept policies from being validated.
    init(_ failure: Failure) {
        results = failure.diagnostics.filter { $0.source != nil }.map { Result(rule: .unreadable, diagnostic: $0) }
        notifications = failure.diagnostics.filter { $0.source == nil }
        isSuccessful = false
    }

    // MARK: Rules

    private enum Rule: Hashable {
        case validation(ValidationRule)
        case unreadable
        case schema

        static let all: [Rule] = ValidationRule.allCases.map { .validation($0) } + [.unreadable, .schema]

        var code: String {
            switch self {
            case .validation(let rule): rule.code
            case .unreadable: "parse-error"
            case .schema: "schema-warning"
            }
        }

        var summary: String {
            switch self {
            case .validation(let rule): rule.summary
            case .unreadable: "Policies and schemas must be well-formed."
            case .schema: "Schemas should be free of what may not be meant as it is written."
            }
        }

        var severity: Diagnostic.Severity {
            switch self {
            case .validation(let rule): rule.severity
            case .unreadable: .error
            case .schema: .warning
            }
        }
    }

    // MARK: JSON

    /// The log, ending with a newline.
    var text: String { json.formatted() + "\n" }

    private var json: JSONValue {
        [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        ]
    }

    private var run: JSONValue {
        let version = SARIFLog.string(Version.cedarc)
        let driver: JSONValue = [
            "name": "cedarc",
            "version": version,
            "semanticVersion": version,
            "informationUri": "https://github.com/LynxCedar/LynxCedar",
            "rules": JSONValue(.array(Rule.all.map { SARIFLog.rule($0) })),
        ]
        let notifications = notifications.map { notification -> JSONValue in
            ["level": SARIFLog.level(notification), "message": SARIFLog.message(notification)]
        }
        return [
            "tool": ["driver": driver],
            // Columns count Unicode scalars, as everywhere in the program.
            "columnKind": "unicodeCodePoints",
            "invocations": [
                [
                    "executionSuccessful": JSONValue(.bool(isSuccessful)),
                    "toolExecutionNotifications": JSONValue(.array(notifications)),
                ]
            ],
            "results": JSONValue(.array(results.map { SARIFLog.result($0) })),
        ]
    }

    private static func rule(_ rule: Rule) -> JSONValue {
        [
            "id": string(rule.code),
            "shortDescription": ["text": string(rule.summary)],
            "help": ["text": string(rule.summary)],
            "defaultConfiguration": ["level": string(rule.severity.rawValue)],
        ]
    }

    private static func result(_ result: Result) -> JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member("ruleId", string(result.rule.code)),
            JSONValue.Member("level", level(result.diagnostic)),
            JSONValue.Member("message", message(result.diagnostic)),
        ]
        if let index = Rule.all.firstIndex(of: result.rule) {
            members.insert(JSONValue.Member("ruleIndex", JSONValue(.integer(Int64(index)))), at: 1)
        }
        if let location = location(result) { members.append(JSONValue.Member("locations", [location])) }
        let notes = result.diagnostic.notes.enumerated().compactMap { number, note in
            related(note, number: number, source: result.diagnostic.source)
        }
        if !notes.isEmpty { members.append(JSONValue.Member("relatedLocations", JSONValue(.array(notes)))) }
        return JSONValue(.object(members))
    }

    private static func location(_ result: Result) -> JSONValue? {
        var members: [JSONValue.Member] = []
        if let source = result.diagnostic.source {
            members.append(JSONValue.Member("physicalLocation", physicalLocation(result.diagnostic.span, in: source)))
        }
        if let policy = result.policy {
            members.append(
                JSONValue.Member("logicalLocations", [["name": JSONValue(.string(policy.text)), "kind": "policy"]]))
        }
        return members.isEmpty ? nil : JSONValue(.object(members))
    }

    private static func related(_ note: Diagnostic.Note, number: Int, source: SourceText?) -> JSONValue? {
        guard let source else { return nil }
        return [
            "id": JSONValue(.integer(Int64(number))),
            "message": ["text": string(note.message)],
            "physicalLocation": physicalLocation(note.span, in: source),
        ]
    }

    private static func physicalLocation(_ span: SourceSpan?, in source: SourceText) -> JSONValue {
        var members = [JSONValue.Member("artifactLocation", artifact(source.name))]
        if let span {
            let start = source.position(of: span.lowerBound)
            let end = source.position(of: span.upperBound)
            members.append(
                JSONValue.Member(
                    "region",
                    [
                        "startLine": JSONValue(.integer(Int64(start.line))),
                        "startColumn": JSONValue(.integer(Int64(start.column))),
                        "endLine": JSONValue(.integer(Int64(end.line))),
                        // The column behind the last character, in SARIF as here.
                        "endColumn": JSONValue(.integer(Int64(end.column))),
                    ]))
        }
        return JSONValue(.object(members))
    }

    private static func artifact(_ name: String) -> JSONValue {
        guard name != InputFile.standardInput.name else { return ["description": ["text": "the standard input"]] }
        switch FileReference(path: name) {
        case .relative(let uri): return ["uri": string(uri), "uriBaseId": "%SRCROOT%"]
        case .absolute(let uri): return ["uri": string(uri)]
        }
    }

    /// The message with what the author can do about it.
    private static func message(_ diagnostic: Diagnostic) -> JSONValue {
        let help = diagnostic.help.map { "\nHelp: \($0)" } ?? ""
        return ["text": string(diagnostic.message + help)]
    }

    private static func level(_ diagnostic: Diagnostic) -> JSONValue { string(diagnostic.severity.rawValue) }

    private static func string(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
}
