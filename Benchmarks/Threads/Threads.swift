import Benchmark
import LynxCedar
import Scenarios

// How do decisions scale with threads that share policies and entities? The figures are of as many decisions on one thread as on each
// of several: they stay the same as long as nobody waits for anybody.

let benchmarks: @Sendable () -> Void = {
    for name in ["tinytodo-50", "github-50", "abac-1000"] {
        for threads in [1, 2, 4] {
            Benchmark(
                "\(name) on \(threads)",
                configuration: .init(metrics: [.wallClock, .cpuTotal], scalingFactor: .kilo, maxDuration: .seconds(1))
            ) { (benchmark: Benchmark, setup: (Authorizer, HeldRequests)) in
                let (authorizer, requests) = setup
                let decisions = benchmark.scaledIterations.count
                await withTaskGroup(of: Int.self) { group in
                    for thread in 0..<threads {
                        group.addTask { requests.allowed(of: decisions, from: thread, by: authorizer) }
                    }
                    for await allowed in group { blackHole(allowed) }
                }
            } setup: {
                let scenario = try Scenario(name)
                return (try scenario.authorizer(), HeldRequests(try scenario.requests()))
            }
        }
    }
}
