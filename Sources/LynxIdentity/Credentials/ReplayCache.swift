import Crypto
import LynxCedar
import Synchronization

/// Which assertions have been used: each counts once.
///
/// Each client has room of its own for 16,384 uses, in which nothing is forgotten that could still be used. When it is full, no more of that client's assertions are taken until
/// some have ended: nobody gets in twice by filling it, and no client takes another's room. A use is kept as a hash, however long its id is: less than
/// 3 MB for a client. Only clients that are known and have signed come here, so that there are no more of them than the configuration has named.
public final class ReplayCache: Sendable {
    public enum Use: Hashable, Sendable {
        case first
        case again
        /// There is no room to remember it, and so it must not count.
        case unremembered
    }

    /// How many uses of a client are remembered.
    private let capacity: Int
    private let clients = Mutex<[CedarString: ExpiringCache<SHA256.Digest, Void>]>([:])

    public init(capacity: Int = 16_384) {
        self.capacity = capacity
    }

    /// - Parameters:
    ///   - id: of the assertion (`jti`).
    ///   - client: who has signed it.
    ///   - expires: of the assertion, in seconds since 1970.
    public func use(of id: CedarString, by client: CedarString, expires: Int64, now: Int64) -> Use {
        let hash = SHA256.hash(data: Array(id.string.utf8))
        // Behind its end an assertion is still taken for so long.
        let until = expires + TokenValidator.skew
        return clients.withLock { clients in
            if clients[client]?.value(of: hash, now: now) != nil { return .again }
            let isTaken = clients[client, default: ExpiringCache(capacity: capacity)].take((), for: hash, until: until, now: now)
            return isTaken ? .first : .unremembered
        }
    }
}
