import HeapModule

/// Values that count until a time of their own, so many of them at most.
///
/// What still counts is never given up for something new: a full cache takes nothing more, and whoever asks does without it, or refuses. What has ended goes two at a time with
/// what comes, so that nobody who waits for a lock around the cache waits for a sweep.
///
/// - Complexity: looking is O(1), taking O(log n) in the number of values, in the worst case.
public struct ExpiringCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        let until: Int64
    }

    /// When an entry ends. One that was put in place of another leaves the other's end behind, which then says nothing.
    private struct End: Comparable {
        let until: Int64
        let key: Key

        static func < (lhs: End, rhs: End) -> Bool { lhs.until < rhs.until }
        static func == (lhs: End, rhs: End) -> Bool { lhs.until == rhs.until }
    }

    private var entries: [Key: Entry] = [:]
    // Invariant: each entry has an end here, so that their number bounds that of the entries.
    private var ends = Heap<End>()
    private let capacity: Int

    /// How many ended entries go when one comes. One more than come, so that there are fewer and fewer of them.
    private static var removals: Int { 2 }

    /// - Parameter capacity: how many values there are at most, those counted that have been replaced and have not ended.
    public init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many values are held, those included that have ended and were not removed yet.
    public var count: Int { entries.count }

    /// The value of a key that counts at a time; `nil` when there is none.
    public func value(of key: Key, now: Int64) -> Value? {
        guard let entry = entries[key], now < entry.until else { return nil }
        return entry.value
    }

    /// Takes a value, in place of the one that the key has.
    ///
    /// - Parameters:
    ///   - until: the time from which on it does not count; in the unit of `now`, as all times here.
    /// - Returns: whether it was taken: not when the cache is full of what still counts, and not when it has ended already.
    @discardableResult
    public mutating func take(_ value: Value, for key: Key, until: Int64, now: Int64) -> Bool {
        removeEnded(now: now)
        guard now < until else { return false }
        if entries[key]?.until == until {
            entries[key]?.value = value
            return true
        }
        guard ends.count < capacity else { return false }
        entries[key] = Entry(value: value, until: until)
        ends.insert(End(until: until, key: key))
        return true
    }

    private mutating func removeEnded(now: Int64) {
        for _ in 0..<ExpiringCache.removals {
            guard let first = ends.min, first.until <= now, let end = ends.popMin() else { return }
            if entries[end.key]?.until == end.until { entries[end.key] = nil }
        }
    }
}
