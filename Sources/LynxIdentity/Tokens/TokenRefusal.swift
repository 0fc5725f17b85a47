/// Why a token was not taken.
///
/// The reason goes into the audit record and never to whoever sent the token. Neither part holds anything of the token but names that are
/// checked against lists before they are quoted.
public struct TokenRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let reason: Reason
    public let detail: String?

    public init(_ reason: Reason, _ detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }

    public var description: String { detail.map { "\(reason.rawValue): \($0)" } ?? reason.rawValue }

    /// The step of the pipeline that said no, in its order.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        // The envelope.
        case tooLarge = "token-too-large"
        case segments = "token-segments"
        case encoding = "token-encoding"
        case malformedHeader = "header-malformed"
        case malformedClaims = "claims-malformed"
        // The header.
        case headerParameter = "header-parameter"
        case critical = "header-critical"
        case algorithmMissing = "algorithm-missing"
        case algorithmForbidden = "algorithm-forbidden"
        case type = "token-type"
        case keyID = "key-id"
        // The issuer.
        case issuerMissing = "issuer-missing"
        case issuerUnknown = "issuer-unknown"
        case issuerNotHere = "issuer-not-accepted-here"
        case algorithmNotAllowed = "algorithm-not-allowed"
        // The key.
        case keysUnavailable = "keys-unavailable"
        case keysStale = "keys-stale"
        case keyUnknown = "key-unknown"
        case keyAmbiguous = "key-ambiguous"
        case keyMismatch = "key-mismatch"
        case signature = "signature"
        // Time.
        case expiryMissing = "expiry-missing"
        case expired = "expired"
        case notYetValid = "not-yet-valid"
        case issuedInFuture = "issued-in-future"
        case lifetime = "lifetime-too-long"
        // Audience and claims.
        case audienceMissing = "audience-missing"
        case audience = "audience"
        case authorizedParty = "authorized-party"
        case subject = "subject"
        case claim = "claim"
        case idToken = "id-token"
        case actorChain = "actor-chain"
        case actorCycle = "actor-cycle"
        case confirmation = "confirmation"
        case replayed = "replayed"
        /// There is no room to remember one more that counts once.
        case unremembered = "assertions-too-many"
        // Kubernetes.
        case reviewRefused = "review-refused"
        case reviewUnavailable = "review-unavailable"
        // Who it is.
        case unregistered = "unregistered"
        // Certificates.
        case certificate = "certificate"
    }
}
