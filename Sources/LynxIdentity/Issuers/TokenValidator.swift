import LynxCedar

/// The one way in for every token, at every entrance.
///
/// In this order: the envelope and the header (``CompactToken``), the issuer, the key, the signature, the times, the audience, the certificate that the token is bound to,
/// the claims, and what the issuer's server says of it (``TokenReview``).
/// Nothing of a token but its issuer's name is used before its signature is checked, and that name only to choose among the issuers that are configured.
public struct TokenValidator: Sendable {
    private let issuers: [CedarString: Issuer]
    private let trustDomains: [CedarString: Issuer]

    /// How far clocks may differ, in seconds.
    public static let skew: Int64 = 60

    /// - Parameter issuers: with distinct identifiers among the trust domains, and among the others.
    public init(_ issuers: [Issuer]) {
        self.issuers = Dictionary(issuers.filter { $0.profile != .spiffe }.map { ($0.identifier, $0) }) { first, _ in first }
        trustDomains = Dictionary(issuers.filter { $0.profile == .spiffe }.map { ($0.identifier, $0) }) { first, _ in first }
    }

    /// - Parameters:
    ///   - audiences: of which the token must name one.
    ///   - certificate: the thumbprint of the certificate that the token was shown with (``PeerCertificate/thumbprint``): a token that is bound to one is taken with that one only.
    ///   - now: in seconds since 1970.
    public func validate(
        _ text: some StringProtocol, at entrance: Entrance, audiences: [CedarString], certificate: CedarString? = nil, now: Int64 = WallClock.now()
    ) async throws(TokenRefusal) -> VerifiedToken {
        try await validate(CompactToken(text), at: entrance, audiences: audiences, certificate: certificate, now: now)
    }

    public func validate(
        _ token: CompactToken, at entrance: Entrance, audiences: [CedarString], certificate: CedarString? = nil, now: Int64
    ) async throws(TokenRefusal) -> VerifiedToken {
        let issuer = try issuer(of: token.claims)
        guard issuer.entrances.contains(entrance) else { throw TokenRefusal(.issuerNotHere) }
        try TokenValidator.checkType(token.header, of: issuer)
        guard issuer.algorithms.contains(token.header.algorithm) else { throw TokenRefusal(.algorithmNotAllowed) }
        let key = try await issuer.keys.key(for: token.header)
        guard key.isValid(token.signature, for: token.signed, by: token.header.algorithm) else { throw TokenRefusal(.signature) }
        let times = try TokenTimes(token.claims, of: issuer, now: now)
        let audience = try TokenValidator.audience(of: token.claims, oneOf: audiences)
        try TokenValidator.checkConfirmation(token.claims, certificate)
        var verified = try verified(token.claims, issuer, times, audience)
        if let review = issuer.review {
            verified.believedUntil = min(
                verified.expires, try await review.confirm(token, of: verified.subject, audiences: audience.filter(audiences.contains)))
        }
        return verified
    }

    // MARK: The issuer

    private func issuer(of claims: Claims) throws(TokenRefusal) -> Issuer {
        if let name = try claims.string("iss") {
            if let issuer = issuers[name] { return issuer }
            if let issuer = try trustDomain(of: claims) { return issuer }
            throw TokenRefusal(.issuerUnknown)
        }
        // JWT-SVID, 3: a SVID need not name its issuer; the trust domain in its subject does.
        if let issuer = try trustDomain(of: claims) { return issuer }
        throw TokenRefusal(.issuerMissing)
    }

    private func trustDomain(of claims: Claims) throws(TokenRefusal) -> Issuer? {
        guard let subject = try claims.string("sub"), let id = SPIFFEID(subject.string) else { return nil }
        return trustDomains[CedarString(id.trustDomain)]
    }

    private static func checkType(_ header: TokenHeader, of issuer: Issuer) throws(TokenRefusal) {
        if let required = issuer.requiredType {
            guard header.type == required else { throw TokenRefusal(.type) }
            return
        }
        let allowed: Set<String?> =
            switch issuer.profile {
            case .openID: [nil, "jwt", "at+jwt"]
            // JWT-SVID, 2.3.
            case .spiffe: [nil, "jwt", "jose"]
            case .kubernetes: [nil, "jwt"]
            case .own: ["at+jwt"]
            }
        guard allowed.contains(header.type) else { throw TokenRefusal(.type) }
    }

