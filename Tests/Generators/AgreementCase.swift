import LynxCedar

/// Random policies, entities and requests, decided by the machine and by the simple semantics. The same seed gives the same case.
public struct AgreementCase {
    /// What has been compared so far.
    public struct Tally {
        public fileprivate(set) var passed = 0
        public fileprivate(set) var failures: [String] = []
        /// How many answers had reasons, and how many had errors.
        public fileprivate(set) var satisfied = 0
        public fileprivate(set) var errors = 0
        /// How many policies there were, over all answers.
        public fileprivate(set) var policies = 0

        public init() {}
    }

    private let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    /// Decides the requests as things are, and again after each of some changes of single policies and entities.
    public func run(_ tally: inout Tally, isVerbose: Bool = false) {
        var dice = SeededGenerator(seed: seed ^ 0x5EED)
        let count = [2...4, 5...12, 20...60].randomElement(using: &dice) ?? 2...4
        let scenario = TypedScenario(seed: seed, policyCount: count)
        guard let policies = try? PolicySet(cedar: scenario.policies), let entities = try? Entities(scenario.entities) else { return }
        if isVerbose { print(scenario.schema, scenario.policies, separator: "\n") }
        var authorizer = Authorizer(policies: policies, entities: entities)
        compare(authorizer, scenario.requests, "as it is", &tally)
        for step in 0..<6 {
            guard let change = change(&authorizer, scenario, &dice) else { continue }
            compare(authorizer, scenario.requests, "step \(step): \(change)", &tally)
        }
        // A snapshot that went through changes answers as one made at once.
        if let fresh = try? Entities(Array(authorizer.entities)) {
            let other = Authorizer(policies: authorizer.policies, entities: fresh)
            for request in scenario.requests where other.isAuthorized(request) != authorizer.isAuthorized(request) {
                fail("made at once, another answer to \(request)", &tally)
            }
        }
    }

    /// Changes a policy or an entity.
    ///
    /// - Returns: what was done.
    private func change(_ authorizer: inout Authorizer, _ scenario: TypedScenario, _ dice: inout SeededGenerator) -> String? {
        switch Int.random(in: 0..<5, using: &dice) {
        case 0:
            guard let policy = authorizer.policies.policies.randomElement(using: &dice), policy.link == nil else { return nil }
            _ = try? authorizer.removePolicy(policy.id)
            return "without \(policy.id)"
        case 1:
            guard var policy = authorizer.policies.policies.randomElement(using: &dice), policy.link == nil else { return nil }
            policy.id = PolicyID("copy\(dice.next() % 1000)")
            if Bool.random(using: &dice) { policy.effect = policy.effect == .permit ? .forbid : .permit }
            try? authorizer.add(policy)
            return "with \(policy.id)"
        case 2:
            guard let entity = scenario.entities.randomElement(using: &dice) else { return nil }
            authorizer.removeEntity(entity.uid)
            return "without \(entity.uid)"
        case 3:
            guard var entity = scenario.entities.randomElement(using: &dice),
                let other = scenario.entities.randomElement(using: &dice)
            else { return nil }
            entity.parents = Bool.random(using: &dice) ? other.parents : entity.parents.union([other.uid])
            // Refused where it would be its own ancestor.
            try? authorizer.upsert(entity)
            return "\(entity.uid) with other parents"
        default:
            guard let entity = scenario.entities.randomElement(using: &dice) else { return nil }
            try? authorizer.upsert(entity)
            return "\(entity.uid) as it was"
        }
    }

    private func compare(_ authorizer: Authorizer, _ requests: [Request], _ state: String, _ tally: inout Tally) {
        for request in requests {
            let actual = authorizer.isAuthorized(request)
            let expected = authorizer.evaluatingEachPolicy(request)
            tally.satisfied += expected.reasons.isEmpty ? 0 : 1
            tally.errors += expected.errors.isEmpty ? 0 : 1
            tally.policies += authorizer.policies.policies.count
            if actual == expected && actual.errors.map(\.description) == expected.errors.map(\.description) {
                tally.passed += 1
            } else {
                fail("\(state): \(request)\n  expected \(expected.summary)\n  found    \(actual.summary)", &tally)
            }
        }
    }

    private func fail(_ message: String, _ tally: inout Tally) {
        tally.failures.append("seed \(seed): \(message)")
    }
}

extension Response {
    fileprivate var summary: String {
        "\(decision) by \(reasons), errors \(errors.map(\.description))"
    }
}
