import LynxCedar
import LynxIdentity

/// What is to be decided about a call: who, what, to what, under which circumstances.
public struct AccessQuestion: Sendable {
    public var caller: Caller
    public var action: EntityUID
    public var resource: EntityUID
    /// What the resource is in.
    public var resourceParent: EntityUID?
    public var circumstances: Circumstances
    /// What is passed to a tool, where the policies can speak of it.
    public var input: Value?

    public init(
        caller: Caller, action: EntityUID, resource: EntityUID, resourceParent: EntityUID? = nil, circumstances: Circumstances, input: Value? = nil
    ) {
        self.caller = caller
        self.action = action
        self.resource = resource
        self.resourceParent = resourceParent
        self.circumstances = circumstances
        self.input = input
    }

    public struct Circumstances: Sendable {
        /// In milliseconds since 1970.
        public var now: Int64
        public var scopes: [CedarString]
        public var sni: String?
        public var source: IPAddress?
        public var http: HTTP?
        public var target: CedarString?

        public init(
            now: Int64, scopes: [CedarString], sni: String? = nil, source: IPAddress? = nil, http: HTTP? = nil, target: CedarString? = nil
        ) {
            self.now = now
            self.scopes = scopes
            self.sni = sni
            self.source = source
            self.http = http
            self.target = target
        }

        public struct HTTP: Sendable {
            public var method: String
            public var host: String
            public var path: String

            public init(method: String, host: String, path: String) {
                self.method = method
                self.host = host
                self.path = path
            }
        }
    }

    var request: Request {
        Request(principal: caller.principal, action: action, resource: resource, context: context)
    }

    private var context: Record {
        var context: Record = [
            "subject": caller.subject.value,
            "actor": caller.party.value,
            "chain": .set(ValueSet(caller.chain.actors.map(\.value))),
            "depth": .long(Int64(caller.chain.actors.count + (caller.party == caller.subject ? 0 : 1))),
            "authn": ["method": .string(CedarString(caller.method.rawValue)), "issuer": .string(CedarString(caller.issuer))],
            "scopes": .set(ValueSet(circumstances.scopes.map { .string($0) })),
            "now": .datetime(Datetime(millisecondsSinceEpoch: circumstances.now)),
        ]
        if let user = caller.subjectPrincipal, user.type == "Lynx::User" { context["user"] = .entity(user) }
        if let sni = circumstances.sni { context["sni"] = .string(CedarString(sni)) }
        if let source = circumstances.source { context["source"] = .ip(source) }
        if let http = circumstances.http {
            context["http"] = [
                "method": .string(CedarString(http.method)), "host": .string(CedarString(http.host)), "path": .string(CedarString(http.path)),
            ]
        }
        if let target = circumstances.target { context["target"] = .string(target) }
        if let input { context["input"] = input }
        return context
    }

    /// What this call brings with it that the store does not have.
    func entities(beside store: Entities) -> [Entity] {
        var entities: [Entity] = []
        if let resourceParent, let placed = AccessQuestion.placed(resource, in: resourceParent, beside: store) { entities.append(placed) }
        if let uid = caller.subjectPrincipal, uid.type == "Lynx::User" {
            var user = store[uid] ?? Entity(uid: uid)
            user.parents.formUnion(caller.groups.map { EntityUID(type: "Lynx::Group", id: $0) })
            // What the operator says of a user, which is the same at every hop, comes before what a token says that is seen at the first one only.
            for member in caller.claims?.members ?? [] {
                if case .string(let text) = member.value.kind, user.tags[member.name] == nil { user.tags[member.name] = .string(text) }
            }
            entities.append(user)
        }
        return entities
    }

    /// A resource in what it was found in; `nil` where the store has it there already.
    ///
    /// Where a tool is found is where it is, whatever the store says of it beside that.
    static func placed(_ resource: EntityUID, in parent: EntityUID, beside store: Entities) -> Entity? {
        var entity = store[resource] ?? Entity(uid: resource)
        return entity.parents.insert(parent).inserted ? entity : nil
    }
}

extension Party {
    var value: Value { ["issuer": .string(issuer), "id": .string(subject)] }
}
