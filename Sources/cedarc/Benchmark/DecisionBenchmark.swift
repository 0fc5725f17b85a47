import LynxCedar

/// Measures what one decision takes: whole rounds for the throughput, small batches for the spread.
struct DecisionBenchmark {
    let workload: Workload
    let threads: Int
    /// How long all of it may take, in nanoseconds; a pass over the requests that is under way is finished.
    let budget: Double

    /// How many rounds there are when a pass over the requests is short against the budget.
    private static let rounds = 20.0
    /// How many times as long as a look at the clock a batch takes: the clock's own cost is taken off, and what is left of it is lost in the noise.
    private static let clockLooksInABatch = 20.0
    /// More batches than this say nothing new about the 99th percentile.
    private static let maximumBatches = 200_000

    /// What the measurements came to; times are in nanoseconds.
    struct Figures {
        let threads: Int
        /// How many requests took part: all of them, or an even sample where all would take too long.
        let requests: Int
        /// What a decision took in each round, on one of the threads.
        let rounds: [Double]
        /// The same while only one thread was deciding; `nil` where there is no more than one.
        let aloneRounds: [Double]?
        /// What a decision took in each batch, in ascending order.
        let latencies: [Double]
        /// How many decisions a batch has.
        let batchSize: Int
        let clockCost: Double
        let decisions: Int
        let allocations: Double?

        var nanosecondsPerDecision: Double { rounds.quantile(0.5) }
        var decisionsPerSecond: Double { Double(threads) * 1e9 / nanosecondsPerDecision }
        /// How many times as many decisions all threads make as one alone.
        var speedup: Double? {
            aloneRounds.map { Double(threads) * $0.quantile(0.5) / nanosecondsPerDecision }
        }
    }

    func run() throws(Failure) -> Figures {
        let clockCost = MonotonicClock.cost()
        let estimate = workload.warmUp(for: budget * 0.2)
        // A pass must fit in the budget of the rounds several times.
        let affordable = max(1, Int(clamping: budget * 0.1 / max(estimate, 1)))
        let workload = workload.sampled(to: affordable)
        let batchSize = max(
            1, Int(clamping: (clockCost * DecisionBenchmark.clockLooksInABatch / max(estimate, 1)).rounded(.up)))

        let share = budget * (threads > 1 ? 0.25 : 0.4)
        let alone = threads > 1 ? Worker(workload, estimate).measureRounds(for: share, first: 0) : nil
        let roundsOfThreads = try onEveryThread { Worker(workload, estimate).measureRounds(for: share, first: $0) }
        let latenciesOfThreads = try onEveryThread {
            Worker(workload, estimate).measureBatches(
                of: batchSize, for: budget * 0.2, atMost: DecisionBenchmark.maximumBatches / threads,
                clockCost: clockCost, first: $0)
        }
        return Figures(
            threads: threads, requests: workload.requests.count,
            rounds: roundsOfThreads.flatMap(\.times), aloneRounds: alone?.times,
            latencies: latenciesOfThreads.flatMap { $0 }.sorted(),
            batchSize: batchSize, clockCost: clockCost,
            decisions: roundsOfThreads.reduce(alone?.decisions ?? 0) { $0 + $1.decisions },
            allocations: allocations(of: workload))
    }

    /// One thread's measurements are made on the program's own: a thread of its own would be one more thing that differs from ordinary use.
    private func onEveryThread<Result: Sendable>(
        _ body: @escaping @Sendable (Int) -> Result
    ) throws(Failure) -> [Result] {
        threads == 1 ? [body(0)] : try WorkerThreads.run(threads, body)
    }

    /// How many blocks of memory a decision allocates; `nil` where nobody counts.
    private func allocations(of workload: Workload) -> Double? {
        guard let counter = AllocationCounter() else { return nil }
        var index = 0
        let before = counter.count
        _ = workload.decide(workload.requests.count, from: &index)
        return Double(counter.count - before) / Double(workload.requests.count)
    }
}

extension DecisionBenchmark {
    /// What one thread does.
    private struct Worker: Sendable {
        let workload: Workload
        /// What a decision takes, about.
        let estimate: Double

        init(_ workload: Workload, _ estimate: Double) {
            self.workload = workload
            self.estimate = estimate
        }

        /// Goes over all requests in each round, as often as its share of the budget allows and once at least.
        ///
        /// - Parameter first: the number of the thread: threads start at different requests.
        func measureRounds(for budget: Double, first: Int) -> (times: [Double], decisions: Int) {
            let pass = Double(workload.requests.count) * estimate
            let passes = max(1, Int(clamping: budget / DecisionBenchmark.rounds / max(pass, 1)))
            let count = passes * workload.requests.count
            var index = first % workload.requests.count
            var times: [Double] = []
            let begin = MonotonicClock.now
            repeat {
                let start = MonotonicClock.now
                _ = workload.decide(count, from: &index)
                times.append(MonotonicClock.since(start) / Double(count))
            } while MonotonicClock.since(begin) < budget
            return (times, count * times.count)
        }

        func measureBatches(
            of size: Int, for budget: Double, atMost limit: Int, clockCost: Double, first: Int
        ) -> [Double] {
            var times: [Double] = []
            var index = first % workload.requests.count
            let begin = MonotonicClock.now
            var end = begin
            repeat {
                let start = MonotonicClock.now
                _ = workload.decide(size, from: &index)
                end = MonotonicClock.now
                times.append(max(0, Double(end - start) - clockCost) / Double(size))
            } while Double(end - begin) < budget && times.count < limit
            return times
        }
    }
}

extension Int {
    /// The whole part of a number, or the nearest integer where it is too large or none.
    init(clamping value: Double) {
        self = value < Double(Int.max) ? (value > Double(Int.min) ? Int(value) : Int.min) : Int.max
        if value.isNaN { self = 0 }
    }
}
