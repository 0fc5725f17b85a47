import LynxCedar
import LynxIdentity
import Synchronization

/// Remembers for a while the authorizers that know what questions bring along: callers ask about the same tools again and again, and to lay entities over
/// those that are there costs more than to decide.
final class OverlaidAuthorizers: Sendable {
    /// All that the entities depend on which a question brings along, beside those that are there.
    struct Overlay: Hashable {
        let resource: EntityUID
        let parent: EntityUID?
        let user: EntityUID?
        let groups: [CedarString]
        /// The user's claims that are texts, each with its name before it.
        let claims: [CedarString]
    }

    struct Pair: Sendable {
        let authorizer: Authorizer
        let shadow: Authorizer?
    }

    /// In milliseconds.
    private static let lifetime: Int64 = 60_000
    private static let capacity = 256
    /// What the lists of all of them may take together, in bytes; beside these each has pages of its own for what differs.
    private static let room = 64 << 20

    private let pairs: Mutex<ExpiringCache<Overlay, Pair>>

    /// - Parameter entityCount: of the store that entities are laid over. Each pair has lists of all its pages, about a byte for each entity.
    init(entityCount: Int) {
        pairs = Mutex(ExpiringCache(capacity: min(OverlaidAuthorizers.capacity, OverlaidAuthorizers.room / max(1, entityCount))))
    }

    /// - Parameters:
    ///   - now: in milliseconds since 1970.
    ///   - make: called where the pair is not remembered; what it cannot make is not remembered either.
    func pair(with overlay: Overlay, now: Int64, _ make: () -> Pair?) -> Pair? {
        if let pair = pairs.withLock({ $0.value(of: overlay, now: now) }) { return pair }
        guard let pair = make() else { return nil }
        pairs.withLock { _ = $0.take(pair, for: overlay, until: now + OverlaidAuthorizers.lifetime, now: now) }
        return pair
    }
}
