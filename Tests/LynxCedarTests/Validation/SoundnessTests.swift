import CedarGenerators
import Testing

@testable import LynxCedar

/// What strict validation promises, held against evaluation (language reference, "Policy validation"; RFC 76 for levels).
@Suite("What strict validation promises")
struct SoundnessTests {
    /// A scenario's policies one by one, linked where they are templates, so that each has a verdict of its own.
    private struct Case {
        let schema: Schema
        let policies: [Policy]
        let entities: [Entity]
        let requests: [Request]

        init(seed: UInt64) throws {
            let scenario = TypedScenario(seed: seed, mistakes: 4)
            let schema = try Schema(cedar: scenario.schema)
            self.schema = schema
            policies = try PolicySet(cedar: scenario.policies).policies.map { $0 }
            // What evaluation is told of actions is what the schema says of them.
            let actions = schema.actions.map { Entity(uid: $0.uid, parents: schema.ancestors(ofAction: $0.uid)) }
            entities = scenario.entities.filter { !$0.uid.isAction } + actions
            requests = scenario.requests
        }
    }

    private static let rounds: UInt64 = 120

    private static func cases(_ seed: Int) throws -> [(seed: UInt64, Case)] {
        var seeds = SeededGenerator(seed: UInt64(seed))
        return try (0..<rounds).map { _ in
            let seed = seeds.next()
            return (seed, try Case(seed: seed))
        }
    }

    @Test("policies that pass never fail, but by overflow or for want of an entity", arguments: 0..<6)
    func evaluation(seed: Int) throws {
        var (passed, refused, satisfied, missing) = (0, 0, 0, 0)
        for (seed, test) in try Self.cases(seed) {
            let validator = Validator(test.schema)
            for policy in test.policies {
                let set = try PolicySet([policy])
                guard validator.validate(set).passed else {
                    refused += 1
                    continue
                }
                passed += 1
                try #require(Validator(test.schema, mode: .permissive).validate(set).passed, "seed \(seed): \(policy)")
                for step in 1...2 {
                    // All entities, then every second one.
                    let entities = try Entities(test.entities.enumerated().filter { $0.offset % step == 0 }.map(\.element))
                    let responses = Authorizer(policies: set, entities: entities).isAuthorized(test.requests)
                    for response in responses {
                        if !response.reasons.isEmpty { satisfied += 1 }
                        for error in response.errors {
                            switch error.error.kind {
                            case .overflow: break
                            // Left out of the store, or named by the policy alone.
                            case .entityMissing: missing += 1
                            default: Issue.record("seed \(seed): \(error) in\n\(policy)\n\(test.schema)")
                            }
                        }
                    }
                }
            }
        }
        // The promise is worth little where nothing passes, nothing is refused or nothing is reached.
        #expect(passed > refused && refused > 10)
        #expect(satisfied > 15 && missing > 5, "\(satisfied) satisfied, \(missing) missing")
    }

    @Test("a policy of some level needs no entities beyond it", arguments: 0..<4)
    func levels(seed: Int) throws {
        var passed = [0, 0, 0, 0]
        var refused = 0
        for (seed, test) in try Self.cases(1000 + seed) {
            let whole = try Entities(test.entities)
            for policy in test.policies {
                let set = try PolicySet([policy])
                guard Validator(test.schema).validate(set).passed else { continue }
                for level in passed.indices {
                    guard Validator(test.schema, level: level).validate(set).passed else {
                        refused += 1
                        continue
                    }
                    passed[level] += 1
                    for request in test.requests {
                        let loaded = try Entities(Self.entities(test.entities, whole, within: level, of: request))
                        let expected = Authorizer(policies: set, entities: whole).isAuthorized(request)
                        let actual = Authorizer(policies: set, entities: loaded).isAuthorized(request)
                        let comment: Comment = "seed \(seed), level \(level): \(policy)"
                        try #require(actual.decision == expected.decision, comment)
                        try #require(actual.reasons == expected.reasons, comment)
                        try #require(actual.errors.map(\.policy) == expected.errors.map(\.policy), comment)
                    }
                }
            }
        }
        #expect(passed.allSatisfy { $0 > 20 } && refused > 20, "\(passed) passed, \(refused) refused")
    }

    /// What level n loads: the entities that the request names, then those that these name, n times (RFC 76).
    private static func entities(
        _ entities: [Entity], _ whole: Entities, within level: Int, of request: Request
    ) -> [Entity] {
        var frontier: Set<EntityUID> = [request.principal, request.action, request.resource]
        collect(.record(request.context), into: &frontier)
        var loaded: [EntityUID: Entity] = [:]
        for _ in 0..<level {
            var next: Set<EntityUID> = []
            for entity in entities where frontier.contains(entity.uid) && loaded[entity.uid] == nil {
                loaded[entity.uid] = Entity(
                    uid: entity.uid, attributes: entity.attributes, tags: entity.tags, parents: whole.ancestors(of: entity.uid))
                collect(.record(entity.attributes), into: &next)
                collect(.record(entity.tags), into: &next)
            }
            frontier = next
        }
        return Array(loaded.values)
    }

    private static func collect(_ value: Value, into uids: inout Set<EntityUID>) {
        switch value {
        case .entity(let uid): uids.insert(uid)
        case .set(let set): for element in set.elements { collect(element, into: &uids) }
        case .record(let record): for attribute in record.attributes { collect(attribute.value, into: &uids) }
        default: break
        }
    }
}
