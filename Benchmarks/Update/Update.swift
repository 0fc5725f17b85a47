import Benchmark
import LynxCedar
import Scenarios

// What does a change take, until a decision goes by it? Each change is made to the same snapshot, which others could still be using.

/// What there is before a change.
private struct Snapshot: Sendable {
    let authorizer: Authorizer
    let request: Request
    /// Some entity of the store.
    let entity: Entity

    init(_ name: String) throws {
        let scenario = try Scenario(name)
        authorizer = try scenario.authorizer()
        request = try scenario.requests()[0]
        entity = authorizer.entities[request.principal] ?? Entity(uid: request.principal)
    }

    func decide(after change: (inout Authorizer) throws -> Void) rethrows {
        var authorizer = authorizer
        try change(&authorizer)
        blackHole(authorizer.isAuthorized(request).decision)
    }
}

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput], maxDuration: .seconds(1))
    for name in ["acl-1000", "acl-10000", "abac-10000"] {
        Benchmark("add a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            try snapshot.decide { try $0.add(Policy(id: "added", effect: .permit)) }
        } setup: {
            try Snapshot(name)
        }
        Benchmark("remove a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            try snapshot.decide { try $0.removePolicy("policy0") }
        } setup: {
            try Snapshot(name)
        }
    }
    for name in ["gdrive-500", "github-500", "acl-10000"] {
        Benchmark("replace an entity \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            try snapshot.decide { try $0.upsert(snapshot.entity) }
        } setup: {
            try Snapshot(name)
        }
    }
}
