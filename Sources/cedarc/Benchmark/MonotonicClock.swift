/// The clock of the measurements.
///
/// The C library's own: it is answered without a system call where Swift's clocks may make one.
enum MonotonicClock {
    /// Nanoseconds since some moment in the past.
    static var now: UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds that this thread has been running on a processor. Asking costs a system call.
    static var threadTime: UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Nanoseconds since an earlier moment of this clock.
    static func since(_ start: UInt64) -> Double { Double(now &- start) }

    /// What asking for the time takes, in nanoseconds: the median of many tries.
    static func cost() -> Double {
        let tries = (0..<200).map { _ in
            let start = now
            for _ in 0..<9 { _ = now }
            return since(start) / 10
        }
        return tries.quantile(0.5)
    }
}

extension Array<Double> {
    /// The smallest element that is not below the given part of all; 0 when there is none. `O(n log n)`.
    func quantile(_ part: Double) -> Double {
        sorted().sortedQuantile(part)
    }

    /// As ``quantile(_:)`` of elements in ascending order. `O(1)`.
    func sortedQuantile(_ part: Double) -> Double {
        guard let last else { return 0 }
        let index = Int((part * Double(count)).rounded(.up)) - 1
        return index < count - 1 ? self[Swift.max(0, index)] : last
    }
}
