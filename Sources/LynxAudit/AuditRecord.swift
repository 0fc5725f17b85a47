import LynxCedar

/// One thing that happened: a decision, a token that was issued or refused, a change of what is in force.
///
/// There is no token and no input of a call in it; whoever makes a record puts none in.
public struct AuditRecord: Sendable {
    public enum Kind: String, Sendable {
        case start
        case decision
        case issuance
        case change
        /// Records that could not be written before this one.
        case loss
        /// The beginning of a record that was never finished, found where this one is.
        case torn
    }

    public var kind: Kind
    /// In milliseconds since 1970.
    public var time: Int64
    /// Of the decision, or of the change.
    public var id: String
    /// W3C Trace Context.
    public var traceID: String?
    /// Of the decision in its trace, and of what asked for it.
    public var spanID: String?
    public var parentSpanID: String?
    /// Whether the trace is one that its beginning wanted to be kept.
    public var isSampled = false
    /// Where it came in: `grpc`, `http`, `token`.
    public var entrance: String?
    public var isAllowed: Bool?
    /// A short code: why, where no policy says it.
    public var reason: String?
    public var detail: String?
    /// Who asked for a token, by its id at the token exchange: also where it could not show that it is that client.
    public var client: CedarString?
    public var principal: EntityUID?
    public var subject: CedarString?
    /// Who acted before the principal, the latest first.
    public var chain: [CedarString] = []
    public var authentication: Authentication?
    public var action: EntityUID?
    public var resource: EntityUID?
    public var destination: String?
    public var target: Target?
    public var call: Call?
    /// The policies that permitted or forbade.
    public var policies: [PolicyID] = []
    public var errors: [PolicyError] = []
    /// What the policies that are tried out would have decided; `nil` where there are none.
    public var shadow: Shadow?
    public var credential: Credential?
    public var change: Change?
    /// How many records are missing, for ``Kind/loss``.
    public var lost: Int64?
    /// For ``Kind/torn``.
    public var tear: AuditTear?
    public var microseconds: Int64?

    public init(_ kind: Kind, id: String, time: Int64) {
        self.kind = kind
        self.id = id
        self.time = time
    }

    public struct Authentication: Sendable {
        public var method: String
        public var issuer: String
        /// Of the token that was shown; of an exchange, the subject's.
        public var tokenID: CedarString?

        public init(method: String, issuer: String, tokenID: CedarString?) {
            self.method = method
            self.issuer = issuer
            self.tokenID = tokenID
        }
    }

    /// What a call is for within its destination, by the names that one searches for.
    public enum Target: Hashable, Sendable {
        case tool(String, server: String)
        case prompt(String, server: String)
        case resource(String, server: String)
        /// A message of MCP that is for the server as a whole.
        case message(String, server: String)
        case model(String, provider: String)
        /// A method of A2A.
        case request(String, agent: String)

        /// In records: what it is within, and what it is.
        var members: [(name: String, text: String)] {
            switch self {
            case .tool(let name, let server): [("server", server), ("tool", name)]
            case .prompt(let name, let server): [("server", server), ("prompt", name)]
            case .resource(let uri, let server): [("server", server), ("resource", uri)]
            case .message(let method, let server): [("server", server), ("method", method)]
            case .model(let name, let provider): [("provider", provider), ("model", name)]
            case .request(let method, let agent): [("agent", agent), ("method", method)]
            }
        }
    }

    /// The call as the gateway saw it, without its query and body.
    public struct Call: Sendable {
        public var method: String
        public var host: String
        public var path: String
        public var source: String?
        /// Those that the configuration names.
        public var headers: [Header] = []

        public init(method: String, host: String, path: String, source: String?) {
            self.method = method
            self.host = host
            self.path = path
            self.source = source
        }
    }

    public struct Header: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public struct Shadow: Sendable {
        public var isAllowed: Bool
        public var policies: [PolicyID]

        public init(isAllowed: Bool, policies: [PolicyID]) {
            self.isAllowed = isAllowed
            self.policies = policies
        }
    }

    /// What was issued, without the token.
    public struct Credential: Sendable {
        public var id: String
        public var audience: CedarString
        public var scopes: [CedarString]
        public var expires: Int64

        public init(id: String, audience: CedarString, scopes: [CedarString], expires: Int64) {
            self.id = id
            self.audience = audience
            self.scopes = scopes
            self.expires = expires
        }
    }

    /// What is in force, before and after, by hashes of the files.
    public struct Change: Sendable {
        public var subject: String
        public var before: String?
        public var after: String?
        /// The names of those files that are others than before.
        public var files: [CedarString] = []

        public init(subject: String, before: String?, after: String?) {
            self.subject = subject
            self.before = before
            self.after = after
        }
    }
}

extension AuditRecord {
    /// The record as a JSON object, in a fixed order and without what says nothing.
    var json: [UInt8] {
        var object = JSONObjectText(capacity: 1024)
        object.add("time", integer: time)
        object.add("kind", text: kind.rawValue)
        object.add("id", text: id)
        object.add("trace", traceID)
        object.add("entrance", entrance)
        object.add("outcome", isAllowed.map { $0 ? "allow" : "deny" })
        object.add("reason", reason)
        object.add("detail", detail)
        object.add("client", client?.string)
        object.add("principal", principal?.description)
        object.add("subject", subject?.string)
        object.add("chain", chain)
        if let authentication {
            object.add("authn") { inner in
                inner.add("method", text: authentication.method)
                inner.add("issuer", text: authentication.issuer)
                inner.add("token", authentication.tokenID?.string)
            }
        }
        object.add("action", action?.description)
        object.add("resource", resource?.description)
        object.add("destination", destination)
        if let target {
            object.add("target") { inner in
                for (name, text) in target.members { inner.add(name, text: text) }
            }
        }
        if let call { object.add("call") { AuditRecord.add(call, to: &$0) } }
        object.add("policies", policies.map(\.text))
        object.add("errors", errors.map { CedarString($0.withoutValues) })
        if let shadow {
            object.add("shadow") { inner in
                inner.add("outcome", text: shadow.isAllowed ? "allow" : "deny")
                inner.add("policies", shadow.policies.map(\.text))
            }
        }
        if let credential {
            object.add("credential") { inner in
                inner.add("id", text: credential.id)
                inner.add("audience", text: credential.audience.string)
                inner.add("scopes", credential.scopes)
                inner.add("expires", integer: credential.expires)
            }
        }
        if let change {
            object.add("change") { inner in
                inner.add("subject", text: change.subject)
                inner.add("before", change.before)
                inner.add("after", change.after)
                inner.add("files", change.files)
            }
        }
        if let lost { object.add("lost", integer: lost) }
        if let tear { object.add("torn", json: tear.json) }
        if let microseconds { object.add("microseconds", integer: microseconds) }
        return object.utf8
    }

    private static func add(_ call: Call, to object: inout JSONObjectText) {
        object.add("method", text: call.method)
        object.add("host", text: call.host)
        object.add("path", text: call.path)
        object.add("source", call.source)
        guard !call.headers.isEmpty else { return }
        object.add("headers") { inner in
            for header in call.headers { inner.add(header.name, text: header.value) }
        }
    }
}

extension JSONObjectText {
    fileprivate mutating func add(_ name: String, _ text: String?) {
        if let text { add(name, text: text) }
    }

    fileprivate mutating func add(_ name: String, _ texts: [CedarString]) {
        if !texts.isEmpty { add(name, texts: texts) }
    }
}
