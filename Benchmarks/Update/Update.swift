import Benchmark
import LynxCedar
import Scenarios

// What does a change take, until a decision goes by it? Each change is made to the same snapshot, which others could still be using.

/// What there is before a change.
private struct Snapshot: Sendable {
    let policies: PolicySet
    let entities: Entities
    let request: Request
    /// Some entity of the store.
    let entity: Entity

    init(_ name: String) throws {
        let scenario = try Scenario(name)
        policies = try scenario.policies()
        entities = try scenario.entities()
        request = try scenario.requests()[0]
        entity = entities[request.principal] ?? Entity(uid: request.principal)
    }
}

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput], maxDuration: .seconds(1))
    for name in ["acl-1000", "acl-10000", "abac-10000"] {
        Benchmark("add a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            var policies = snapshot.policies
            try policies.add(Policy(id: "added", effect: .permit))
            blackHole(Authorizer(policies: policies, entities: snapshot.entities).isAuthorized(snapshot.request).decision)
        } setup: {
            try Snapshot(name)
        }
        Benchmark("remove a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            var policies = snapshot.policies
            try policies.removePolicy("policy0")
            blackHole(Authorizer(policies: policies, entities: snapshot.entities).isAuthorized(snapshot.request).decision)
        } setup: {
            try Snapshot(name)
        }
    }
    for name in ["gdrive-500", "github-500", "acl-10000"] {
        Benchmark("replace an entity \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            var entities = snapshot.entities
            try entities.upsert(snapshot.entity)
            blackHole(Authorizer(policies: snapshot.policies, entities: entities).isAuthorized(snapshot.request).decision)
        } setup: {
            try Snapshot(name)
        }
    }
}
