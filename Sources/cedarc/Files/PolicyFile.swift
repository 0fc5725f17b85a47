import LynxCedar

/// Reading of policies, in the two formats, under the names that the command line gives them.
enum PolicyFile {
    private static let role = "policies"

    /// Reads policies in Cedar's own syntax. One with an annotation `@id("name")` goes by that name.
    static func readCedar(_ file: InputFile) throws(Failure) -> PolicySet {
        let source = try file.read(as: role)
        let policies = try Failure.onParseError { () throws(ParseError) in try PolicySet(cedar: source) }
        return try named(policies)
    }

    /// Reads a policy set, a policy or a template in Cedar's JSON format. Ids are those of the set; annotations do not change them.
    static func readJSON(_ file: InputFile) throws(Failure) -> PolicySet {
        let source = try file.readJSON(as: role, emptyForm: #"{"staticPolicies":{},"templates":{},"templateLinks":[]}"#)
        return try Failure.onParseError { () throws(ParseError) in
            let json = try JSONValue(parsing: source)
            switch try JSONForm(json, source: source) {
            case .set: return try PolicySet(json: json, source: source)
            case .statement: return try statement(json, source: source)
            }
        }
    }

    /// What a JSON text can be that stands for policies.
    private enum JSONForm {
        case set, statement

        private static let setKeys: [CedarString] = ["staticPolicies", "templates", "templateLinks"]
        private static let statementKeys: [CedarString] = ["effect", "principal", "action", "resource", "conditions"]

        /// Tells by the members.
        init(_ json: JSONValue, source: SourceText) throws(ParseError) {
            let members = if case .object(let members) = json.kind { members.map(\.name) } else { [CedarString]() }
            let isSet = members.contains(where: JSONForm.setKeys.contains)
            let isStatement = members.contains(where: JSONForm.statementKeys.contains)
            guard isSet != isStatement else {
                throw ParseError(
                    Diagnostic(
                        isSet
                            ? "this has members of a policy set and of a policy"
                            : "this is neither a policy set nor a policy",
                        span: json.span,
                        help: "a policy set has `staticPolicies`, `templates` and `templateLinks`; a policy has `effect`, `principal`, `action`, `resource` and `conditions`",
                        source: source))
            }
            self = isSet ? .set : .statement
        }
    }

    /// A policy or template that is not in a set goes by the name that the reference implementation gives it.
    private static let loneID: PolicyID = "JSON policy"

    private static func statement(_ json: JSONValue, source: SourceText) throws(ParseError) -> PolicySet {
        let policy = try? Policy(json: json, source: source, id: loneID)
        // What is wrong with a policy is wrong with it as a template too.
        let template = policy == nil ? try Template(json: json, source: source, id: loneID) : nil
        do throws(PolicySetError) {
            return try PolicySet(policy.map { [$0] } ?? [], templates: template.map { [$0] } ?? [])
        } catch {
            throw ParseError(Diagnostic("\(error)", span: json.span, source: source))
        }
    }

    /// The set with the policies and templates that have an annotation `@id` under the name that it gives.
    private static func named(_ policies: PolicySet) throws(Failure) -> PolicySet {
        var result = PolicySet()
        var failures = FailureCollector()
        for template in policies.templates {
            var template = template
            template.id = template.givenName ?? template.id
            _ = failures.attempt { () throws(Failure) in try result.insert(template) }
        }
        for policy in policies.policies {
            var policy = policy
            policy.id = policy.givenName ?? policy.id
            _ = failures.attempt { () throws(Failure) in try result.insert(policy) }
        }
        try failures.finish()
        return result
    }
}

extension PolicyStatement {
    fileprivate var givenName: PolicyID? {
        annotation("id").map { PolicyID($0) }
    }

    /// Where the statement gets its name from.
    fileprivate var nameSpan: SourceSpan? {
        annotations.first { $0.key == "id" }?.span ?? span
    }

    fileprivate func nameTaken(by other: SourceSpan?) -> Failure {
        Failure([
            Diagnostic(
                "the policy id `\(id)` is taken", span: nameSpan,
                help: "ids come from the annotation `@id`, otherwise from the position: `policy0`, `policy1`, ...",
                notes: other.map { [Diagnostic.Note("taken here", span: $0)] } ?? [], source: source)
        ])
    }
}

extension PolicySet {
    fileprivate mutating func insert(_ policy: Policy) throws(Failure) {
        do throws(PolicySetError) {
            try add(policy)
        } catch {
            throw policy.nameTaken(by: nameSpan(of: policy.id))
        }
    }

    fileprivate mutating func insert(_ template: Template) throws(Failure) {
        do throws(PolicySetError) {
            try add(template)
        } catch {
            throw template.nameTaken(by: nameSpan(of: template.id))
        }
    }

    private func nameSpan(of id: PolicyID) -> SourceSpan? {
        policy(id)?.nameSpan ?? template(id)?.nameSpan
    }
}
