import ArgumentParser
import LynxCedar

/// `cedarc authorize`: decides one request, or all requests of a file.
struct Authorize: CedarcCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide a request, or all requests of a file.",
        discussion: """
            One request prints ALLOW (exit status 0) or DENY (2). With --requests, each request prints one line:

            {"decision":"deny","reasons":[ids],"errors":[{"policy":id,"message":text}]}

            The exit status is then 0 when all could be decided, whatever the decisions. A request that cannot be read is an \
            error: no line is printed for it or for any behind it, so that the lines never go out of step.

            With a schema, entities and contexts are read as it says, its actions are among the entities, and a request that it \
            does not foresee is an error.

            Policies go by their annotation @id, otherwise by their position: policy0, policy1, ...
            """)

    @OptionGroup(title: "Request") var request: RequestArguments

    @Option(
        help: ArgumentHelp(
            "Many requests: JSON lines, or a JSON array, of objects with principal, action, resource and context.",
            valueName: "file"))
    var requests: InputFile?

    @OptionGroup(title: "Policies") var policies: PoliciesArguments

    @OptionGroup(title: "Schema") var schema: OptionalSchemaArguments

    @Option(help: ArgumentHelp("The entities, a JSON array. Default: none.", valueName: "file"))
    var entities: InputFile?

    @Flag(name: .shortAndLong, help: "Say which policies decided (one request).")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Print to the standard error how long deciding took.")
    var timing = false

    @OptionGroup var language: LanguageArguments

    @OptionGroup var reporting: ReportingArguments

    func validate() throws {
        if requests != nil && request.isGiven {
            throw ValidationError("The option '--requests' cannot go together with a single request.")
        }
        if requests == nil && !request.isGiven {
            throw ValidationError(
                "There is nothing to decide: give '--principal', '--action' and '--resource', or '--request-json', or '--requests'."
            )
        }
        try StandardInput.checkUsedOnce([
            requests, request.contextFile, request.requestFile, policies.file, policies.linksFile,
            schema.file, entities,
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

        let authorizer = Authorizer(policies: policies, entities: entities, features: language.features)
        if let requests {
            return try decide(requests, authorizer, schema: schema, &console)
        }
        guard let request else { return .failure }
        return try decide(request, authorizer, &console)
    }

    private func decide(
        _ request: Request, _ authorizer: Authorizer, _ console: inout Console
    ) throws(Failure) -> ExitStatus {
        let clock = ContinuousClock()
        let start = clock.now
        let response = authorizer.isAuthorized(request)
        if timing { console.remark(Timing.line(clock.now - start)) }

        try console.print(response.decision == .allow ? "ALLOW" : "DENY")
        console.report(response.errors.map(\.diagnostic))
        if verbose {
            if response.reasons.isEmpty {
                try console.print("note: no policies applied to this request")
            } else {
                try console.print("note: this decision was due to the following policies:")
                for reason in response.reasons {
                    try console.print("  " + DisplayText.line(reason.description))
                }
            }
        }
        return response.decision == .allow ? .success : .deny
    }

    /// How many faulty requests are reported before the rest of the file is left unread.
    private static let maximumFaults = 20

    private func decide(
        _ file: InputFile, _ authorizer: Authorizer, schema: Schema?, _ console: inout Console
    ) throws(Failure) -> ExitStatus {
        var stream = try RequestStream(file)
        let clock = ContinuousClock()
        var time = Swift.Duration.zero
        var count = 0
        var faults = 0
        reading: while true {
            let request: Request
            do throws(RequestStream.StreamError) {
                guard let text = try stream.next() else { break reading }
                request = try RequestStream.parse(text, schema: schema, isValidated: self.request.isValidated)
            } catch {
                guard case .request(let failure) = error else { throw error.failure }
                faults += 1
                console.report(failure.diagnostics)
                guard faults < Authorize.maximumFaults else {
                    throw Failure("stopped after \(faults) requests that cannot be read")
                }
                continue
            }
            // Behind a faulty request the lines would no longer be those of the requests: the rest is only checked.
            guard faults == 0 else { continue }
            let start = clock.now
            let response = authorizer.isAuthorized(request)
            time += clock.now - start
            count += 1
            try console.print(response.json.description)
        }
        if timing { console.remark(Timing.line(time, requests: count)) }
        return faults == 0 ? .success : .failure
    }
}

extension RequestStream {
    /// Reads a request that the stream gave.
    static func parse(_ source: SourceText, schema: Schema?, isValidated: Bool) throws(StreamError) -> Request {
        do throws(ParseError) {
            return try Request(json: source, schema: schema, isValidated: isValidated)
        } catch {
            throw .request(Failure(error))
        }
    }
}

extension Response {
    /// The line that `--requests` prints.
    fileprivate var json: JSONValue {
        let errors = errors.map { error -> JSONValue in
            [
                "policy": JSONValue(.string(error.policy.text)),
                "message": JSONValue(.string(CedarString(error.error.description))),
            ]
        }
        return [
            "decision": JSONValue(.string(CedarString(decision.rawValue))),
            "reasons": JSONValue(.array(reasons.map { JSONValue(.string($0.text)) })),
            "errors": JSONValue(.array(errors)),
        ]
    }
}
