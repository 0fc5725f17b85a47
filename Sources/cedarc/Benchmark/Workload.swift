import LynxCedar

/// Requests that are decided again and again, in their order, from the first one after the last.
struct Workload: Sendable {
    let authorizer: Authorizer
    /// At least one.
    let requests: [Request]
    private let held: HeldRequests

    init(authorizer: Authorizer, requests: [Request]) {
        self.authorizer = authorizer
        self.requests = requests
        held = HeldRequests(requests)
    }

    /// The same with no more than `count` requests, evenly picked.
    func sampled(to count: Int) -> Workload {
        Workload(authorizer: authorizer, requests: requests.evenlySampled(count))
    }

    /// Decides `count` requests, starting with the one at `index`, and moves `index` on.
    ///
    /// - Returns: how many were allowed: nobody may find that the decisions are not needed and leave them out.
    @inline(never)
    func decide(_ count: Int, from index: inout Int) -> Int {
        var allowed = 0
        var next = index
        for _ in 0..<count {
            if held.decision(at: next, by: authorizer) == .allow { allowed += 1 }
            next += 1
            if next == held.count { next = 0 }
        }
        index = next
        return allowed
    }

    /// Decides requests for so many nanoseconds, at least one.
    ///
    /// - Returns: the nanoseconds that a decision took on average, without those in which the thread had to wait for a processor.
    func warmUp(for budget: Double) -> Double {
        let start = MonotonicClock.now
        let startOfWork = MonotonicClock.threadTime
        var index = 0
        var decided = 0
        var step = 1
        while true {
            _ = decide(step, from: &index)
            decided += step
            let elapsed = MonotonicClock.since(start)
            guard elapsed < budget else { return Double(MonotonicClock.threadTime - startOfWork) / Double(decided) }
            // Larger steps as long as they stay small against the budget.
            if elapsed * 20 < budget { step *= 2 }
        }
    }
}

extension Array {
    /// No more than `limit` elements, evenly picked, in their order.
    func evenlySampled(_ limit: Int) -> [Element] {
        guard count > limit, limit > 0 else { return self }
        return (0..<limit).map { self[$0 * count / limit] }
    }
}
