import Foundation
import LynxCedar
import X509

/// What a trust domain publishes about itself, in one JWK set (SPIFFE Trust Domain and Bundle, 4): the keys of its JWT-SVIDs, and the authorities of its X.509-SVIDs.
public struct TrustBundle: Sendable {
    public let keys: KeySet
    public let authorities: [Certificate]
    /// Grows with each change; `nil` where it is not told.
    let sequence: Int64?
    /// How often to look for changes, in seconds; `nil` where it is not told.
    let refreshHint: Int64?

    /// Reads a bundle. Entries that are of no use to us are left out; one without entries has withdrawn all that it ever had (4.1.1), and nobody is vouched for by it.
    ///
    /// - Throws: when the text is no JWK set, or one of its figures is none.
    public init(json text: some Collection<UInt8>) throws(KeyFault) {
        let (bundle, elements) = try KeySet.elements(of: text)
        var keys: [VerificationKey] = []
        var authorities: [Certificate] = []
        for element in elements {
            guard case .object(let members) = element.kind else { continue }
            let entry = Claims(members)
            switch entry.text("use") {
            case "jwt-svid"?:
                // 4.2.3: they have an id.
                if let key = VerificationKey(element), key.id != nil { keys.append(key) }
            case "x509-svid"?:
                if let authority = TrustBundle.authority(entry) { authorities.append(authority) }
            default:
                // 4.2.2: entries of other uses, and of none, must be passed over.
                break
            }
        }
        self.keys = KeySet(keys)
        self.authorities = authorities
        sequence = try TrustBundle.number("spiffe_sequence", bundle)
        refreshHint = try TrustBundle.number("spiffe_refresh_hint", bundle)
    }

    /// 4.2.3: `x5c` has exactly one certificate, in base64 with padding (RFC 7517, 4.7), and it is an authority's. A key with a private part is not secret any more.
    private static func authority(_ entry: Claims) -> Certificate? {
        guard entry["d"] == nil, case .array(let chain)? = entry["x5c"]?.kind, chain.count == 1, case .string(let text) = chain[0].kind,
            let der = Data(base64Encoded: text.string), let certificate = try? Certificate(derEncoded: Array(der)),
            case .isCertificateAuthority? = try? certificate.extensions.basicConstraints
        else { return nil }
        return certificate
    }

    private static func number(_ name: CedarString, _ bundle: Claims) throws(KeyFault) -> Int64? {
        guard let value = bundle[name] else { return nil }
        guard case .integer(let number) = value.kind, number >= 0 else { throw KeyFault("`\(name)` of the trust bundle is not a number") }
        return number
    }
}
