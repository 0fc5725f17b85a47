import ArgumentParser
import LynxCedar

/// A request of which a part may be unknown: whatever is not given.
struct PartialRequestArguments: ParsableArguments {
    @Option(
        name: [.customShort("l"), .customLong("principal")],
        help: ArgumentHelp("The principal, for instance 'User::\"alice\"'.", valueName: "uid"))
    var principal: String?

    @Option(help: ArgumentHelp("The type of a principal that is unknown otherwise.", valueName: "type"))
    var principalType: String?

    @Option(help: ArgumentHelp("The principal's id, together with its type.", valueName: "id"))
    var principalEid: String?

    @Option(
        name: [.customShort("a"), .customLong("action")],
        help: ArgumentHelp("The action, for instance 'Action::\"view\"'.", valueName: "uid"))
    var action: String?

    @Option(
        name: [.customShort("r"), .customLong("resource")],
        help: ArgumentHelp("The resource, for instance 'Photo::\"cat.jpg\"'.", valueName: "uid"))
    var resource: String?

    @Option(help: ArgumentHelp("The type of a resource that is unknown otherwise.", valueName: "type"))
    var resourceType: String?

    @Option(help: ArgumentHelp("The resource's id, together with its type.", valueName: "id"))
    var resourceEid: String?

    @Option(
        name: [.customShort("c"), .customLong("context")],
        help: ArgumentHelp(
            "The context, a JSON object. Without it, and without --unknown-context, the whole context is unknown.",
            valueName: "file"))
    var contextFile: InputFile?

    @Option(
        name: .customLong("unknown-context"),
        help: ArgumentHelp(
            "An attribute of the context that is unknown, whether it is there and what it is; a path such as 'device.trusted' for a part of a record. May be repeated.",
            valueName: "path"))
    var unknownContext: [String] = []

    @Option(
        name: .customLong("request-json"),
        help: ArgumentHelp(
            "The request in place of its parts: a JSON object with any of principal, action, resource and context; what it lacks is unknown.",
            valueName: "file"))
    var requestFile: InputFile?

    func validate() throws {
        let parts = [principal, principalType, principalEid, action, resource, resourceType, resourceEid]
        if requestFile != nil, parts.contains(where: { $0 != nil }) || contextFile != nil {
            throw ValidationError(
                "The option '--request-json' stands for the whole request and cannot go together with its parts.")
        }
        try PartialRequestArguments.validate("principal", uid: principal, type: principalType, id: principalEid)
        try PartialRequestArguments.validate("resource", uid: resource, type: resourceType, id: resourceEid)
        for path in unknownContext where path.split(separator: ".", omittingEmptySubsequences: false).contains("") {
            throw ValidationError(
                "The value '\(path)' of '--unknown-context' is no path of attribute names with dots between them.")
        }
    }

    private static func validate(_ part: String, uid: String?, type: String?, id: String?) throws {
        if uid != nil && (type != nil || id != nil) {
            throw ValidationError("The option '--\(part)' cannot go together with '--\(part)-type' or '--\(part)-eid'.")
        }
        if id != nil && type == nil {
            throw ValidationError("The option '--\(part)-eid' needs '--\(part)-type'.")
        }
    }

    /// Reads the request.
    ///
    /// - Parameter schema: what the completions of the request must be like, where that is to be checked.
    func load(schema: Schema?) throws(Failure) -> PartialRequest {
        var request: PartialRequest
        if let requestFile {
            let source = try requestFile.readJSON(as: "request", emptyForm: "{}")
            request = try Failure.onParseError { () throws(ParseError) in
                try PartialRequest(
                    json: JSONValue(parsing: source), source: source, schema: schema,
                    isPartial: !unknownContext.isEmpty)
            }
        } else {
            request = try loadParts(schema: schema)
        }
        if !unknownContext.isEmpty {
            var failures = FailureCollector()
            // Without a context of its own, all but the unknown attributes are known to be missing.
            var context = request.context == .unknown ? [:] : request.context
            for path in unknownContext {
                let names = path.split(separator: ".").map { CedarString($0) }
                _ = failures.attempt { () throws(Failure) in try context.forget(names[...], path: path) }
            }
            try failures.finish()
            request.context = context
            if let schema { try PartialRequestArguments.check(request, against: schema) }
        }
        return request
    }

    /// Checks that the context has what its action requires.
    private static func check(_ request: PartialRequest, against schema: Schema) throws(Failure) {
        guard case .known(let uid) = request.action, let action = schema.action(uid) else { return }
        let missing = request.context.lacking(action.context)
        guard missing.isEmpty else {
            throw Failure(
                missing.map {
                    Diagnostic(
                        "the context of `\(uid)` has no attribute `\($0)`, which the schema requires",
                        help: "if it is unknown, say so with '--unknown-context'")
                })
        }
    }

