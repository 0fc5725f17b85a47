import Benchmark
import LynxCedar
import Scenarios

// What does a decision take, and how does that grow with policies and entities?

let benchmarks: @Sendable () -> Void = {
    let names =
        ["empty", "one", "ext"]
        + ["acl", "rbac", "abac"].flatMap { family in [10, 100, 1000, 10000].map { "\(family)-\($0)" } }
        + ["tinytodo", "gdrive", "github"].flatMap { family in [5, 50, 500].map { "\(family)-\($0)" } }
    for name in names {
        Benchmark(
            name,
            configuration: .init(metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(1))
        ) { (benchmark: Benchmark, setup: (Authorizer, HeldRequests)) in
            let (authorizer, requests) = setup
            blackHole(requests.allowed(of: benchmark.scaledIterations.count, by: authorizer))
        } setup: {
            let scenario = try Scenario(name)
            return (try scenario.authorizer(), HeldRequests(try scenario.requests()))
        }
    }
}
