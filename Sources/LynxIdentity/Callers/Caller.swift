import LynxCedar

/// Who calls, on whose behalf, and how we know.
public final class Caller: Sendable {
    /// Who acts.
    public let principal: EntityUID
    /// The same as its issuer knows it.
    public let party: Party
    /// On whose behalf; the principal itself where it acts for nobody else.
    public let subject: Party
    public let subjectPrincipal: EntityUID?
    /// Who may act for the subject, as its token says; `nil` where it does not.
    public let mayAct: [Party]?
    /// Who acted before, the latest first; without the principal.
    public let chain: ActorChain
    public let method: Method
    /// The name of the issuer that vouches for it.
    public let issuer: String
    public let scopes: [CedarString]?
    /// When what it showed ends, in seconds since 1970.
    public let expires: Int64?
    public let tokenID: CedarString?
    /// The groups of a user, as its issuer tells them.
    public let groups: [CedarString]
    /// What the subject's own token says; `nil` where another kind of credential was shown, or one of our own tokens, which goes on without it.
    public let claims: Claims?
    /// What policies see of it in the context of each of its requests.
    public let context: Record

    public init(
        principal: EntityUID, party: Party, subject: Party, subjectPrincipal: EntityUID?, mayAct: [Party]? = nil, chain: ActorChain, method: Method,
        issuer: String, scopes: [CedarString]?, expires: Int64?, tokenID: CedarString?, groups: [CedarString], claims: Claims?
    ) {
        self.principal = principal
        self.party = party
        self.subject = subject
        self.subjectPrincipal = subjectPrincipal
        self.mayAct = mayAct
        self.chain = chain
        self.method = method
        self.issuer = issuer
        self.scopes = scopes
        self.expires = expires
        self.tokenID = tokenID
        self.groups = groups
        self.claims = claims
        var context: Record = [
            "subject": subject.value,
            "actor": party.value,
            "chain": .set(ValueSet(chain.actors.map(\.value))),
            "depth": .long(Int64(chain.actors.count + (party == subject ? 0 : 1))),
            "authn": ["method": .string(CedarString(method.rawValue)), "issuer": .string(CedarString(issuer))],
        ]
        if let user = Caller.user(subjectPrincipal) { context["user"] = .entity(user) }
        self.context = context
    }

    /// On whose behalf, where that is a user.
    public var user: EntityUID? { Caller.user(subjectPrincipal) }

    private static func user(_ uid: EntityUID?) -> EntityUID? { uid.flatMap { $0.type == EntityTypes.user ? $0 : nil } }

    public enum Method: String, Hashable, Sendable {
        case oidc
        case kubernetes
        case jwtSVID = "jwt-svid"
        case x509SVID = "x509-svid"
        case delegated
        case client
    }
}

extension Party {
    fileprivate var value: Value { ["issuer": .string(issuer), "id": .string(subject)] }
}
