import LynxCedar

/// A token's header (RFC 7515, 4), of which only what stands on a list is taken.
public struct TokenHeader: Sendable {
    public let algorithm: SignatureAlgorithm
    public let keyID: CedarString?
    /// In lower case and without `application/` (RFC 7515, 4.1.9).
    public let type: String?

    /// The longest key id, in bytes: ids are remembered.
    static let maximumKeyIDSize = 256

    /// Parameters that say nothing about where a key comes from. `x5t` names a certificate by its hash and is not looked at.
    private static let allowed: Set<CedarString> = ["alg", "typ", "kid", "x5t", "x5t#S256"]

    init(_ json: JSONValue) throws(TokenRefusal) {
        guard case .object(let members) = json.kind else { throw TokenRefusal(.malformedHeader, "not an object") }
        for member in members where !TokenHeader.allowed.contains(member.name) {
            // RFC 7515, 4.1.11: extensions that must be understood. None are.
            if member.name == "crit" { throw TokenRefusal(.critical) }
            throw TokenRefusal(.headerParameter, TokenHeader.forbidden.contains(member.name) ? "`\(member.name)`" : nil)
        }
        let header = Claims(members)
        algorithm = try TokenHeader.algorithm(header)
        keyID = try TokenHeader.keyID(header)
        type = try TokenHeader.type(header)
    }

    /// Those of the parameters that are not taken whose names are quoted.
    private static let forbidden: Set<CedarString> = ["jku", "jwk", "x5u", "x5c", "b64", "zip", "enc", "cty", "epk", "apu", "apv"]

    private static func algorithm(_ header: Claims) throws(TokenRefusal) -> SignatureAlgorithm {
        guard let value = header["alg"] else { throw TokenRefusal(.algorithmMissing) }
        guard case .string(let name) = value.kind else { throw TokenRefusal(.malformedHeader, "`alg` is not a text") }
        guard let algorithm = SignatureAlgorithm(rawValue: name.string) else { throw TokenRefusal(.algorithmForbidden) }
        return algorithm
    }

    private static func keyID(_ header: Claims) throws(TokenRefusal) -> CedarString? {
        guard let value = header["kid"] else { return nil }
        guard case .string(let id) = value.kind, !id.string.isEmpty, id.string.utf8.count <= maximumKeyIDSize else {
            throw TokenRefusal(.keyID)
        }
        return id
    }

    private static func type(_ header: Claims) throws(TokenRefusal) -> String? {
        guard let value = header["typ"] else { return nil }
        guard case .string(let text) = value.kind else { throw TokenRefusal(.type) }
        let type = text.string.lowercased()
        return type.hasPrefix("application/") ? String(type.dropFirst("application/".count)) : type
    }
}
