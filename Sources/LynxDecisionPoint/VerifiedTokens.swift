import Crypto
import LynxCedar
import LynxIdentity
import Synchronization

/// Remembers for a few seconds that a token was taken: agents show the same one with call after call, and checking a signature costs more than all the rest.
///
/// A token is remembered together with the audiences and the certificate that it was checked for. What was refused is never remembered.
final class VerifiedTokens: Sendable {
    /// A key that is withdrawn is used that much longer, in seconds.
    private static let lifetime: Int64 = 10
    private static let capacity = 10_000

    private struct Key: Hashable {
        let token: SHA256.Digest
        let audiences: [CedarString]
        let certificate: CedarString?
    }

    private let tokens = Mutex(ExpiringCache<Key, VerifiedToken>(capacity: VerifiedTokens.capacity))

    func verified(
        _ text: Substring, by validator: TokenValidator, audiences: [CedarString], certificate: CedarString?, now: Int64
    ) async throws(TokenRefusal) -> VerifiedToken {
        guard text.utf8.count <= CompactToken.maximumSize else { throw TokenRefusal(.tooLarge) }
        let key = Key(token: SHA256.hash(data: Array(text.utf8)), audiences: audiences, certificate: certificate)
        if let token = tokens.withLock({ $0.value(of: key, now: now) }) { return token }
        let token = try await validator.validate(text, at: .decision, audiences: audiences, certificate: certificate, now: now)
        let until = min(now + VerifiedTokens.lifetime, token.believedUntil)
        // Whoever has more tokens than there is room for pays for the checking of each.
        tokens.withLock { _ = $0.take(token, for: key, until: until, now: now) }
        return token
    }
}
