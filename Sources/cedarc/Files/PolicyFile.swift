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
        return try Failure.onParseError { () throws(ParseError) in try PolicySet(json: source) }
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
        let other = nameSpan(of: policy.id)
        do throws(PolicySetError) {
            try add(policy)
        } catch {
            throw policy.nameTaken(by: other)
        }
    }

    fileprivate mutating func insert(_ template: Template) throws(Failure) {
        let other = nameSpan(of: template.id)
        do throws(PolicySetError) {
            try add(template)
        } catch {
            throw template.nameTaken(by: other)
        }
    }

    private func nameSpan(of id: PolicyID) -> SourceSpan? {
        policy(id)?.nameSpan ?? template(id)?.nameSpan
    }
}
