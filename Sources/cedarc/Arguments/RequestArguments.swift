import ArgumentParser
import LynxCedar

/// One request, by its parts or as a file.
struct RequestArguments: ParsableArguments {
    @Option(
        name: [.customShort("l"), .customLong("principal")],
        help: ArgumentHelp("The principal, for instance 'User::\"alice\"'.", valueName: "uid"))
    var principal: String?

    @Option(
        name: [.customShort("a"), .customLong("action")],
        help: ArgumentHelp("The action, for instance 'Action::\"view\"'.", valueName: "uid"))
    var action: String?

    @Option(
        name: [.customShort("r"), .customLong("resource")],
        help: ArgumentHelp("The resource, for instance 'Photo::\"cat.jpg\"'.", valueName: "uid"))
    var resource: String?

    @Option(
        name: [.customShort("c"), .customLong("context")],
        help: ArgumentHelp("The context, a JSON object.", valueName: "file"))
    var contextFile: InputFile?

    @Option(
        name: .customLong("request-json"),
        help: ArgumentHelp(
            "The whole request in place of its parts: a JSON object with principal, action, resource and context.",
            valueName: "file"))
    var requestFile: InputFile?

    @Option(
        name: .customLong("request-validation"),
        help: ArgumentHelp("Whether requests must be as the schema says, where one is given: true or false.", valueName: "bool"))
    var isValidated = true

    /// Whether any part of a request is given.
    var isGiven: Bool { hasParts || requestFile != nil }

    /// Whether a part is given by itself.
    var hasParts: Bool { principal != nil || action != nil || resource != nil || contextFile != nil }

    func validate() throws {
        if requestFile != nil && hasParts {
            throw ValidationError(
                "The option '--request-json' stands for the whole request and cannot go together with '--principal', '--action', '--resource' or '--context'."
            )
        }
        if hasParts && (principal == nil || action == nil || resource == nil) {
            throw ValidationError("A request needs all of '--principal', '--action' and '--resource'.")
        }
    }

    /// Reads the request.
    ///
    /// - Parameter schema: what the request must be like, where that is to be checked.
    /// - Returns: `nil` when none is given.
    func load(schema: Schema?) throws(Failure) -> Request? {
        if let requestFile {
            let source = try requestFile.readJSON(
                as: "request",
                helpWhenEmpty: #"write for instance `{"principal": "User::\"a\"", "action": "Action::\"b\"", "resource": "File::\"c\"", "context": {}}`"#)
            return try Failure.onParseError { () throws(ParseError) in
                try Request(json: source, schema: schema, isValidated: isValidated)
            }
        }
        guard let principal, let action, let resource else { return nil }
        var failures = FailureCollector()
        let principalUID = failures.attempt { () throws(Failure) in try EntityUID.read(principal, option: "--principal") }
        let actionUID = failures.attempt { () throws(Failure) in try EntityUID.read(action, option: "--action") }
        let resourceUID = failures.attempt { () throws(Failure) in try EntityUID.read(resource, option: "--resource") }
        // That the schema does not know the action is told once, by the check of the request.
        let guide = isValidated && actionUID.flatMap { schema?.action($0) } == nil ? nil : schema
        let context = failures.attempt { () throws(Failure) in
            try DataFile.context(contextFile, schema: guide, action: actionUID)
        }
        guard let principalUID, let actionUID, let resourceUID else {
            try failures.finish()
            return nil
        }
        let request = Request(principal: principalUID, action: actionUID, resource: resourceUID, context: context ?? [:])
        if let schema, isValidated {
            _ = failures.attempt { () throws(Failure) in
                try check(request, against: schema, isContextKnown: context != nil)
            }
        }
        try failures.finish()
        return request
    }

    private func check(_ request: Request, against schema: Schema, isContextKnown: Bool) throws(Failure) {
        do throws(ConformanceError) {
            try schema.check(request)
        } catch {
            let faults = error.faults.filter { isContextKnown || $0.path.first != .context }
            guard !faults.isEmpty else { return }
            throw Failure(
                faults.map { fault in
                    Diagnostic(fault, options: [.principal: principal, .action: action, .resource: resource])
                })
        }
    }
}

extension Diagnostic {
    /// A fault of a request whose parts stand on the command line.
    init(_ fault: ConformanceError.Fault, options: [ConformanceError.Step: String?]) {
        guard let step = fault.path.first, let text = options[step] ?? nil else {
            self.init(fault.message, help: fault.help)
            return
        }
        let source = SourceText(text, name: "--\(step)")
        self.init(
            fault.message, span: SourceSpan(0..<UInt32(clamping: text.utf8.count)), help: fault.help, source: source)
    }
}

extension EntityUID {
    /// Reads a uid that stands on the command line.
    static func read(_ text: String, option: String) throws(Failure) -> EntityUID {
        let source = SourceText(text, name: option)
        // In a policy a type could stand here; on the command line it is half an entity.
        if let type = Name(text) {
            throw Failure([
                Diagnostic(
                    "expected an entity, found the name `\(type)`", span: SourceSpan(0..<UInt32(clamping: text.utf8.count)),
                    help: "write the id too, for instance `\(type)::\"id\"`", source: source)
            ])
        }
        return try Failure.onParseError { () throws(ParseError) in try EntityUID(cedar: source) }
    }
}
