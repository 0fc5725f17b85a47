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
        var members: [(name: CedarString, text: String)] {
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
    var json: [UInt8] { Array(JSONValue(.object(members)).description.utf8) }

    private var members: [JSONValue.Member] {
        var list = MemberList()
        list.add("time", .integer(time))
        list.add("kind", kind.rawValue)
        list.add("id", id)
        list.add("trace", traceID)
        list.add("entrance", entrance)
        list.add("outcome", isAllowed.map { $0 ? "allow" : "deny" })
        list.add("reason", reason)
        list.add("detail", detail)
        list.add("client", client?.string)
        list.add("principal", principal?.description)
        list.add("subject", subject?.string)
        list.add("chain", chain)
        if let authentication {
            var inner = MemberList()
            inner.add("method", authentication.method)
            inner.add("issuer", authentication.issuer)
            inner.add("token", authentication.tokenID?.string)
            list.add("authn", .object(inner.members))
        }
        list.add("action", action?.description)
        list.add("resource", resource?.description)
        list.add("destination", destination)
        if let target {
            var inner = MemberList()
            for (name, text) in target.members { inner.add(name, text) }
            list.add("target", .object(inner.members))
        }
        if let call {
            var inner = MemberList()
            inner.add("method", call.method)
            inner.add("host", call.host)
            inner.add("path", call.path)
            inner.add("source", call.source)
            if !call.headers.isEmpty {
                inner.add("headers", .object(call.headers.map { JSONValue.Member(CedarString($0.name), JSONValue(.string(CedarString($0.value)))) }))
            }
            list.add("call", .object(inner.members))
        }
        list.add("policies", policies.map(\.text))
        list.add("errors", errors.map { CedarString($0.withoutValues) })
        if let shadow {
            var inner = MemberList()
            inner.add("outcome", shadow.isAllowed ? "allow" : "deny")
            inner.add("policies", shadow.policies.map(\.text))
            list.add("shadow", .object(inner.members))
        }
        if let credential {
            var inner = MemberList()
            inner.add("id", credential.id)
            inner.add("audience", credential.audience.string)
            inner.add("scopes", credential.scopes)
            inner.add("expires", .integer(credential.expires))
            list.add("credential", .object(inner.members))
        }
        if let change {
            var inner = MemberList()
            inner.add("subject", change.subject)
            inner.add("before", change.before)
            inner.add("after", change.after)
            inner.add("files", change.files)
            list.add("change", .object(inner.members))
        }
        if let lost { list.add("lost", .integer(lost)) }
        if let tear { list.add("torn", tear.json.kind) }
        if let microseconds { list.add("microseconds", .integer(microseconds)) }
        return list.members
    }

    private struct MemberList {
        var members: [JSONValue.Member] = []

        mutating func add(_ name: CedarString, _ kind: JSONValue.Kind) {
            members.append(JSONValue.Member(name, JSONValue(kind)))
        }

        mutating func add(_ name: CedarString, _ text: String?) {
            if let text { add(name, .string(CedarString(text))) }
        }

        mutating func add(_ name: CedarString, _ texts: [CedarString]) {
            if !texts.isEmpty { add(name, .array(texts.map { JSONValue(.string($0)) })) }
        }
    }
}
