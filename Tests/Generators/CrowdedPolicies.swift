import LynxCedar

/// Many policies made of few scopes and conditions, so that they share what the index asks for.
struct CrowdedPolicies {
    private let world: CrowdedWorld
    private let conditions: CrowdedConditions
    /// Conditions in the order in which policies have them: those that take from the same list begin alike.
    private let paths: [[Expression]]
    private let scopes: [Scope]

    private var dice: Dice { world.dice }

    private struct Scope {
        let principal: ScopeConstraint<EntityUID>
        let action: ActionConstraint
        let resource: ScopeConstraint<EntityUID>
    }

    init(_ world: CrowdedWorld, _ features: LanguageFeatures) {
        self.world = world
        let dice = world.dice
        let conditions = CrowdedConditions(world: world, features: features)
        self.conditions = conditions
        let shared = (0..<dice.int(10...25)).map { _ in conditions.condition() }
        var paths = dice.several(3...8) { dice.several(2...6) { dice.any(of: shared) ?? true } }
        // More conditions than the index asks for one after the other, most of them true.
        if dice.chance(15) {
            let long = (0..<32).map { Expression.principal.differs(from: .entity(EntityUID(type: "Number", id: CedarString("\($0)")))) }
            paths += [long, long.prefix(23) + (dice.any(of: paths) ?? []) + long.suffix(9)]
        }
        self.paths = paths
        scopes = (0..<dice.int(3...20)).map { _ in CrowdedPolicies.scope(world) }
    }

    /// - Returns: `nil` where there is none of something; no seed does that.
    func policies(_ count: ClosedRange<Int>) -> PolicySet? {
        var set = PolicySet()
        for index in 0..<dice.int(count) { try? set.add(policy(PolicyID("policy\(index)"))) }
        for index in 0..<dice.int(0...2) {
            let id = PolicyID("template\(index)")
            try? set.add(template(id))
            for link in 0..<dice.int(0...8) {
                _ = try? set.link(template: id, as: PolicyID("\(id) \(link)"), values: [.principal: dice.any(of: world.groups) ?? "User::\"x\""])
            }
        }
        return set.isEmpty ? nil : set
    }

    func policy(_ id: PolicyID) -> Policy {
        let scope = dice.chance(75) ? dice.any(of: scopes) ?? CrowdedPolicies.scope(world) : CrowdedPolicies.scope(world)
        return Policy(
            id: id, effect: dice.chance(75) ? .permit : .forbid, principal: scope.principal, action: scope.action, resource: scope.resource,
            conditions: clauses())
    }

    private func template(_ id: PolicyID) -> Template {
        Template(
            id: id, effect: dice.bit() ? .permit : .forbid, principal: dice.bit() ? .in(.slot) : .isIn("User", .slot),
            action: CrowdedPolicies.scope(world).action, conditions: clauses())
    }

    private func clauses() -> [Condition] {
        if dice.chance(10) { return [] }
        let path = dice.any(of: paths) ?? []
        var conjuncts = Array(path.prefix(path.count > 24 && dice.chance(70) ? dice.int(22...32) : dice.int(0...path.count)))
        if dice.chance(40) { conjuncts += dice.several(1...2) { conditions.condition() } }
        switch dice.int(0...4) {
        case 0, 1: return conjuncts.map { Condition(.when, $0) }
        case 2, 3: return conjuncts.isEmpty ? [] : [Condition(.when, conjuncts.count == 1 ? conjuncts[0] : .and(conjuncts))]
        default:
            // `unless { !a || !b }` asks for `a`, then `b`, too.
            return conjuncts.isEmpty ? [] : [Condition(.unless, conjuncts.count == 1 ? !conjuncts[0] : .or(conjuncts.map { !$0 }))]
        }
    }

    // MARK: Scopes

    private static func scope(_ world: CrowdedWorld) -> Scope {
        let dice = world.dice
        return Scope(
            principal: constraint(world.users, world.groups, ["User", "N::User", "Group"], dice), action: actions(world),
            resource: constraint(world.documents, world.folders + world.groups.prefix(6), ["Document", "Folder"], dice))
    }

    private static func constraint(
        _ uids: [EntityUID], _ containers: [EntityUID], _ types: [Name], _ dice: Dice
    ) -> ScopeConstraint<EntityUID> {
        let container = dice.any(of: dice.chance(85) ? containers : uids) ?? "User::\"x\""
        switch dice.int(0...9) {
        case 0...3: return .any
        case 4: return .equal(dice.any(of: uids) ?? container)
        case 5...7: return .in(container)
        case 8: return .is(dice.any(of: types) ?? "User")
        default: return .isIn(dice.any(of: types) ?? "User", container)
        }
    }

    private static func actions(_ world: CrowdedWorld) -> ActionConstraint {
        let dice = world.dice
        let all = world.actions + world.actionGroups + world.strangers
        switch dice.int(0...19) {
        case 0...7: return .any
        case 8...11: return .equal(dice.any(of: world.actions) ?? "Action::\"x\"")
        case 12, 13: return .in([dice.any(of: world.actionGroups) ?? "Action::\"x\""])
        case 14...16: return .in(dice.several(0...5) { dice.any(of: all) ?? "Action::\"x\"" })
        // At and over the limit of those that the index lists; and so many that equal ones are no longer looked for.
        case 17: return .in(Array(dice.shuffled(all).prefix(dice.pick(16, 17, 127, 128, 129))))
        default: return .in(dice.shuffled(all) + dice.several(0...3) { dice.any(of: all) ?? "Action::\"x\"" })
        }
    }
}
