import LynxCedar

/// Makes policies and templates for the requests of a world.
struct PolicyGenerator {
    let dice: Dice
    let words: AwkwardText
    let world: World

    func policy(_ id: PolicyID) -> Policy {
        statement(id) { $0 }
    }

    /// A template; some of them have no slot, which the text form cannot tell from a policy.
    func template(_ id: PolicyID) -> Template {
        statement(id) { dice.chance(70) ? .slot : .entity($0) }
    }

    private func statement<Reference>(
        _ id: PolicyID, _ reference: (EntityUID) -> Reference
    ) -> PolicyStatement<Reference> {
        guard let request = dice.any(of: world.requests) else { return PolicyStatement(id: id, effect: .permit) }
        let expressions = ExpressionGenerator(dice: dice, words: words, world: world, request: request)
        return PolicyStatement(
            id: id, effect: dice.chance(65) ? .permit : .forbid, annotations: annotations(),
            principal: constraint(request.principal, reference), action: actionConstraint(request.action),
            resource: constraint(request.resource, reference),
            conditions: dice.several(0...2) {
                if dice.chance(75) { return Condition(.when, expressions.condition(depth: dice.int(0...3))) }
                // An `unless` of something that mostly holds would mostly fail.
                let body = expressions.condition(depth: dice.int(0...2))
                return Condition(.unless, dice.chance(70) ? Expression(.unary(.not, body)) : body)
            })
    }

    private func annotations() -> [Annotation] {
        var annotations: [Annotation] = []
        while dice.chance(20) {
            let key = words.annotationKey()
            if annotations.contains(where: { $0.key == key }) { continue }
            annotations.append(Annotation(key: key, value: dice.chance(70) ? words.string() : nil))
        }
        return annotations
    }

    private func constraint<Reference>(
        _ uid: EntityUID, _ reference: (EntityUID) -> Reference
    ) -> ScopeConstraint<Reference> {
        let uid = dice.chance(85) ? uid : DataGenerator(dice: dice, words: words, uids: world.uids).uid(dice.any(of: world.uids.keys.sorted()) ?? uid.type)
        let container = dice.any(of: world.ancestors(of: uid) + [uid]) ?? uid
        switch dice.int(0...8) {
        case 0, 1: return .equal(reference(uid))
        case 2: return .in(reference(container))
        case 3: return .is(uid.type)
        case 4: return .isIn(uid.type, reference(container))
        default: return .any
        }
    }

    private func actionConstraint(_ uid: EntityUID) -> ActionConstraint {
        let others = world.schema.actions.map(\.uid)
        let container = dice.any(of: world.ancestors(of: uid) + [uid]) ?? uid
        switch dice.int(0...8) {
        case 0: return .equal(uid)
        case 1: return .equal(dice.any(of: others) ?? uid)
        case 2: return .in([container])
        case 3: return .in(dice.shuffled(dice.some(of: others, 40) + [container]))
        case 4: return .in(dice.some(of: others, 30))
        default: return .any
        }
    }
}
