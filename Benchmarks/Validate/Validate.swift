import Benchmark
import LynxCedar
import Scenarios

// How fast are policies checked against their schema?

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(1))
    for name in ["ext", "tinytodo-5", "gdrive-5", "github-5", "acl-1000", "rbac-1000", "abac-1000", "abac-10000"] {
        Benchmark(name) { (benchmark: Benchmark, setup: (Validator, PolicySet)) in
            let (validator, policies) = setup
            blackHole(validator.validate(policies).errors.count)
        } setup: {
            let scenario = try Scenario(name)
            return (Validator(try scenario.schema()), try scenario.policies())
        }
    }
}
