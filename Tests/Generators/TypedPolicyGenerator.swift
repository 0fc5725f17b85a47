import LynxCedar

/// Makes policies and templates for one request environment of a schema at a time, well typed but for a share of mistakes.
struct TypedPolicyGenerator {
    let dice: Dice
    let words: AwkwardText
    let schema: GeneratedSchema
    let uids: [Name: [EntityUID]]
    /// In how many of a thousand places there is a mistake.
    let mistakes: Int

    func policy(_ id: PolicyID) -> Policy { statement(id) { $0 } }

    /// A template with a slot, mostly.
    func template(_ id: PolicyID) -> Template { statement(id) { dice.chance(75) ? .slot : .entity($0) } }

    private func statement<Reference>(
        _ id: PolicyID, _ reference: (EntityUID) -> Reference
    ) -> PolicyStatement<Reference> {
        guard let action = dice.any(of: schema.actions.filter { !$0.principals.isEmpty }),
            let principal = dice.any(of: action.principals), let resource = dice.any(of: action.resources)
        else { return PolicyStatement(id: id, effect: .permit) }
        let environment = TypedExpressionGenerator.Environment(principal: principal, action: action, resource: resource)
        let expressions = TypedExpressionGenerator(
            dice: dice, words: words, schema: schema, uids: uids, environment: environment, mistakes: mistakes)
        var known: Set<TypedExpressionGenerator.Guard> = []
        let conditions = dice.several(1...2) {
            let isPositive = dice.chance(80)
            let test = expressions.condition(known, depth: dice.int(1...4))
            if isPositive { known.formUnion(test.granted) }
            return Condition(isPositive ? .when : .unless, test.expression)
        }
        // Policies for one environment only are the ones that tend to be right.
        let isNarrow = dice.chance(80)
        return PolicyStatement(
            id: id, effect: dice.chance(65) ? .permit : .forbid,
            principal: constraint(principal, isNarrow, reference), action: actionConstraint(action, isNarrow),
            resource: constraint(resource, isNarrow, reference), conditions: conditions)
    }

    private func isMistake() -> Bool { dice.int(0...999) < mistakes }

    private func constraint<Reference>(
        _ type: Name, _ isNarrow: Bool, _ reference: (EntityUID) -> Reference
    ) -> ScopeConstraint<Reference> {
        let data = DataGenerator(dice: dice, words: words, uids: uids, conforms: true)
        func container() -> EntityUID {
            if isMistake() { return dice.pick("Usr::\"a\"", "Action::\"veiw\"", "Action::\"view\"", "Color::\"blue\"", "N::User::\"a\"") }
            if isMistake(), let other = dice.any(of: uids.keys.sorted()) { return data.uid(other) }
            return data.uid(dice.any(of: containers(of: type)) ?? type)
        }
        let tested: Name = isMistake() ? dice.pick("Usr", "Action", "Color", "User", "N::Doc") : type
        switch dice.int(0...9) {
        case 0, 1: return .equal(reference(isMistake() ? container() : data.uid(type)))
        case 2, 3: return .isIn(tested, reference(container()))
        case 4 where !isNarrow: return .in(reference(container()))
        case 5...7 where !isNarrow: return .any
        default: return .is(tested)
        }
    }

    /// The type itself and those that its entities can be in.
    private func containers(of type: Name) -> [Name] {
        var found = [type]
        var pending = [type]
        while let next = pending.popLast() {
            for parent in schema.entityType(next)?.parents ?? [] where !found.contains(parent) {
                found.append(parent)
                pending.append(parent)
            }
        }
        return found
    }

    private func actionConstraint(_ action: GeneratedSchema.Action, _ isNarrow: Bool) -> ActionConstraint {
        let others = schema.actions.map(\.uid)
        if isMistake() {
            return dice.pick(
                .equal("Action::\"veiw\""), .in(["Action::\"veiw\""]), .in([]), .in([action.uid, "Action::\"veiw\""]),
                .in(dice.some(of: others, 50)), .equal(dice.any(of: others) ?? action.uid))
        }
        if isNarrow { return dice.chance(80) ? .equal(action.uid) : .in([action.uid]) }
        switch dice.int(0...5) {
        case 0: return .equal(action.uid)
        case 1: return .in([dice.any(of: action.parents) ?? action.uid])
        case 2: return .in(dice.some(of: others, 30) + [action.uid])
        case 3: return .in(action.parents + [action.uid])
        default: return .any
        }
    }
}
