import Crypto
import LynxCedar
import LynxIdentity
import LynxPolicy
import Synchronization

/// Remembers for a few seconds whose token was taken: agents show the same one with call after call, and checking a signature costs more than all the rest.
///
/// A caller is remembered by the token together with the audiences and the certificate that it was checked for. What was refused is never remembered.
final class VerifiedCallers: Sendable {
    /// A key that is withdrawn is used that much longer, in seconds.
    private static let lifetime: Int64 = 10
    private static let capacity = 10_000

    private struct Key: Hashable {
        let token: SHA256.Digest
        let audiences: [CedarString]
        let certificate: CedarString?
    }

    private let callers = Mutex(ExpiringCache<Key, Caller>(capacity: VerifiedCallers.capacity))

    func caller(
        showing text: Substring, in installation: Installation, audiences: [CedarString], certificate: CedarString?, now: Int64
    ) async throws(TokenRefusal) -> Caller {
        guard text.utf8.count <= CompactToken.maximumSize else { throw TokenRefusal(.tooLarge) }
        let key = Key(token: SHA256.hash(data: Array(text.utf8)), audiences: audiences, certificate: certificate)
        if let caller = callers.withLock({ $0.value(of: key, now: now) }) { return caller }
        let token = try await installation.validator.validate(text, at: .decision, audiences: audiences, certificate: certificate, now: now)
        let caller = try installation.callers.caller(showing: token)
        let until = min(now + VerifiedCallers.lifetime, token.believedUntil)
        // Whoever has more tokens than there is room for pays for the checking of each.
        callers.withLock { _ = $0.take(caller, for: key, until: until, now: now) }
        return caller
    }
}
