import ArgumentParser
import LynxCedar

/// `cedarc partially-authorize`: decides a request of which a part is unknown, as far as that goes.
struct PartiallyAuthorize: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "partially-authorize",
        abstract: "Decide a request of which a part is unknown.",
        discussion: """
            Prints ALLOW (exit status 0) or DENY (2) when the decision is the same whatever the unknown parts are, otherwise \
            UNKNOWN (4). Then the policies follow whose outcome depends on the unknown parts, as Cedar text with what is \
            known taken out; a comment before each names it.

            With a schema, and if the action and the types of the principal and the resource are given, policies must be valid \
            for requests of these types, and types decide what they can.
            """,
        aliases: ["tpe"])

    @OptionGroup(title: "Request") var request: PartialRequestArguments
    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Option(help: ArgumentHelp("The entities, a JSON array. Default: none.", valueName: "file"))
    var entities: InputFile?

    @Flag(name: .shortAndLong, help: "Print to the standard error how long deciding took.")
    var timing = false

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        try StandardInput.checkUsedOnce([
            request.contextFile, request.requestFile, policies.file, policies.linksFile, schema.file,
            entities,
        ])
    }

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        var failures = FailureCollector()
        let policies = failures.attempt { () throws(Failure) in try self.policies.load() }
        let schema = failures.attempt { () throws(Failure) in try self.schema.load() } ?? nil
        let entities = failures.attempt { () throws(Failure) in try DataFile.entities(self.entities, schema: schema) }
        let request = failures.attempt { () throws(Failure) in try self.request.load(schema: schema) }
        try failures.finish()
        guard let policies, let entities, let request else { return .failure }

        let clock = ContinuousClock()
        let start = clock.now
        let authorizer = Authorizer(
            policies: policies, entities: entities, schema: request.hasTypes ? schema : nil, features: language.features)
        let response = try Failure.onRefusal { () throws(PartialAuthorizationError) in
            try authorizer.isAuthorizedPartially(request)
        }
        if timing { console.remark(Timing.line(clock.now - start)) }

        let (word, status): (String, ExitStatus) =
            switch response.decision {
            case .allow: ("ALLOW", .success)
            case .deny: ("DENY", .deny)
            case nil: ("UNKNOWN", .unknown)
            }
        try console.print(word)
        console.report(response.errors.map(\.diagnostic))
        for policy in response.residuals.policies {
            // An id may hold anything; on one line it stays a comment.
            try console.print("\n// \(DisplayText.line(policy.id.description))\n\(policy)")
        }
        return status
    }
}

extension PartialRequest {
    /// Whether enough is known for types to decide anything.
    fileprivate var hasTypes: Bool { principal.hasType && resource.hasType && action != .unknown() }
}

extension PartialEntityUID {
    fileprivate var hasType: Bool { if case .unknown(nil) = self { false } else { true } }
}

extension Failure {
    /// Runs what may refuse a request or policies that are not as the schema says.
    fileprivate static func onRefusal<Result>(
        _ body: () throws(PartialAuthorizationError) -> Result
    ) throws(Failure) -> Result {
        do throws(PartialAuthorizationError) {
            return try body()
        } catch {
            switch error {
            case .request(let error): throw Failure(error.faults.map { Diagnostic($0.message, help: $0.help) })
            case .policies(let findings): throw Failure(findings.map(\.diagnostic))
            }
        }
    }
}
