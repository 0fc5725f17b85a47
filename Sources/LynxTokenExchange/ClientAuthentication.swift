import Crypto
import Foundation
import LynxCedar
import LynxIdentity

/// Who asks for a token: by secret, by an assertion that it has signed, by its JWT-SVID, or by the X.509-SVID of its channel.
struct ClientAuthentication: Sendable {
    let rules: ExchangeRules
    let replays: ReplayCache

    /// How far ahead an assertion may end, in seconds: it is remembered for that long.
    private static let longestAssertion: Int64 = 600

    struct Authenticated: Sendable {
        let client: ExchangeClient
        /// The client as whoever vouches for it knows it.
        let party: Party
        let method: String
        /// When its proof ends, in seconds since 1970; `nil` for a secret.
        let expires: Int64?
        /// The thumbprint of the certificate that the client's channel was opened with.
        var certificate: CedarString?
        /// The same, where the client is known by it: what is issued is then of use with it only (RFC 8705, 3).
        var binding: CedarString?
    }

    func client(
        authorization: [String], _ certificate: Result<PeerCertificate?, TokenRefusal>, _ form: FormParameters, now: Int64
    ) async throws(ExchangeError) -> Authenticated {
        let peer: PeerCertificate?
        do throws(TokenRefusal) {
            peer = try certificate.get()
        } catch {
            throw refusal("client-" + error.reason.rawValue, error.detail)
        }
        var authenticated = try await client(authorization: authorization, peer, form, now: now)
        authenticated.certificate = peer?.thumbprint
        return authenticated
    }

    private func client(
        authorization: [String], _ peer: PeerCertificate?, _ form: FormParameters, now: Int64
    ) async throws(ExchangeError) -> Authenticated {
        let isBasic = !authorization.isEmpty
        let isPost = form["client_secret"] != nil
        let isAssertion = form["client_assertion"] != nil || form["client_assertion_type"] != nil
        if !isBasic, !isPost, !isAssertion, let peer { return try certified(peer, form["client_id"]) }
        // RFC 6749, 2.3: not more than one method. A certificate may come with any.
        guard [isBasic, isPost, isAssertion].count(where: \.self) == 1 else {
            throw refusal(isBasic || isPost || isAssertion ? "client-methods" : "client-absent")
        }
        if isAssertion { return try await asserted(form, now: now) }
        let (id, secret) = isBasic ? try basic(authorization, form) : (CedarString(form["client_id"] ?? ""), form["client_secret"] ?? "")
        return try known(id, secret, method: isBasic ? "client_secret_basic" : "client_secret_post")
    }

    /// All refusals look alike from outside.
    ///
    /// - Parameter client: one that there is, for records.
    private func refusal(_ reason: String, _ detail: String? = nil, of client: CedarString? = nil) -> ExchangeError {
        ExchangeError(.invalidClient, "the client is not authenticated", reason: reason, detail: detail, client: client)
    }

    // MARK: Secrets

    private func basic(_ authorization: [String], _ form: FormParameters) throws(ExchangeError) -> (CedarString, String) {
        guard authorization.count == 1, let value = authorization.first else { throw refusal("client-methods") }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1])),
            let colon = data.firstIndex(of: UInt8(ascii: ":")),
            let id = FormParameters.decode(ArraySlice(data[..<colon])), let secret = FormParameters.decode(ArraySlice(data[data.index(after: colon)...]))
        else { throw refusal("client-basic") }
        if let named = form["client_id"], CedarString(named) != CedarString(id) { throw refusal("client-methods") }
        return (CedarString(id), secret)
    }

    private func known(_ id: CedarString, _ secret: String, method: String) throws(ExchangeError) -> Authenticated {
        let given = Array(SHA256.hash(data: Array(secret.utf8)))
        guard let client = rules.clients[id], case .secret(let expected) = client.proof else { throw refusal("client-unknown") }
        guard isEqualInConstantTime(given, expected) else { throw refusal("client-secret", of: id) }
        return Authenticated(
            client: client, party: Party(issuer: rules.installation.issuer.identifier, subject: id), method: method, expires: nil)
    }

    // MARK: Certificates

    /// RFC 8705, 2.1, with the SPIFFE id for the name of the certificate. It tells the client, so that `client_id` may be left out.
    private func certified(_ peer: PeerCertificate, _ named: String?) throws(ExchangeError) -> Authenticated {
        guard let client = rules.clientsByIdentity[.spiffe(peer.id)], named.map({ CedarString($0) == client.id }) ?? true else {
            throw refusal("client-unregistered")
        }
        return Authenticated(
            client: client, party: Party(issuer: CedarString(peer.id.trustDomain), subject: peer.id.text), method: "tls_client_auth",
            expires: peer.expires, binding: peer.thumbprint)
    }

    // MARK: Assertions

    private static let bearerType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    private static let spiffeType = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe"

    private func asserted(_ form: FormParameters, now: Int64) async throws(ExchangeError) -> Authenticated {
        guard let text = form["client_assertion"], let type = form["client_assertion_type"] else { throw refusal("client-assertion") }
        var claimed: CedarString?
        do throws(TokenRefusal) {
            let token = try CompactToken(text)
            claimed = (try? token.claims.string("iss")).flatMap { rules.clients[$0]?.id }
            switch type {
            case ClientAuthentication.bearerType: return try await signed(token, form["client_id"], now: now)
            case ClientAuthentication.spiffeType: return try await svid(token, form["client_id"], now: now)
            default: throw TokenRefusal(.type)
            }
        } catch {
            throw refusal("client-" + error.reason.rawValue, error.detail, of: claimed)
        }
    }

    /// RFC 7523, 3: `iss` and `sub` are the client, `aud` is us, and each counts once.
    private func signed(_ token: CompactToken, _ named: String?, now: Int64) async throws(TokenRefusal) -> Authenticated {
        guard let id = try token.claims.string("iss"), try token.claims.string("sub") == id, named.map({ CedarString($0) == id }) ?? true else {
            throw TokenRefusal(.subject)
        }
        guard let client = rules.clients[id], case .assertion(let validator) = client.proof else { throw TokenRefusal(.issuerUnknown) }
        let verified = try await validator.validate(token, at: .client, audiences: rules.ownAudiences, now: now)
        guard verified.expires <= now + ClientAuthentication.longestAssertion else { throw TokenRefusal(.lifetime) }
        guard let use = verified.id else { throw TokenRefusal(.claim, "`jti` is missing") }
        switch replays.use(of: use, by: id, expires: verified.expires, now: now) {
        case .first: break
        case .again: throw TokenRefusal(.replayed)
        case .unremembered: throw TokenRefusal(.unremembered)
        }
        return Authenticated(
            client: client, party: Party(issuer: rules.installation.issuer.identifier, subject: id), method: "private_key_jwt", expires: nil)
    }

    /// SVIDs are shown many times, and need no `jti`.
    private func svid(_ token: CompactToken, _ named: String?, now: Int64) async throws(TokenRefusal) -> Authenticated {
        let verified = try await rules.installation.validator.validate(token, at: .client, audiences: rules.ownAudiences, now: now)
        guard verified.issuer.profile == .spiffe, let id = SPIFFEID(verified.subject.string) else { throw TokenRefusal(.subject) }
        guard let client = rules.clientsByIdentity[.spiffe(id)], named.map({ CedarString($0) == client.id }) ?? true else {
            throw TokenRefusal(.unregistered)
        }
        return Authenticated(client: client, party: verified.origin, method: "spiffe", expires: verified.expires)
    }
}
