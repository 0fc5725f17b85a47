import Benchmark
import LynxCedar
import Scenarios

// How fast are texts read: policies, schemas, and policies as JSON?

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(1))
    for name in ["acl-1000", "rbac-1000", "abac-1000", "abac-10000", "ext"] {
        Benchmark("policies \(name)") { (benchmark: Benchmark, scenario: Scenario) in
            blackHole(try scenario.policies())
        } setup: {
            try Scenario(name)
        }
    }
    for name in ["abac-1000"] {
        Benchmark("policies as JSON \(name)") { (benchmark: Benchmark, text: String) in
            blackHole(try PolicySet(json: text))
        } setup: {
            try Scenario(name).policies().json.description
        }
    }
    for name in ["tinytodo-5", "github-5"] {
        Benchmark("schema \(name)") { (benchmark: Benchmark, scenario: Scenario) in
            blackHole(try scenario.schema())
        } setup: {
            try Scenario(name)
        }
    }
}
