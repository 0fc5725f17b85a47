/// Where the keys of an issuer come from.
public enum KeySource: Sendable {
    /// A file, as it was when it was read.
    case fixed(KeySet)
    case remote(RemoteKeySet)
    /// Our own.
    case ring(KeyRing)

    func key(for header: TokenHeader) async throws(TokenRefusal) -> VerificationKey {
        switch self {
        case .fixed(let keys): try keys.key(for: header)
        case .remote(let keys): try await keys.key(for: header)
        case .ring(let ring): try ring.published.key(for: header)
        }
    }

    public var isReady: Bool {
        switch self {
        case .fixed, .ring: true
        case .remote(let keys): keys.isReady
        }
    }
}
