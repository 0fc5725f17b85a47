import LynxCedar
import X509

/// The identity in a certificate that a TLS channel has verified (SPIFFE X509-SVID).
public enum X509SVID {
    /// - Parameter certificate: whose chain up to the roots of its trust domain has been checked already.
    /// - Throws: when there is not exactly one URI among its names, it is no SPIFFE id of one of the domains, or the certificate may sign others.
    public static func id(of certificate: Certificate, trustDomains: Set<String>) throws(TokenRefusal) -> SPIFFEID {
        let names: SubjectAlternativeNames
        do {
            guard let found = try certificate.extensions.subjectAlternativeNames else { throw TokenRefusal(.certificate, "no names") }
            names = found
        } catch let refusal as TokenRefusal {
            throw refusal
        } catch {
            throw TokenRefusal(.certificate, "names that cannot be read")
        }
        var uris: [String] = []
        for case .uniformResourceIdentifier(let uri) in names { uris.append(uri) }
        guard uris.count == 1, let id = SPIFFEID(uris[0]) else { throw TokenRefusal(.certificate, "not exactly one SPIFFE id") }
        guard trustDomains.contains(id.trustDomain) else { throw TokenRefusal(.certificate, "another trust domain") }
        // X509-SVID, 4.1: a leaf is no authority.
        if case .isCertificateAuthority? = try? certificate.extensions.basicConstraints {
            throw TokenRefusal(.certificate, "an authority's")
        }
        if let usage = try? certificate.extensions.keyUsage, usage.keyCertSign || usage.cRLSign {
            throw TokenRefusal(.certificate, "an authority's")
        }
        return id
    }
}
