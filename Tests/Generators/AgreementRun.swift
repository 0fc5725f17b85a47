import LynxCedar

/// An authorizer that changes, with what is known of it from elsewhere.
struct AgreementRun {
    let scenario: AgreementScenario
    let dice: Dice
    let seed: UInt64
    private(set) var authorizer: Authorizer
    /// The entities that the authorizer must have.
    private var model: EntityModel
    private(set) var tally: AgreementCase.Tally
    private var failureCount = 0

    init(scenario: AgreementScenario, dice: Dice, seed: UInt64, authorizer: Authorizer, tally: AgreementCase.Tally) {
        self.scenario = scenario
        self.dice = dice
        self.seed = seed
        self.authorizer = authorizer
        self.tally = tally
        model = EntityModel(scenario.entities)
    }

    /// What else is wrong with a case says little.
    var hasFailedOften: Bool { failureCount > 3 }

    mutating func fail(_ message: String) {
        failureCount += 1
        tally.fail("seed \(seed): \(message)")
    }
}

// MARK: Comparisons

extension AgreementRun {
    mutating func compareAll(_ state: String) {
        for request in scenario.requests { compare(request, state) }
        compareHierarchy(state)
    }

    mutating func compareSome(_ state: String) {
        for request in dice.shuffled(scenario.requests).prefix(scenario.requestsAfterChange) { compare(request, state) }
        if dice.chance(20) { compareHierarchy(state) }
        if dice.chance(30) { compareOverlay(state) }
    }

    private mutating func compare(_ request: Request, _ state: String) {
        let (actual, expected) = (authorizer.isAuthorized(request), authorizer.evaluatingEachPolicy(request))
        if actual.isSame(as: expected) {
            tally.note(expected, policies: authorizer.policies.policies.count)
        } else {
            fail("\(state): \(request)\n  expected \(expected.summary)\n  found    \(actual.summary)\n\(smallest(request))")
        }
    }

    /// Compares who is in what with what walking through a dictionary finds.
    private mutating func compareHierarchy(_ state: String) {
        let entities = authorizer.entities
        let uids = scenario.newcomers.map(\.uid) + scenario.requests.flatMap { [$0.principal, $0.action, $0.resource] }
        for uid in dice.shuffled(uids).prefix(8) {
            let expected = model.ancestors(of: uid)
            if entities.ancestors(of: uid) != expected {
                fail("\(state): the ancestors of \(uid) are \(entities.ancestors(of: uid).sorted()), not \(expected.sorted())")
            }
            for other in uids + scenario.entities.map(\.uid).prefix(100)
            where entities.isDescendant(uid, of: other) != (uid != other && expected.contains(other)) {
                fail("\(state): that \(uid) is in \(other) is \(entities.isDescendant(uid, of: other))")
            }
        }
        if authorizer.entities.count != model.all.count { fail("\(state): another number of entities") }
    }

    /// Decides a request that brings entities, and holds it against an authorizer made with these entities among the others.
    private mutating func compareOverlay(_ state: String) {
        var overlay: [Entity] = []
        for entity in dice.shuffled(scenario.newcomers).prefix(dice.int(1...6)) where !overlay.contains(where: { $0.uid == entity.uid }) {
            var entity = entity
            // Those that come along refer to one another, before they are there and after.
            for other in dice.some(of: scenario.newcomers.prefix(12), 10) where other.uid.isAction == entity.uid.isAction && other.uid != entity.uid {
                entity.parents.insert(other.uid)
            }
            overlay.append(entity)
        }
        guard var request = dice.any(of: scenario.requests), let some = dice.any(of: overlay)?.uid else { return }
        switch dice.int(0...3) {
        case 0: request.principal = some
        case 1: request.resource = some
        case 2 where some.isAction: request.action = some
        default: break
        }
        let merged = try? Entities(model.unchecked(overlay).all)
        let expected = merged.map { made(with: $0).evaluatingEachPolicy(request) }
        let actual = try? authorizer.isAuthorized(request, with: overlay)
        switch (actual, expected) {
        case (nil, nil): break
        case (let actual?, let expected?) where actual.isSame(as: expected):
            tally.note(expected, policies: authorizer.policies.policies.count)
        default:
            let overlay = overlay.map { "\($0.uid) in \($0.parents.sorted())" }
            fail("\(state): \(request) with \(overlay)\n  expected \(expected?.summary ?? "a cycle")\n  found    \(actual?.summary ?? "a cycle")")
        }
    }

    /// A snapshot that went through changes answers as one made at once.
    mutating func compareWithOneMadeAtOnce() {
        guard let entities = try? Entities(model.all) else { return fail("the changes have led to a cycle") }
        if entities != authorizer.entities { fail("the entities are not what the changes were") }
        let other = made(with: entities)
        for request in scenario.requests where !other.isAuthorized(request).isSame(as: authorizer.isAuthorized(request)) {
            fail("made at once, another answer to \(request)")
        }
    }

    private func made(with entities: Entities) -> Authorizer {
        Authorizer(
            policies: authorizer.policies, entities: entities, maximumNesting: scenario.maximumNesting, features: scenario.features)
    }
}

// MARK: Changes

extension AgreementRun {
    /// Changes a policy or an entity.
    ///
    /// - Returns: what was done; `nil` where nothing was.
    mutating func change() -> String? {
        switch dice.int(0...9) {
        case 0: return removePolicy()
        case 1, 2: return addPolicy()
        case 3, 4: return replacePolicy()
        case 5: return removeEntity()
        case 6: return upsert(dice.any(of: scenario.entities))
        case 7: return upsert(dice.any(of: scenario.newcomers))
        default: return moveEntity()
        }
    }

