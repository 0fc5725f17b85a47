import Benchmark
import LynxCedar
import Scenarios

// How long until the first decision?

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(1))
    for name in ["tinytodo-50", "tinytodo-500", "gdrive-500", "github-500", "abac-10000"] {
        Benchmark("entities \(name)") { (benchmark: Benchmark, scenario: Scenario) in
            blackHole(try scenario.entities())
        } setup: {
            try Scenario(name)
        }
    }
    for name in ["acl-1000", "acl-10000", "rbac-10000", "abac-10000", "github-500"] {
        Benchmark("ready to decide \(name)") { (benchmark: Benchmark, setup: (Scenario, [Request])) in
            let (scenario, requests) = setup
            blackHole(try scenario.authorizer().isAuthorized(requests[0]).decision)
        } setup: {
            let scenario = try Scenario(name)
            return (scenario, try scenario.requests())
        }
    }
}
