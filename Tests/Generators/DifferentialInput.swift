import LynxCedar

/// What two engines are asked about: policies as text, entities, requests, and another policy set as JSON.
///
/// Everything is text, as it comes from outside; some of it is broken.
public struct DifferentialInput: Sendable {
    public let policies: String
    public let entities: String
    public let requests: [Request]
    public let policyJSON: String

    public struct Request: Sendable {
        public let principal: EntityUID
        public let action: EntityUID
        public let resource: EntityUID
        public let context: String
    }

    public init(policies: String, entities: String, requests: [Request], policyJSON: String) {
        self.policies = policies
        self.entities = entities
        self.requests = requests
        self.policyJSON = policyJSON
    }
}

extension DifferentialInput: JSONRepresentable {
    /// Reads an input; what a case does not need may be left out.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        func text(_ name: CedarString, absent: String) throws(ParseError) -> String {
            guard let value = json[name] else { return absent }
            guard case .string(let text) = value.kind else { throw Self.error("`\(name)` must be a text", source) }
            return text.string
        }
        guard case .array(let requests) = (json["requests"] ?? []).kind else { throw Self.error("`requests` must be an array", source) }
        var read: [Request] = []
        for request in requests {
            guard let principal = request["principal"], let action = request["action"], let resource = request["resource"],
                case .string(let context)? = request["context"]?.kind
            else { throw Self.error("a request has a principal, an action, a resource and the text of a context", source) }
            read.append(
                try Request(
                    principal: EntityUID(json: principal, source: source), action: EntityUID(json: action, source: source),
                    resource: EntityUID(json: resource, source: source), context: context.string))
        }
        try self.init(
            policies: text("policies", absent: ""), entities: text("entities", absent: "[]"), requests: read,
            policyJSON: text("policyJSON", absent: #"{"staticPolicies": {}, "templates": {}, "templateLinks": []}"#))
    }

    public var json: JSONValue {
        [
            "policies": .string(policies),
            "entities": .string(entities),
            "requests": .init(
                .array(
                    requests.map { request in
                        [
                            "principal": request.principal.json, "action": request.action.json,
                            "resource": request.resource.json, "context": .string(request.context),
                        ]
                    })),
            "policyJSON": .string(policyJSON),
        ]
    }

    private static func error(_ message: String, _ source: SourceText?) -> ParseError {
        ParseError(Diagnostic(message, source: source))
    }
}

extension JSONValue {
    /// The value of an object's member; `nil` where there is none, or no object.
    public subscript(name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }

    static func string(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
}
