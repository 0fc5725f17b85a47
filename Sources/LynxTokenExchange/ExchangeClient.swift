import Crypto
import LynxCedar
import LynxIdentity

/// Who may ask for tokens, and how it proves who it is.
public struct ExchangeClient: Sendable {
    public let id: CedarString
    public let registration: Registration
    public let proof: Proof
    /// Whether it may name an actor other than itself.
    public let mayNameActors: Bool

    public enum Proof: Sendable {
        /// The SHA-256 of a secret. Secrets are random and long, so that nothing slower is needed.
        case secret(sha256: [UInt8])
        /// Assertions that it signs (RFC 7523).
        case assertion(TokenValidator)
        /// A JWT-SVID whose subject is the SPIFFE id, or an X.509-SVID with it.
        case spiffe(SPIFFEID)
    }

    public init(id: CedarString, registration: Registration, proof: Proof, mayNameActors: Bool = false) {
        self.id = id
        self.registration = registration
        self.proof = proof
        self.mayNameActors = mayNameActors
    }
}

/// Compares in a time that does not tell how much is the same.
func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
}