    // MARK: Claims

    private static func audience(of claims: Claims, oneOf audiences: [CedarString]) throws(TokenRefusal) -> [CedarString] {
        guard let audience = try claims.strings("aud") else { throw TokenRefusal(.audienceMissing) }
        guard audience.contains(where: audiences.contains) else { throw TokenRefusal(.audience) }
        return audience
    }

    private func verified(
        _ claims: Claims, _ issuer: Issuer, _ times: TokenTimes, _ audience: [CedarString]
    ) throws(TokenRefusal) -> VerifiedToken {
        guard let subject = try claims.string("sub"), subject.string.utf8.count <= 1024 else { throw TokenRefusal(.subject) }
        try TokenValidator.checkAuthorizedParty(claims, issuer)
        try TokenValidator.checkIsAccessToken(claims, issuer)
        switch issuer.profile {
        case .kubernetes: try ServiceAccount.check(claims, subject: subject)
        case .spiffe: guard SPIFFEID(subject.string) != nil else { throw TokenRefusal(.subject) }
        case .openID, .own: break
        }
        var origin = issuer.identifier
        if issuer.profile == .own, let claimed = try claims.string("sub_iss") { origin = claimed }
        return VerifiedToken(
            issuer: issuer, subject: subject, audience: audience, expires: times.expires, issued: times.issued,
            id: try claims.string("jti"), scopes: try claims.words(claims["scope"] == nil ? "scp" : "scope"),
            actors: try ActorChain(claims, issuer: issuer.identifier), mayAct: try TokenValidator.mayAct(claims, issuer), claims: claims,
            believedUntil: times.expires, origin: Party(issuer: origin, subject: subject))
    }

    /// A token that is bound to a key is worth nothing without a proof of it. Only certificates can be shown here (RFC 8705, 3.1), none of the other proofs.
    private static func checkConfirmation(_ claims: Claims, _ certificate: CedarString?) throws(TokenRefusal) {
        guard let confirmation = claims["cnf"] else { return }
        guard case .object(let members) = confirmation.kind, members.count == 1, let bound = try Claims(members).string("x5t#S256"), bound == certificate
        else { throw TokenRefusal(.confirmation) }
    }

    private static func checkAuthorizedParty(_ claims: Claims, _ issuer: Issuer) throws(TokenRefusal) {
        guard !issuer.authorizedParties.isEmpty else { return }
        guard let party = try claims.string(claims["azp"] == nil ? "client_id" : "azp"), issuer.authorizedParties.contains(party) else {
            throw TokenRefusal(.authorizedParty)
        }
    }

    /// An ID token tells its client who has signed in, and is no permission to call anybody.
    private static func checkIsAccessToken(_ claims: Claims, _ issuer: Issuer) throws(TokenRefusal) {
        guard issuer.profile == .openID else { return }
        for name: CedarString in ["nonce", "at_hash", "c_hash", "s_hash"] where claims[name] != nil { throw TokenRefusal(.idToken) }
        // Some providers name the kind of a token in a claim.
        if let kind = claims.text("typ") ?? claims.text("token_use") {
            guard ["bearer", "access", "jwt", "at+jwt"].contains(kind.lowercased()) else { throw TokenRefusal(.idToken) }
        }
    }

    private static func mayAct(_ claims: Claims, _ issuer: Issuer) throws(TokenRefusal) -> [Party]? {
        guard let value = claims["may_act"] else { return nil }
        switch value.kind {
        case .object(let members):
            return [try ActorChain.party(Claims(members), issuer: issuer.identifier)]
        case .array(let elements):
            var parties: [Party] = []
            for element in elements { parties.append(try ActorChain.party(try Claims(element), issuer: issuer.identifier)) }
            return parties
        default:
            throw TokenRefusal(.claim, "`may_act` is not an object")
        }
    }
}
