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

    private struct Entry {
        let token: VerifiedToken
        let until: Int64
    }

    private let entries = Mutex<[Key: Entry]>([:])

    func verified(
        _ text: Substring, by validator: TokenValidator, audiences: [CedarString], certificate: CedarString?, now: Int64
    ) async throws(TokenRefusal) -> VerifiedToken {
        guard text.utf8.count <= CompactToken.maximumSize else { throw TokenRefusal(.tooLarge) }
        let key = Key(token: SHA256.hash(data: Array(text.utf8)), audiences: audiences, certificate: certificate)
        if let entry = entries.withLock({ $0[key] }), now < entry.until { return entry.token }
        let token = try await validator.validate(text, at: .decision, audiences: audiences, certificate: certificate, now: now)
        let until = min(now + VerifiedTokens.lifetime, token.believedUntil)
        entries.withLock { entries in
            if entries.count >= VerifiedTokens.capacity { entries = entries.filter { $0.value.until > now } }
            // Whoever has that many tokens pays for the checking of each.
            if entries.count < VerifiedTokens.capacity { entries[key] = Entry(token: token, until: until) }
        }
        return token
    }
}
