import LynxCedar

/// Reading of policies, in the two formats, under the names that the command line gives them.
enum PolicyFile {
    private static let role = "policies"

    /// Reads policies in Cedar's own syntax. One with an annotation `@id("name")` goes by that name.
    static func readCedar(_ file: InputFile) throws(Failure) -> PolicySet {
        let source = try file.read(as: role)
        var policies = try Failure.onParseError { () throws(ParseError) in try PolicySet(cedar: source) }
        do throws(PolicySetError) {
            try policies.rename { $0.givenName }
        } catch {
            throw Failure(nameConflicts(in: policies))
        }
        return policies
    }

    /// Reads files in Cedar's own syntax as one set. The policies of later files that have no names of their own are named after their file.
    static func readCedar(_ files: [InputFile]) throws(Failure) -> PolicySet {
        var failures = FailureCollector()
        var all = PolicySet()
        for file in files {
            guard let policies = failures.attempt({ () throws(Failure) in try readCedar(file) }) else { continue }
            do throws(PolicySetError) {
                for template in policies.templates { try all.add(template.renamed(in: all)) }
                for policy in policies.policies { try all.add(policy.renamed(in: all)) }
            } catch {
                // A name that a policy gave itself; the error says which.
                failures.add(Failure("\(error)", help: "give the policies of all files names of their own"))
            }
        }
        try failures.finish()
        return all
    }

    /// Reads a policy set, a policy or a template in Cedar's JSON format. Ids are those of the set; annotations do not change them.
    static func readJSON(_ file: InputFile) throws(Failure) -> PolicySet {
        let source = try file.readJSON(as: role, emptyForm: #"{"staticPolicies":{},"templates":{},"templateLinks":[]}"#)
        return try Failure.onParseError { () throws(ParseError) in
            let json = try JSONValue(policyText: source)
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

    /// The policies and templates whose names are taken by others.
    private static func nameConflicts(in policies: PolicySet) -> [Diagnostic] {
        var places: [PolicyID: SourceSpan?] = [:]
        var conflicts: [Diagnostic] = []
        func note(_ statement: PolicyStatement<some ScopeReference>) {
            let name = statement.annotations.givenName ?? statement.id
            if let other = places[name] {
                conflicts.append(statement.nameTaken(name, by: other))
            } else {
                places[name] = statement.nameSpan
            }
        }
        policies.templates.forEach(note)
        policies.policies.forEach(note)
        return conflicts
    }
}

extension [Annotation] {
    fileprivate var givenName: PolicyID? {
        first { $0.key == "id" }.map { PolicyID($0.value ?? "") }
    }
}

extension PolicyStatement {
    /// The statement under a name that a set has not got, if its own comes from its position only.
    fileprivate func renamed(in policies: PolicySet) -> Self {
        guard annotations.givenName == nil, policies.policy(id) != nil || policies.template(id) != nil else { return self }
        var renamed = self
        renamed.id = PolicyID("\(source?.name ?? ""):\(id)")
        return renamed
    }

    /// Where the statement gets its name from.
    fileprivate var nameSpan: SourceSpan? {
        annotations.first { $0.key == "id" }?.span ?? span
    }

    fileprivate func nameTaken(_ name: PolicyID, by other: SourceSpan?) -> Diagnostic {
        Diagnostic(
            "the policy id `\(name)` is taken", span: nameSpan,
            help: "ids come from the annotation `@id`, otherwise from the position: `policy0`, `policy1`, ...",
            notes: other.map { [Diagnostic.Note("taken here", span: $0)] } ?? [], source: source)
    }
}
