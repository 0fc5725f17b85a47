import LynxCedar
import NIOSSL
import SwiftASN1
import X509

/// The authorities of trust domains, by which X.509-SVIDs are verified: each domain's by its own only (SPIFFE Trust Domain and Bundle, 3).
public struct TrustBundles: Sendable {
    private let authorities: [String: CertificateStore]

    public init(_ authorities: [String: [Certificate]] = [:]) {
        self.authorities = authorities.mapValues { CertificateStore($0) }
    }

    public var trustDomains: Set<String> { Set(authorities.keys) }

    /// The certificates of a bundle in PEM.
    ///
    /// - Throws: when there are none, or one cannot be read.
    public static func certificates(pem: [UInt8]) throws(KeyFault) -> [Certificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(pem).map { try Certificate(derEncoded: $0.toDERBytes()) }
            guard !certificates.isEmpty else { throw KeyFault("there is no certificate") }
            return certificates
        } catch let fault as KeyFault {
            throw fault
        } catch {
            throw KeyFault("a certificate cannot be read: \(error)")
        }
    }

    /// The longest chain that is looked at, in certificates and in bytes.
    private static let maximumLength = 8
    private static let maximumSize = 32 * 1024

    /// Verifies what a client shows in the handshake.
    ///
    /// - Parameter chain: in DER, the client's own certificate first.
    /// - Throws: when it is no SVID, or the authorities of its own trust domain do not vouch for it.
    public func verify(_ chain: [[UInt8]]) async throws(TokenRefusal) -> PeerCertificate {
        guard let leaf = chain.first, chain.count <= TrustBundles.maximumLength, chain.reduce(0, { $0 + $1.count }) <= TrustBundles.maximumSize
        else { throw TokenRefusal(.certificate, "no chain") }
        let peer = try PeerCertificate(der: leaf, trustDomains: trustDomains)
        guard let roots = authorities[peer.id.trustDomain], let certificate = try? Certificate(derEncoded: leaf),
            let intermediates = try? chain.dropFirst().map({ try Certificate(derEncoded: $0) })
        else { throw TokenRefusal(.certificate, "not one that can be read") }
        var verifier = Verifier(rootCertificates: roots) {
            RFC5280Policy()
            SVIDPolicy()
        }
        guard case .validCertificate = await verifier.validate(leaf: certificate, intermediates: CertificateStore(intermediates)) else {
            throw TokenRefusal(.certificate, "of another authority")
        }
        return peer
    }
}

/// What a leaf may be used for. Its names, which may be critical, are looked at by ``X509SVID``.
private struct SVIDPolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.subjectAlternativeName, .X509ExtensionID.extendedKeyUsage]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        do {
            // X509-SVID, 4.4: where it is there, it must say so.
            guard let usage = try chain.leaf.extensions.extendedKeyUsage else { return .meetsPolicy }
            return usage.contains(.clientAuth) ? .meetsPolicy : .failsToMeetPolicy(reason: "not for clients")
        } catch {
            return .failsToMeetPolicy(reason: "usages that cannot be read")
        }
    }
}
