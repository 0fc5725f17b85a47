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
    /// - Returns: `nil` when none is given.
    func load() throws(Failure) -> Request? {
        if let requestFile {
            let source = try requestFile.readJSON(as: "request", emptyForm: "{...}")
            return try Failure.onParseError { () throws(ParseError) in try Request(json: source) }
        }
        guard let principal, let action, let resource else { return nil }
        var failures = FailureCollector()
        let principalUID = failures.attempt { () throws(Failure) in try EntityUID.read(principal, option: "--principal") }
        let actionUID = failures.attempt { () throws(Failure) in try EntityUID.read(action, option: "--action") }
        let resourceUID = failures.attempt { () throws(Failure) in try EntityUID.read(resource, option: "--resource") }
        let context = failures.attempt { () throws(Failure) in try DataFile.context(contextFile) }
        try failures.finish()
        guard let principalUID, let actionUID, let resourceUID, let context else { return nil }
        return Request(principal: principalUID, action: actionUID, resource: resourceUID, context: context)
    }
}

extension EntityUID {
    /// Reads a uid that stands on the command line.
    static func read(_ text: String, option: String) throws(Failure) -> EntityUID {
        try Failure.onParseError { () throws(ParseError) in try EntityUID(cedar: SourceText(text, name: option)) }
    }
}
