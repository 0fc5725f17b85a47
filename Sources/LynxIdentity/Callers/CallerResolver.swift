import LynxCedar

/// Tells from what was shown who is calling.
public struct CallerResolver: Sendable {
    private let registrations: Registrations
    /// Of our own tokens.
    private let ownIssuer: CedarString
    private let issuers: [CedarString: Issuer]

    public init(registrations: Registrations, issuers: [Issuer], ownIssuer: CedarString) {
        self.registrations = registrations
        self.ownIssuer = ownIssuer
        self.issuers = Dictionary(issuers.map { ($0.identifier, $0) }) { first, _ in first }
    }

    /// Who shows a token: its actor, or its subject where nobody acts for it.
    public func caller(showing token: VerifiedToken) throws(TokenRefusal) -> Caller {
        let party = token.actors.actors.first ?? token.origin
        let isSubject = token.actors.actors.isEmpty
        // Only we say who acts for others: another issuer's `act` would let it name anybody.
        guard isSubject || token.issuer.profile == .own else { throw TokenRefusal(.actorChain, "of an issuer that is not ours") }
        guard let principal = principal(of: party) else { throw TokenRefusal(.unregistered) }
        return Caller(
            principal: principal, party: party, subject: token.origin,
            subjectPrincipal: isSubject ? principal : self.principal(of: token.origin), mayAct: token.mayAct,
            chain: ActorChain(token.actors.actors.dropFirst()), method: token.issuer.method, issuer: token.issuer.name, scopes: token.scopes, expires: token.expires, tokenID: token.id,
            groups: groups(of: token), claims: claims(of: token))
    }

    /// Who is on the other end of a channel that is authenticated.
    public func caller(_ id: SPIFFEID) throws(TokenRefusal) -> Caller {
        let party = Party(issuer: CedarString(id.trustDomain), subject: id.text)
        guard let registration = registrations[.spiffe(id)] else { throw TokenRefusal(.unregistered) }
        return Caller(
            principal: registration.principal, party: party, subject: party, subjectPrincipal: registration.principal, chain: ActorChain(),
            method: .x509SVID, issuer: id.trustDomain, scopes: nil, expires: nil, tokenID: nil, groups: [], claims: nil)
    }

    public func registration(of party: Party) -> Registration? {
        registrations.registration(of: party, ownIssuer: ownIssuer)
    }

    /// A registered agent or service, or a user of an issuer that has users.
    public func principal(of party: Party) -> EntityUID? {
        if let registration = registration(of: party) { return registration.principal }
        guard let issuer = issuers[party.issuer], issuer.hasUsers else { return nil }
        return EntityUID(type: EntityTypes.user, id: CedarString("\(issuer.name)|\(party.subject)"))
    }

    /// What a token says of its subject. Our own say nothing of it but its groups.
    public func claims(of token: VerifiedToken) -> Claims? { token.issuer.profile == .own ? nil : token.claims }

    /// The groups that an issuer says its user is in; where it cannot be read, none. Our own tokens repeat what the user's issuer has said.
    public func groups(of token: VerifiedToken) -> [CedarString] {
        if token.issuer.profile == .own { return (try? token.claims.strings("groups")) ?? [] }
        guard token.issuer.hasUsers, let claim = token.issuer.groupsClaim, let words = try? token.claims.words(claim) else { return [] }
        return words.map { CedarString("\(token.issuer.name)|\($0)") }
    }
}

extension Issuer {
    public var method: Caller.Method {
        switch profile {
        case .openID: .oidc
        case .kubernetes: .kubernetes
        case .spiffe: .jwtSVID
        case .own: .delegated
        }
    }
}
