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
        var context = caller.context
        context["scopes"] = .set(ValueSet(circumstances.scopes.map { .string($0) }))
        context["now"] = .datetime(Datetime(millisecondsSinceEpoch: circumstances.now))
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

    /// What ``entities(beside:)`` depends on; `nil` where there are none.
    var overlay: OverlaidAuthorizers.Overlay? {
        guard caller.user != nil || resourceParent != nil else { return nil }
        return OverlaidAuthorizers.Overlay(
            resource: resource, parent: resourceParent, user: caller.user, groups: caller.user == nil ? [] : caller.groups,
            claims: caller.user == nil ? [] : claims.flatMap { [$0.name, $0.text] })
    }

    /// What the user's token says in texts.
    private var claims: [(name: CedarString, text: CedarString)] {
        (caller.claims?.members ?? []).compactMap { member in
            if case .string(let text) = member.value.kind { (member.name, text) } else { nil }
        }
    }

    /// What this call brings with it that the store does not have.
    func entities(beside store: Entities) -> [Entity] {
        var entities: [Entity] = []
        if let resourceParent, let placed = AccessQuestion.placed(resource, in: resourceParent, beside: store) { entities.append(placed) }
        if let user = caller.user {
            var entity = store[user] ?? Entity(uid: user)
            entity.parents.formUnion(caller.groups.map { EntityUID(type: EntityTypes.group, id: $0) })
            // What the operator says of a user, which is the same at every hop, comes before what a token says that is seen at the first one only.
            for claim in claims where entity.tags[claim.name] == nil { entity.tags[claim.name] = .string(claim.text) }
            entities.append(entity)
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
