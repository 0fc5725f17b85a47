import LynxCedar
import LynxIdentity
import Synchronization

/// Gives the credential that was minted for a caller and a destination again for some seconds: signing costs more than all the rest of a decision.
///
/// It tells the next hop nothing else than a new one would, and a gateway that keeps our answers sends it again as well. The record of each decision names it.
final class MintedCredentials: Sendable {
    /// For how long one is given again, in seconds; never for longer than a quarter of its own time.
    private static let lifetime: Int64 = 10
    private static let capacity = 10_000

    private struct Key: Hashable {
        let subject: Party
        let audience: CedarString
        let actors: [Party]
        let scopes: [CedarString]?
        let groups: [CedarString]
        /// When what the caller has shown ends: no credential outlives that.
        let bound: Int64?
    }

    private struct Entry {
        let issued: TokenIssuer.Issued
        let until: Int64
    }

    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameter bound: when what the caller has shown ends, in seconds since 1970.
    /// - Returns: `nil` when there is no key, or it cannot sign.
    func credential(saying contents: TokenIssuer.Contents, bound: Int64?, by issuer: TokenIssuer, now: Int64) -> TokenIssuer.Issued? {
        let key = Key(
            subject: contents.subject, audience: contents.audience, actors: contents.actors.actors, scopes: contents.scopes, groups: contents.groups,
            bound: bound)
        if let entry = entries.withLock({ $0[key] }), now < entry.until { return entry.issued }
        guard let issued = issuer.issue(contents, id: RandomID.make(), now: now) else { return nil }
        let until = now + min(MintedCredentials.lifetime, (contents.expires - now) / 4)
        entries.withLock { entries in
            if entries.count >= MintedCredentials.capacity { entries = entries.filter { $0.value.until > now } }
            if entries.count < MintedCredentials.capacity { entries[key] = Entry(issued: issued, until: until) }
        }
        return issued
    }
}
