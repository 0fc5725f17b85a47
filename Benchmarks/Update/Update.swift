import Benchmark
import LynxCedar
import Scenarios

// What does a change take, until a decision goes by it? Each change is made to the same snapshot, which others could still be using.

/// What there is before a change.
private struct Snapshot: Sendable {
    var authorizer: Authorizer
    let request: Request
    /// Some entity of the store.
    let entity: Entity
    /// A policy of the scenario's with one more condition, which no other has.
    let policy: Policy

    init(_ name: String) throws {
        let scenario = try Scenario(name)
        authorizer = try scenario.authorizer()
        request = try scenario.requests()[0]
        entity = authorizer.entities[request.principal] ?? Entity(uid: request.principal)
        let known = authorizer.policies.policies.last ?? Policy.permit("none")
        policy = known.unless(.context.has("suspended") && .context["suspended"].equals(true))
    }

    func decide(after change: (inout Authorizer) throws -> Void) rethrows {
        var authorizer = authorizer
        try change(&authorizer)
        blackHole(authorizer.isAuthorized(request).decision)
    }
}

extension Snapshot {
    /// The snapshot with groups whose parents may change, the first of which the principal is in. So many have already changed.
    func withGroups(changed: Int) throws -> Snapshot {
        var snapshot = self
        let groups = (0...changed).map(Snapshot.group)
        for group in groups { try snapshot.authorizer.upsert(Entity(uid: group)) }
        // Only the parents of what is itself a parent can change who is in what.
        try snapshot.authorizer.upsert(Entity(uid: "Group::\"below all\"", parents: Set(groups)))
        var member = entity
        member.parents.insert(groups[0])
        try snapshot.authorizer.upsert(member)
        for group in groups.dropFirst() { try snapshot.authorizer.upsert(Snapshot.moved(group)) }
        return snapshot
    }

    static func group(_ number: Int) -> EntityUID { EntityUID(type: "Group", id: "group \(number) of the benchmark") }

    static func moved(_ group: EntityUID) -> Entity { Entity(uid: group, parents: ["Group::\"above\""]) }
}

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput], maxDuration: .seconds(1))
    for name in ["acl-1000", "acl-10000", "abac-10000"] {
        Benchmark("add a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            var policy = snapshot.policy
            policy.id = "added"
            try snapshot.decide { try $0.add(policy) }
        } setup: {
            try Snapshot(name)
        }
        Benchmark("replace a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            try snapshot.decide { try $0.replace(snapshot.policy) }
        } setup: {
            try Snapshot(name)
        }
        Benchmark("remove a policy \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            try snapshot.decide { try $0.removePolicy("policy0") }
        } setup: {
            try Snapshot(name)
        }
    }
    changeLarge("add one of 100,000 policies") { try $0.add(Large.policy(100_000, hour: 9)) }
    changeLarge("replace one of 100,000 policies") { try $0.replace(Large.policy(50_000, hour: 9)) }
    changeLarge("remove one of 100,000 policies") { try $0.removePolicy("policy 50000") }
    changeLarge("replace one of 1,000,000 entities") { try $0.upsert(Large.user(500_000, level: 2)) }
    changeLarge("add one of 1,000,000 entities") { try $0.upsert(Large.user(2_000_000, level: 2)) }
    for name in ["gdrive-500", "github-500", "acl-10000"] {
        Benchmark("replace an entity \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
            var entity = snapshot.entity
            entity.attributes["replaced"] = true
            try snapshot.decide { try $0.upsert(entity) }
        } setup: {
            try Snapshot(name)
        }
        // Ancestors are kept through 256 such changes, and found anew with the next.
        for changed in [0, 256] {
            Benchmark("move a group after \(changed) others \(name)") { (benchmark: Benchmark, snapshot: Snapshot) in
                try snapshot.decide { try $0.upsert(Snapshot.moved(Snapshot.group(0))) }
            } setup: {
                try Snapshot(name).withGroups(changed: changed)
            }
        }
    }
}

/// Measures a change among 100,000 policies and 1,000,000 entities, and the first decision after it.
private func changeLarge(_ name: String, _ change: @escaping @Sendable (inout Authorizer) throws -> Void) {
    Benchmark(name) { _ in
        guard var authorizer = Large.authorizer else { return }
        try change(&authorizer)
        blackHole(authorizer.isAuthorized(Large.request).decision)
    } setup: {
        blackHole(Large.authorizer?.entities.count)
    }
}
