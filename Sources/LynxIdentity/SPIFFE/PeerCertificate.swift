import Crypto
import Foundation
import LynxCedar
import NIOSSL
import X509

/// The X.509-SVID at the other end of a channel whose handshake has verified it.
public struct PeerCertificate: Hashable, Sendable {
    public let id: SPIFFEID
    /// What tokens are bound to: see ``thumbprint(der:)``.
    public let thumbprint: CedarString
    /// In seconds since 1970.
    public let expires: Int64

    /// - Throws: when it is no SVID of one of the trust domains, or has ended since the handshake.
    init(der: [UInt8], trustDomains: Set<String>, now: Int64 = WallClock.now()) throws(TokenRefusal) {
        guard let certificate = try? Certificate(derEncoded: der) else { throw TokenRefusal(.certificate, "not one that can be read") }
        id = try X509SVID.id(of: certificate, trustDomains: trustDomains)
        thumbprint = PeerCertificate.thumbprint(der: der)
        expires = Int64(certificate.notValidAfter.timeIntervalSince1970)
        // A channel may outlive the certificate that it was opened with.
        guard now < expires else { throw TokenRefusal(.certificate, "expired") }
    }

    /// `x5t#S256`: the SHA-256 of a certificate's DER, in base64url (RFC 8705, 3.1).
    public static func thumbprint(der: [UInt8]) -> CedarString {
        CedarString(Base64URL.encode(SHA256.hash(data: der)))
    }

    /// The same of a certificate in PEM, as gateways pass it on; of several, the first is the caller's.
    ///
    /// - Returns: `nil` when it cannot be read.
    public static func thumbprint(pem: String) -> CedarString? {
        guard pem.utf8.count <= maximumSize, let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)),
            let der = try? certificates.first?.toDERBytes()
        else { return nil }
        return thumbprint(der: der)
    }

    /// Of a text with certificates in PEM, in bytes.
    private static let maximumSize = 64 * 1024
}
