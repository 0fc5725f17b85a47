import LynxCedar
import LynxIdentity
import Synchronization

/// Mints credentials, and where it is told to gives the one for a caller and a destination again for some seconds: signing costs more than all
/// the rest of a decision.
///
/// What is given again tells the next hop nothing else than a new one would, and a gateway that keeps our answers sends it again as well. The record of each decision names it.
final class MintedCredentials: Sendable {
    /// For how long one is given again, in seconds, and never for longer than a quarter of its own time.
    private let lifetime: Int64
    private static let capacity = 10_000

    private struct Key: Hashable {
        let subject: Party
        let audience: CedarString
        let actors: [Party]
        let mayAct: [Party]?
        let scopes: [CedarString]?
        let groups: [CedarString]
        /// When what the caller has shown ends: no credential outlives that.
        let bound: Int64?
    }

    private let minted = Mutex(ExpiringCache<Key, TokenIssuer.Issued>(capacity: MintedCredentials.capacity))

    init(reusedFor lifetime: Int64) {
        self.lifetime = lifetime
    }

    /// - Parameter bound: when what the caller has shown ends, in seconds since 1970.
    /// - Returns: `nil` when there is no key, or it cannot sign.
    func credential(saying contents: TokenIssuer.Contents, bound: Int64?, by issuer: TokenIssuer, now: Int64) -> TokenIssuer.Issued? {
        guard lifetime > 0 else { return issuer.issue(contents, id: RandomID.make(), now: now) }
        let key = Key(
            subject: contents.subject, audience: contents.audience, actors: contents.actors.actors, mayAct: contents.mayAct, scopes: contents.scopes,
            groups: contents.groups, bound: bound)
        if let issued = minted.withLock({ $0.value(of: key, now: now) }) { return issued }
        guard let issued = issuer.issue(contents, id: RandomID.make(), now: now) else { return nil }
        let until = now + min(lifetime, (contents.expires - now) / 4)
        minted.withLock { _ = $0.take(issued, for: key, until: until, now: now) }
        return issued
    }
}
