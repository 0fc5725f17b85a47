import LynxCedar

/// Signs tokens of our own (RFC 9068): for one hop, or in exchange for others.
public struct TokenIssuer: Sendable {
    public let identifier: CedarString
    private let ring: KeyRing

    public init(_ identifier: CedarString, ring: KeyRing) {
        self.identifier = identifier
        self.ring = ring
    }

    /// What to say in a token.
    public struct Contents: Sendable {
        /// On whose behalf, as their issuer knows them.
        public var subject: Party
        /// Whom the token is for. One only: whoever gets it can show it to nobody else.
        public var audience: CedarString
        public var actors: ActorChain
        /// Who may act for the subject; `nil` for whoever policies permit.
        public var mayAct: [Party]?
        /// Who asked for it.
        public var client: CedarString?
        public var scopes: [CedarString]?
        /// The groups of a user, with the name of the issuer that has told them.
        public var groups: [CedarString]
        /// In seconds since 1970.
        public var expires: Int64
        /// The thumbprint of the certificate that the token must be shown with; `nil` for none.
        public var certificate: CedarString?

        public init(
            subject: Party, audience: CedarString, actors: ActorChain, mayAct: [Party]? = nil, client: CedarString? = nil,
            scopes: [CedarString]? = nil, groups: [CedarString] = [], expires: Int64, certificate: CedarString? = nil
        ) {
            self.subject = subject
            self.audience = audience
            self.actors = actors
            self.mayAct = mayAct
            self.client = client
            self.scopes = scopes
            self.groups = groups
            self.expires = expires
            self.certificate = certificate
        }
    }

    public struct Issued: Sendable {
        public let token: String
        public let id: String
        public let expires: Int64
    }

    /// - Parameter id: the token's `jti`, never used before.
    /// - Returns: `nil` when there is no key, or it cannot sign.
    public func issue(_ contents: Contents, id: String, now: Int64) -> Issued? {
        guard let key = ring.signingKey(at: now) else { return nil }
        let signed = key.header + "." + Base64URL.encode(claims(contents, id, now))
        guard let signature = try? key.signature(for: Array(signed.utf8)) else { return nil }
        return Issued(token: signed + "." + Base64URL.encode(signature), id: id, expires: contents.expires)
    }

    private func claims(_ contents: Contents, _ id: String, _ now: Int64) -> [UInt8] {
        var claims = JSONObjectText(capacity: 512)
        claims.add("iss", text: identifier.string)
        claims.add("sub", text: contents.subject.subject.string)
        claims.add("aud", text: contents.audience.string)
        claims.add("iat", integer: now)
        claims.add("nbf", integer: now)
        claims.add("exp", integer: contents.expires)
        claims.add("jti", text: id)
        // A subject means something only together with who named it so.
        if contents.subject.issuer != identifier { claims.add("sub_iss", text: contents.subject.issuer.string) }
        if let client = contents.client { claims.add("client_id", text: client.string) }
        if let scopes = contents.scopes { claims.add("scope", text: scopes.map(\.string).joined(separator: " ")) }
        // Who decides about the next hop knows the user from this token only.
        if !contents.groups.isEmpty { claims.add("groups", texts: contents.groups) }
        if let act = contents.actors.json { claims.add("act", json: act) }
        // RFC 8693, 4.4: what the subject has said holds at the next hop too.
        if let mayAct = contents.mayAct {
            let parties = mayAct.compactMap { ActorChain([$0]).json }
            claims.add("may_act", json: parties.count == 1 ? parties[0] : JSONValue(.array(parties)))
        }
        // RFC 8705, 3.1.
        if let certificate = contents.certificate { claims.add("cnf") { $0.add("x5t#S256", text: certificate.string) } }
        return claims.utf8
    }
}
