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
        ) { (benchmark: Benchmark, setup: (Authorizer, [Request])) in
            let (authorizer, requests) = setup
            var next = 0
            for _ in benchmark.scaledIterations {
                blackHole(authorizer.isAuthorized(requests[next]).decision)
                next = next + 1 == requests.count ? 0 : next + 1
            }
        } setup: {
            let scenario = try Scenario(name)
            return (try scenario.authorizer(), try scenario.requests())
        }
    }
}