    private func loadParts(schema: Schema?) throws(Failure) -> PartialRequest {
        var failures = FailureCollector()
        let principal = failures.attempt { () throws(Failure) in
            try part("principal", uid: self.principal, type: principalType, id: principalEid)
        }
        let action = failures.attempt { () throws(Failure) in try part("action", uid: self.action, type: nil, id: nil) }
        let resource = failures.attempt { () throws(Failure) in
            try part("resource", uid: self.resource, type: resourceType, id: resourceEid)
        }
        // That the schema does not know the action is told once, by the check of the request.
        let actionUID: EntityUID? = if case .known(let uid) = action, schema?.action(uid) != nil { uid } else { nil }
        let context = failures.attempt { () throws(Failure) in
            guard contextFile != nil else { return PartialRecord.unknown }
            return PartialRecord(
                try DataFile.context(
                    contextFile, schema: schema, action: actionUID, isPartial: !unknownContext.isEmpty))
        }
        let request = PartialRequest(
            principal: principal ?? .unknown(), action: action ?? .unknown(), resource: resource ?? .unknown(),
            context: context ?? .unknown)
        if let schema {
            _ = failures.attempt { () throws(Failure) in
                let options: [ConformanceError.Step: String?] = [
                    .principal: self.principal, .action: self.action, .resource: self.resource,
                ]
                let faults = schema.faults(of: request)
                guard faults.isEmpty else { throw Failure(faults.map { Diagnostic($0, options: options) }) }
            }
        }
        try failures.finish()
        return request
    }

    private func part(
        _ part: String, uid: String?, type: String?, id: String?
    ) throws(Failure) -> PartialEntityUID {
        if let uid { return .known(try EntityUID.read(uid, option: "--\(part)")) }
        guard let type else { return .unknown() }
        guard let name = Name(type) else {
            throw Failure(
                "the value `\(type)` of `--\(part)-type` is no entity type", help: "write for instance `User` or `Shop::User`")
        }
        return id.map { .known(EntityUID(type: name, id: CedarString($0))) } ?? .unknown(type: name)
    }
}

extension PartialRecord {
    /// Takes away what is known of the attribute at the end of a path.
    fileprivate mutating func forget(_ path: ArraySlice<CedarString>, path whole: String) throws(Failure) {
        guard let name = path.first else { return }
        let rest = path.dropFirst()
        var unknown = unknown
        if rest.isEmpty {
            unknown[name] = .presence
        } else {
            var parts: PartialRecord
            switch (unknown[name], known[name]) {
            case (.parts(let record), _): parts = record
            case (.value, _), (.presence, _): return
            case (nil, .record(let record)): parts = PartialRecord(record)
            case (nil, nil): parts = [:]
            case (nil, .some(let value)):
                throw Failure(
                    "the context has no unknown `\(whole)`: its attribute `\(name)` is no record",
                    help: "it is a value of type \(value.kind)")
            }
            try parts.forget(rest, path: whole)
            unknown[name] = .parts(parts)
        }
        self = PartialRecord(known, unknown: unknown, isOpen: isOpen)
    }
}

extension PartialRequest {
    /// Reads an object of any of `principal`, `action`, `resource` and `context`; what it lacks is unknown.
    ///
    /// - Parameter isPartial: whether attributes of the context that the schema requires may be missing.
    fileprivate init(json: JSONValue, source: SourceText, schema: Schema?, isPartial: Bool) throws(ParseError) {
        guard case .object(let members) = json.kind else {
            throw ParseError(Diagnostic("a request must be an object", span: json.span, source: source))
        }
        self.init()
        for member in members {
            let value = member.value
            switch member.name {
            case "principal": principal = .known(try PartialRequest.uid(value, source: source))
            case "action": action = .known(try PartialRequest.uid(value, source: source))
            case "resource": resource = .known(try PartialRequest.uid(value, source: source))
            case "context": continue
            default:
                throw ParseError(
                    Diagnostic(
                        "a request has no member `\(member.name)`", span: member.nameSpan,
                        help: "its members are `principal`, `action`, `resource` and `context`", source: source))
            }
        }
        if let schema {
            let faults = schema.faults(of: self)
            guard faults.isEmpty else {
                throw ParseError(
                    faults.map { fault in
                        let member = members.first { member in fault.path.first.map { "\($0)" } == member.name.string }
                        return Diagnostic(
                            fault.message, span: member?.value.span ?? json.span, help: fault.help, source: source)
                    })
            }
        }
        guard let member = members.first(where: { $0.name == "context" }) else { return }
        // How a context is read depends on its action.
        if let schema, case .known(let action) = action {
            context = PartialRecord(
                try Record(json: member.value, source: source, schema: schema, action: action, isPartial: isPartial))
        } else {
            context = PartialRecord(try Record(json: member.value, source: source))
        }
    }

    /// A uid as `{"type": ..., "id": ...}` or as Cedar text.
    private static func uid(_ json: JSONValue, source: SourceText) throws(ParseError) -> EntityUID {
        guard case .string(let text) = json.kind else { return try EntityUID(json: json, source: source) }
        do throws(ParseError) {
            return try EntityUID(cedar: text.string)
        } catch {
            // The spans of that error point into the string, not into the file.
            throw ParseError(
                error.diagnostics.map { Diagnostic($0.message, span: json.span, help: $0.help, source: source) })
        }
    }
}
