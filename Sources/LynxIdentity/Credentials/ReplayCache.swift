import LynxCedar
import Synchronization

/// Which assertions have been used: each counts once.
///
/// The cache is bounded and forgets nothing that could still be used. When it is full it takes nothing more, so nobody gets in twice by filling it.
public final class ReplayCache: Sendable {
    private struct Use: Hashable {
        let issuer: CedarString
        let id: CedarString
    }

    private struct State {
        /// With the time from which the assertion is refused anyway.
        var uses: [Use: Int64] = [:]
        var nextSweep: Int64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    public init(capacity: Int = 100_000) {
        self.capacity = capacity
    }

    /// - Parameter expires: of the assertion, in seconds since 1970.
    /// - Returns: whether this is the first use. Not when there is no room to remember it.
    public func isFirstUse(of id: CedarString, by issuer: CedarString, expires: Int64, now: Int64) -> Bool {
        state.withLock { state in
            if now >= state.nextSweep || state.uses.count >= capacity {
                state.uses = state.uses.filter { $0.value > now }
                state.nextSweep = now + 60
            }
            guard state.uses.count < capacity else { return false }
            return state.uses.updateValue(expires + TokenValidator.skew, forKey: Use(issuer: issuer, id: id)) == nil
        }
    }
}
