import LynxCedar
import Synchronization

/// Verifies the certificates of peers: in the handshake, and by the authorities of the moment with each request that follows.
///
/// A session that is resumed is not verified again by TLS, and a channel may stay open for long: an authority that is withdrawn would go on vouching for those that it has
/// vouched for. Resumed sessions have no certificates of authorities in between, so those of the handshake are kept here.
public final class PeerVerifier: Sendable {
    private struct Verified {
        let chain: [[UInt8]]
        /// By which bundles, and by which state of the peer's own.
        let generation: Int
        let version: Int
    }

    private struct State {
        var bundles: TrustBundles
        var generation = 0
        /// By the thumbprint of the peer's own certificate.
        var verified = ExpiringCache<CedarString, Verified>(capacity: PeerVerifier.capacity)
    }

    private let state: Mutex<State>

    /// How many certificates are remembered. Those that are not must do without authorities in between.
    private static let capacity = 4096

    public init(_ bundles: TrustBundles) {
        state = Mutex(State(bundles: bundles))
    }

    /// Puts other bundles in force: what was verified is verified again when it is next seen.
    public func replace(with bundles: TrustBundles) {
        state.withLock { state in
            state.bundles = bundles
            state.generation += 1
        }
    }

    /// Verifies what a peer shows in the handshake.
    ///
    /// - Parameter chain: in DER, the peer's own certificate first.
    @discardableResult
    public func verify(_ chain: [[UInt8]]) async throws(TokenRefusal) -> PeerCertificate {
        let (bundles, generation) = state.withLock { ($0.bundles, $0.generation) }
        let (peer, version) = try await bundles.verified(chain)
        let verified = Verified(chain: chain, generation: generation, version: version)
        state.withLock { _ = $0.verified.take(verified, for: peer.thumbprint, until: peer.expires, now: WallClock.now()) }
        return peer
    }

    /// The peer of a channel whose handshake was verified at some time.
    ///
    /// - Parameter der: the peer's own certificate.
    /// - Throws: when nobody vouches for it now.
    public func peer(_ der: [UInt8]) async throws(TokenRefusal) -> PeerCertificate {
        let thumbprint = PeerCertificate.thumbprint(der: der)
        let now = WallClock.now()
        let (bundles, generation, verified) = state.withLock { ($0.bundles, $0.generation, $0.verified.value(of: thumbprint, now: now)) }
        guard let verified, verified.generation == generation else { return try await verify(verified?.chain ?? [der]) }
        let peer = try PeerCertificate(der: der, trustDomains: bundles.trustDomains, now: now)
        let authorities = try await bundles.authorities(of: peer.id.trustDomain)
        return authorities.version == verified.version ? peer : try await verify(verified.chain)
    }
}
