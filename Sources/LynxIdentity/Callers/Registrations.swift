import LynxCedar

/// An agent or service, and what it is recognised by.
public struct Registration: Sendable {
    /// `Lynx::Agent::"..."` or `Lynx::Service::"..."`.
    public let principal: EntityUID
    public let identities: [Identity]
    /// What tokens for it have as their audience.
    public let audiences: [CedarString]

    public enum Identity: Hashable, Sendable {
        case subject(Party)
        case spiffe(SPIFFEID)
        /// A client of the token exchange.
        case client(CedarString)
    }

    public init(principal: EntityUID, identities: [Identity], audiences: [CedarString]) {
        self.principal = principal
        self.identities = identities
        self.audiences = audiences
    }
}

/// All registrations, by identity. An identity is that of one principal only.
public struct Registrations: Sendable {
    private let byIdentity: [Registration.Identity: Registration]

    /// - Throws: the identity that occurs twice.
    public init(_ registrations: [Registration]) throws(DuplicateIdentity) {
        var byIdentity: [Registration.Identity: Registration] = [:]
        for registration in registrations {
            for identity in registration.identities {
                guard byIdentity.updateValue(registration, forKey: identity) == nil else { throw DuplicateIdentity(identity: identity) }
            }
        }
        self.byIdentity = byIdentity
    }

    public struct DuplicateIdentity: Error, Sendable {
        public let identity: Registration.Identity
    }

    public subscript(identity: Registration.Identity) -> Registration? { byIdentity[identity] }

    /// Whom a party is registered as: by what its issuer calls it, and by its SPIFFE id where the issuer is the trust domain.
    public func registration(of party: Party, ownIssuer: CedarString) -> Registration? {
        if let registration = byIdentity[.subject(party)] { return registration }
        if party.issuer == ownIssuer { return byIdentity[.client(party.subject)] }
        guard let id = SPIFFEID(party.subject.string), party.issuer.string == id.trustDomain else { return nil }
        return byIdentity[.spiffe(id)]
    }
}
