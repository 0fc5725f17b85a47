import LynxCedar
import NIOSSL
import SwiftASN1
import X509

/// The authorities of trust domains, by which X.509-SVIDs are verified: each domain's by its own only (SPIFFE Trust Domain and Bundle, 3).
public struct TrustBundles: Sendable {
    /// Where the authorities of a trust domain come from.
    public enum Source: Sendable {
        /// A file, as it was when it was read.
        case fixed([Certificate])
        /// A trust bundle that is fetched again and again.
        case remote(RemoteKeySet)
    }

    /// Those of one trust domain at one moment.
    struct Authorities: Sendable {
        let store: CertificateStore
        /// Another when they are others.
        let version: Int
    }

    private enum Held: Sendable {
        case fixed(CertificateStore)
        case remote(RemoteKeySet)
    }

    private let sources: [String: Held]
    public let trustDomains: Set<String>

    public init(_ sources: [String: Source] = [:]) {
        self.sources = sources.mapValues { source in
            switch source {
            case .fixed(let certificates): .fixed(CertificateStore(certificates))
            case .remote(let keys): .remote(keys)
            }
        }
        trustDomains = Set(sources.keys)
    }

    /// - Throws: when there are none, or they could not be fetched for too long.
    func authorities(of trustDomain: String) async throws(TokenRefusal) -> Authorities {
        switch sources[trustDomain] {
        case nil: throw TokenRefusal(.certificate, "another trust domain")
        case .fixed(let store)?: return Authorities(store: store, version: 0)
        case .remote(let keys)?: return try await keys.authorities()
        }
    }

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
        try await verified(chain).peer
    }

    /// - Returns: also by which state of the authorities.
    func verified(_ chain: [[UInt8]]) async throws(TokenRefusal) -> (peer: PeerCertificate, version: Int) {
        guard let leaf = chain.first, chain.count <= TrustBundles.maximumLength, chain.reduce(0, { $0 + $1.count }) <= TrustBundles.maximumSize
        else { throw TokenRefusal(.certificate, "no chain") }
        let peer = try PeerCertificate(der: leaf, trustDomains: trustDomains)
        let authorities = try await authorities(of: peer.id.trustDomain)
        guard let certificate = try? Certificate(derEncoded: leaf),
            let intermediates = try? chain.dropFirst().map({ try Certificate(derEncoded: $0) })
        else { throw TokenRefusal(.certificate, "not one that can be read") }
        var verifier = Verifier(rootCertificates: authorities.store) {
            RFC5280Policy()
            SVIDPolicy()
        }
        guard case .validCertificate = await verifier.validate(leaf: certificate, intermediates: CertificateStore(intermediates)) else {
            throw TokenRefusal(.certificate, "of another authority")
        }
        return (peer, authorities.version)
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
