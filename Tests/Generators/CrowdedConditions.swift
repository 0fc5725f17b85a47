import LynxCedar

/// Conditions over a crowded world. Nothing is checked for types: errors are as welcome as answers.
struct CrowdedConditions {
    let world: CrowdedWorld
    let features: LanguageFeatures

    private var dice: Dice { world.dice }

    /// An expression that has a truth value, mostly.
    func condition(depth: Int = 2) -> Expression {
        switch dice.int(0...19) {
        case 0...7: return equality()
        case 8: return order()
        case 9, 10: return membership()
        case 11: return dice.bit() ? presence() : tag()
        case 12: return like()
        case 13: return containment()
        case 14...16: return depth > 0 ? combination(depth: depth) : equality()
        case 17: return call()
        case 18: return scopeCondition()
        default: return oddity()
        }
    }

    /// `e == constant`, by which the index makes switches.
    private func equality() -> Expression {
        let (subject, flavor) = self.subject()
        let constant = Expression(world.value(dice.chance(95) ? flavor : .long))
        switch dice.int(0...9) {
        case 0...6: return subject.equals(constant)
        case 7, 8: return constant.equals(subject)
        default: return dice.bit() ? subject.differs(from: constant) : subject.equals(self.subject(of: flavor))
        }
    }

    // MARK: Subjects

    private func subject() -> (Expression, CrowdedWorld.Flavor) {
        if dice.chance(10) { return (entity(), .entity) }
        let isOfContext = dice.chance(40)
        let attribute = dice.any(of: isOfContext ? world.contextAttributes : world.attributes)
        guard let (name, flavor) = attribute else { return (.principal, .entity) }
        let holder: Expression = isOfContext ? .context : entity()
        if flavor == .record, dice.chance(70) { return (holder[name][dice.pick("x", "y", "z")], dice.any(of: CrowdedWorld.Flavor.allCases) ?? .long) }
        return (holder[name], flavor)
    }

    private func subject(of flavor: CrowdedWorld.Flavor) -> Expression {
        for _ in 0..<12 {
            let (subject, found) = subject()
            if found == flavor { return subject }
        }
        return Expression(world.value(flavor))
    }

    private func entity() -> Expression {
        switch dice.int(0...9) {
        case 0...3: .principal
        case 4...6: .resource
        case 7: .action
        case 8: world.attributes.first { $0.flavor == .entity }.map { .principal[$0.name] } ?? .principal
        default: .entity(uid())
        }
    }

    private func uid() -> EntityUID {
        let uids = dice.pick(world.groups, world.folders, world.actionGroups, world.users, world.documents, world.actions, world.strangers)
        return dice.any(of: uids) ?? "User::\"x\""
    }

    // MARK: Kinds of conditions

    private func order() -> Expression {
        let flavor: CrowdedWorld.Flavor = dice.pick(.long, .long, .datetime, .duration, .string)
        let (left, right) = (subject(of: flavor), dice.chance(70) ? Expression(world.value(flavor)) : subject(of: flavor))
        switch dice.int(0...4) {
        case 0: return left < right
        case 1: return left <= right
        case 2: return left > right
        case 3: return left >= right
        // Which may leave the range of 64 bits.
        default: return dice.pick(left + right, left - right, left * right, -left) < Expression(world.value(.long))
        }
    }

    private func membership() -> Expression {
        let type: Name = dice.pick("User", "N::User", "Group", "Document", "Folder", "Action", "Nothing")
        switch dice.int(0...5) {
        case 0, 1: return entity().isIn(.entity(uid()))
        case 2: return entity().isIn(Expression(.set(dice.several(0...6) { .entity(uid()) })))
        case 3: return entity().isIn(dice.chance(50) ? subject(of: .entity) : subject(of: .set))
        case 4: return entity().is(type)
        default: return entity().is(type, in: dice.chance(80) ? .entity(uid()) : subject(of: .entity))
        }
    }

