import LynxCedar

/// Somebody as an issuer knows them.
public struct Party: Hashable, Sendable {
    public let issuer: CedarString
    public let subject: CedarString

    public init(issuer: CedarString, subject: CedarString) {
        self.issuer = issuer
        self.subject = subject
    }
}

/// Who acts on whose behalf (RFC 8693, 4.1): the first is who acts now, the last who was asked by the subject.
///
/// Only the first says who is calling. The others are there to restrict: no policy should permit because of them.
public struct ActorChain: Hashable, Sendable {
    public let actors: [Party]

    /// How many actors a token may name.
    public static let maximumLength = 4

    public init() {
        actors = []
    }

    /// - Parameter issuer: of the token, for actors without an `iss` of their own.
    init(_ claims: Claims, issuer: CedarString) throws(TokenRefusal) {
        var actors: [Party] = []
        var next = try ActorChain.act(of: claims)
        while let act = next {
            guard actors.count < ActorChain.maximumLength else { throw TokenRefusal(.actorChain, "too long") }
            let party = try ActorChain.party(act, issuer: issuer)
            guard !actors.contains(party) else { throw TokenRefusal(.actorCycle) }
            actors.append(party)
            next = try ActorChain.act(of: act)
        }
        self.actors = actors
    }

    public init(_ actors: some Sequence<Party>) {
        self.actors = Array(actors)
    }

    private static func act(of claims: Claims) throws(TokenRefusal) -> Claims? {
        guard let value = claims["act"] else { return nil }
        guard case .object(let members) = value.kind else { throw TokenRefusal(.actorChain, "`act` is not an object") }
        return Claims(members)
    }

    /// - Throws: when there is no subject.
    static func party(_ claims: Claims, issuer: CedarString) throws(TokenRefusal) -> Party {
        guard let subject = try claims.string("sub") else { throw TokenRefusal(.actorChain, "an actor without `sub`") }
        return Party(issuer: try claims.string("iss") ?? issuer, subject: subject)
    }

    /// The chain with an actor in front. Who acts already is not put in twice.
    ///
    /// - Throws: when the chain would be too long, or the actor is further back in it.
    public func adding(_ actor: Party) throws(TokenRefusal) -> ActorChain {
        if actors.first == actor { return self }
        guard !actors.contains(actor) else { throw TokenRefusal(.actorCycle) }
        guard actors.count < ActorChain.maximumLength else { throw TokenRefusal(.actorChain, "too long") }
        return ActorChain([actor] + actors)
    }

    /// The claim `act`; `nil` without actors.
    public var json: JSONValue? {
        actors.reversed().reduce(nil) { inner, party in
            var members = [
                JSONValue.Member("iss", JSONValue(.string(party.issuer))),
                JSONValue.Member("sub", JSONValue(.string(party.subject))),
            ]
            if let inner { members.append(JSONValue.Member("act", inner)) }
            return JSONValue(.object(members))
        }
    }
}