    /// A policy that may be removed.
    private func anyPolicy() -> Policy? {
        dice.any(of: authorizer.policies.policies).flatMap { $0.link == nil ? $0 : nil }
    }

    private mutating func removePolicy() -> String? {
        guard let policy = anyPolicy() else { return nil }
        _ = try? authorizer.removePolicy(policy.id)
        return "without \(policy.id)"
    }

    private mutating func addPolicy() -> String? {
        guard var policy = varied() else { return nil }
        policy.id = PolicyID("copy\(dice.int(0...999))")
        try? authorizer.add(policy)
        return "with \(policy.id)"
    }

    private mutating func replacePolicy() -> String? {
        guard let old = anyPolicy(), var policy = varied() else { return nil }
        policy.id = old.id
        try? authorizer.replace(policy)
        return "another \(policy.id)"
    }

    /// A policy like some of those that are there, with a part from another.
    private func varied() -> Policy? {
        guard var policy = anyPolicy(), let other = anyPolicy() else { return nil }
        switch dice.int(0...5) {
        case 0: policy.effect = policy.effect == .permit ? .forbid : .permit
        case 1: policy.conditions = other.conditions
        case 2: (policy.principal, policy.resource) = (other.principal, other.resource)
        case 3: policy.action = other.action
        case 4: policy.conditions = Array((policy.conditions + other.conditions).prefix(4))
        default: break
        }
        return policy
    }

    private mutating func removeEntity() -> String? {
        guard let uid = dice.any(of: dice.bit() ? scenario.entities : scenario.newcomers)?.uid else { return nil }
        let removed = authorizer.removeEntity(uid)
        if removed != model[uid] { fail("\(uid) was not what was removed") }
        model.remove(uid)
        return "without \(uid)"
    }

    private mutating func moveEntity() -> String? {
        guard var entity = dice.any(of: scenario.entities), let other = dice.any(of: scenario.entities) else { return nil }
        entity.parents = dice.bit() ? other.parents : entity.parents.union([other.uid])
        return upsert(entity)
    }

    /// Puts an entity in, which must be refused just where it would be its own ancestor.
    private mutating func upsert(_ entity: Entity?) -> String? {
        guard let entity else { return nil }
        let changed = model.with(entity)
        let isDone = (try? authorizer.upsert(entity)) != nil
        if isDone != (changed != nil) { fail("\(entity.uid) in \(entity.parents.sorted()) is \(isDone ? "accepted" : "refused")") }
        if let changed { model = changed }
        return "\(entity.uid) in \(entity.parents.sorted())"
    }

    /// Changes the parents of more entities than ancestor sets are kept through.
    mutating func changeManyParents() {
        let inner = Set(scenario.entities.flatMap(\.parents))
        let movable = dice.shuffled(scenario.entities.filter { inner.contains($0.uid) })
        for (index, var entity) in movable.enumerated() where !hasFailedOften {
            entity.parents = dice.bit() ? entity.parents.union([movable[dice.int(0...movable.count - 1)].uid]) : Set(entity.parents.sorted().dropFirst())
            let change = upsert(entity)
            // Around the 256th change, and here and there before.
            if index % 40 == 0 || (250...260).contains(index) { compareSome("after \(index) moves: \(change ?? "none")") }
        }
    }
}

extension Response {
    /// Whether it says the same, to the words of its errors.
    fileprivate func isSame(as other: Response) -> Bool {
        self == other && errors.map(\.description) == other.errors.map(\.description)
    }

    fileprivate var summary: String {
        "\(decision) by \(reasons), errors \(errors.map(\.description))"
    }
}

// MARK: Small cases

extension AgreementRun {
    /// The case without the policies, entities and parts of the context that it does without, for people to look at.
    private func smallest(_ request: Request) -> String {
        var (policies, entities, request) = (Array(authorizer.policies.policies), model.all, request)
        func disagrees(_ policies: [Policy], _ entities: [Entity], _ request: Request) -> Bool {
            guard let set = try? PolicySet(policies.map { unlinked($0) }), let entities = try? Entities(entities) else { return false }
            let authorizer = Authorizer(
                policies: set, entities: entities, maximumNesting: scenario.maximumNesting, features: scenario.features)
            return !authorizer.isAuthorized(request).isSame(as: authorizer.evaluatingEachPolicy(request))
        }
        guard disagrees(policies, entities, request) else { return "only after the changes" }
        policies = AgreementRun.smallest(policies) { disagrees($0, entities, request) }
        entities = AgreementRun.smallest(entities) { disagrees(policies, $0, request) }
        request.context = Record(AgreementRun.smallest(request.context.attributes) {
            var smaller = request
            smaller.context = Record($0) ?? [:]
            return disagrees(policies, entities, smaller)
        }) ?? request.context
        let policyText = policies.map(\.description).joined(separator: "\n")
        return "smallest, nesting \(scenario.maximumNesting):\n\(policyText)\n\(entities)\n\(request)"
    }

    private func unlinked(_ policy: Policy) -> Policy {
        Policy(
            id: policy.id, effect: policy.effect, principal: policy.principal, action: policy.action, resource: policy.resource,
            conditions: policy.conditions)
    }

    /// The elements without those that can be left out, larger parts first.
    private static func smallest<Element>(_ elements: [Element], _ isEnough: ([Element]) -> Bool) -> [Element] {
        var elements = elements
        var size = elements.count / 2
        while size > 0 {
            var start = 0
            while start < elements.count {
                var fewer = elements
                fewer.removeSubrange(start..<min(start + size, elements.count))
                if isEnough(fewer) { elements = fewer } else { start += size }
            }
            size /= 2
        }
        return elements
    }
}
