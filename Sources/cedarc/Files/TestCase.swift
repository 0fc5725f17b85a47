import LynxCedar

/// A request with the answer that its author expects.
struct TestCase {
    let request: Request
    let entities: Entities
    let decision: Decision
    /// Policies that must be among the reasons.
    let reasons: [PolicyID]
    /// How many policies cannot be evaluated.
    let errorCount: Int
}

extension TestCase {
    /// - Throws: ``ParseError`` with every fault of the test. Members that have no meaning are passed over, as in the reference implementation.
    init(json: JSONValue, source: SourceText, schema: Schema?) throws(ParseError) {
        guard case .object = json.kind else {
            throw ParseError(Diagnostic("a test must be an object", span: json.span, source: source))
        }
        var faults: [Diagnostic] = []
        func read<Result>(
            _ name: CedarString, _ body: (JSONValue) throws(ParseError) -> Result
        ) -> Result? {
            guard let member = json[name] else {
                faults.append(Diagnostic("the test has no `\(name)`", span: json.span, source: source))
                return nil
            }
            do throws(ParseError) {
                return try body(member)
            } catch {
                faults += error.diagnostics
                return nil
            }
        }
        let request = read("request") { json throws(ParseError) in
            try Request(json: json, source: source, schema: schema)
        }
        let entities = read("entities") { json throws(ParseError) in
            try Entities(json: json, source: source, schema: schema)
        }
        let decision = read("decision") { json throws(ParseError) in try Decision(test: json, source: source) }
        let reasons = read("reason") { json throws(ParseError) in try TestCase.reasons(json, source: source) }
        let errorCount = read("num_errors") { json throws(ParseError) in try TestCase.count(json, source: source) }
        guard let request, let entities, let decision, let reasons, let errorCount, faults.isEmpty else {
            throw ParseError(faults)
        }
        self.init(
            request: request, entities: entities, decision: decision, reasons: reasons, errorCount: errorCount)
    }

    private static func reasons(_ json: JSONValue, source: SourceText) throws(ParseError) -> [PolicyID] {
        let fault = ParseError(Diagnostic("`reason` must be an array of policy ids", span: json.span, source: source))
        guard case .array(let elements) = json.kind else { throw fault }
        return try elements.map { element throws(ParseError) in
            guard case .string(let id) = element.kind else { throw fault }
            return PolicyID(id)
        }
    }

    private static func count(_ json: JSONValue, source: SourceText) throws(ParseError) -> Int {
        guard case .integer(let integer) = json.kind, let count = Int(exactly: integer), count >= 0 else {
            throw ParseError(
                Diagnostic("`num_errors` must be the number of policies that fail", span: json.span, source: source))
        }
        return count
    }
}

extension Decision {
    fileprivate init(test json: JSONValue, source: SourceText) throws(ParseError) {
        switch json.kind {
        case .string("allow"): self = .allow
        case .string("deny"): self = .deny
        default:
            throw ParseError(
                Diagnostic("`decision` must be \"allow\" or \"deny\"", span: json.span, source: source))
        }
    }
}

extension TestCase {
    /// Compares a response with what is expected. Policies may decide that are not among the expected reasons.
    func compare(_ response: Response) -> TestResult {
        guard response.decision == decision else {
            return .failed(["expected \(decision), got \(response.decision)"])
        }
        var problems: [String] = []
        let missing = reasons.filter { !response.reasons.contains($0) }
        if !missing.isEmpty {
            problems.append("missing reason(s): " + missing.map { "`\($0)`" }.joined(separator: ", "))
        }
        if response.errors.count != errorCount {
            problems.append("expected \(errorCount) error(s), but got \(response.errors.count) runtime error(s)")
        }
        return problems.isEmpty ? .passed : .failed(problems)
    }
}
