/// The signatures that are taken (RFC 7518, 3.1; RFC 8037). There is none without a key, and none with a shared secret: a public key could be taken for one.
public enum SignatureAlgorithm: String, CaseIterable, Hashable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// What a JWT-SVID may be signed with (SPIFFE JWT-SVID, 2.1).
    static let spiffe = Set(allCases).subtracting([.edDSA])
}