    private func presence() -> Expression {
        let name = dice.any(of: world.attributes)?.name ?? "x"
        guard dice.bit() else { return entity().has(name) }
        let ofContext = dice.any(of: world.contextAttributes)?.name ?? "x"
        return dice.chance(60) ? Expression.context.has(ofContext) : Expression(.has(.context, [ofContext, dice.pick("x", "y"), "z"]))
    }

    private func tag() -> Expression {
        let name = Expression(.literal(.string(dice.any(of: world.tags) ?? "x")))
        let tested = dice.chance(80) ? name : subject(of: .string)
        return dice.bit() ? entity().hasTag(tested) : entity().getTag(tested).equals(Expression(world.value(.string)))
    }

    private func like() -> Expression {
        guard case .string(let text) = world.value(.string) else { return true }
        return subject(of: dice.chance(95) ? .string : .long).like(AwkwardText(dice: dice).pattern(for: text))
    }

    private func containment() -> Expression {
        let set = dice.chance(70) ? subject(of: .set) : Expression(.set(dice.several(0...3) { Expression(world.value(.long)) }))
        switch dice.int(0...4) {
        case 0: return set.contains(subject().0)
        case 1: return Expression(.set([.principal, .resource, .action])).contains(entity())
        case 2: return set.containsAll(Expression(world.value(.set)))
        case 3: return set.containsAny(dice.bit() ? subject(of: .set) : Expression(world.value(.set)))
        default: return set.isEmpty()
        }
    }

    private func combination(depth: Int) -> Expression {
        let (first, second) = (condition(depth: depth - 1), condition(depth: depth - 1))
        switch dice.int(0...5) {
        case 0: return !first
        case 1: return first || second
        case 2: return !(first || second)
        case 3: return .or([first, second, condition(depth: 0)])
        case 4: return .if(first, then: second, else: condition(depth: 0))
        default: return (first && second) || condition(depth: 0)
        }
    }

    private func call() -> Expression {
        let (ip, range) = (subject(of: .ip), Expression(world.value(.ip)))
        switch dice.int(0...6) {
        case 0: return subject(of: .decimal).lessThan(Expression(world.value(.decimal)))
        case 1: return ip.isInRange(range)
        case 2 where features.contains(.variadicIsInRange): return ip.isInRange(range, Expression(world.value(.ip)), subject(of: .ip))
        case 2: return ip.isLoopback()
        case 3: return subject(of: .datetime).offset(subject(of: .duration)) > Expression(world.value(.datetime))
        case 4: return subject(of: .datetime).toDate().equals(Expression(world.value(.datetime)))
        case 5: return Expression.decimal(subject(of: .string)).equals(.decimal("1.5"))
        default: return subject(of: .duration).toMilliseconds().equals(Expression(world.value(.long)))
        }
    }

    /// What a scope could say.
    private func scopeCondition() -> Expression {
        let participant: Expression = dice.pick(.principal, .action, .resource)
        switch dice.int(0...4) {
        case 0: return participant.equals(.entity(uid()))
        case 1: return .entity(uid()).equals(participant)
        case 2: return participant.isIn(.entity(uid()))
        case 3: return participant.is(dice.pick("User", "Document", "Action"))
        default: return participant.is(dice.pick("User", "Document", "Action"), in: .entity(uid()))
        }
    }

    /// What has no truth value, or always the same one.
    private func oddity() -> Expression {
        switch dice.int(0...6) {
        case 0: return Expression(.literal(.bool(dice.chance(80))))
        case 1: return subject().0
        case 2: return Expression.decimal("no decimal").equals(.decimal("1.0"))
        case 3: return Expression(.literal(.long(.max))) + 1 > 0
        case 4: return Expression.context.equals(Expression(world.value(.record)))
        case 5: return Expression.record(["x": .context, "y": subject().0]).has("x")
        default: return (0..<dice.int(3...20)).reduce(dice.bit() ? Expression.principal.is("User") : equality()) { inner, _ in !inner }
        }
    }
}
