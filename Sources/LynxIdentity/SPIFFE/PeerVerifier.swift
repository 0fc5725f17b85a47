import LynxCedar
import Synchronization

/// Verifies the certificates of peers: in the handshake, and by the authorities of the moment with each request that follows.
///
/// A session that is resumed is not verified again by TLS, and a channel may stay open for long: an authority that is withdrawn would go on vouching for those that it has
/// vouched for. Resumed sessions have no certificates of authorities in between, so those of the handshake are kept here.
public final class PeerVerifier: Sendable {
    private struct Verified {
        let chain: [[UInt8]]
        let expires: Int64
        /// By which bundles.
        var generation: Int
    }

    private struct State {
        var bundles: TrustBundles
        var generation = 0
        /// By the thumbprint of the peer's own certificate.
        var verified: [CedarString: Verified] = [:]
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
        let peer = try await bundles.verify(chain)
        let now = WallClock.now()
        state.withLock { state in
            if state.verified.count >= PeerVerifier.capacity { state.verified = state.verified.filter { now < $0.value.expires } }
            if state.verified.count < PeerVerifier.capacity || state.verified[peer.thumbprint] != nil {
                state.verified[peer.thumbprint] = Verified(chain: chain, expires: peer.expires, generation: generation)
            }
        }
        return peer
    }

    /// The peer of a channel whose handshake was verified at some time.
    ///
    /// - Parameter der: the peer's own certificate.
    /// - Throws: when nobody vouches for it now.
    public func peer(_ der: [UInt8]) async throws(TokenRefusal) -> PeerCertificate {
        let thumbprint = PeerCertificate.thumbprint(der: der)
        let (bundles, generation, verified) = state.withLock { ($0.bundles, $0.generation, $0.verified[thumbprint]) }
        if let verified, verified.generation == generation { return try PeerCertificate(der: der, trustDomains: bundles.trustDomains) }
        return try await verify(verified?.chain ?? [der])
    }
}
