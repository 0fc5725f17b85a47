// Entities and their places in the hierarchy: `in` and `is`.

extension PartialEvaluator {
    /// `uid in others`: whether it equals one of them or is a descendant of one. Entities that are not in the store have no ancestors.
    ///
    /// - Returns: `nil` when that depends on the ancestors of an unknown entity.
    func isDescendant(_ uid: EntityUID, of others: [EntityUID]) -> Bool? {
        if others.contains(uid) { return true }
        if request.unknownEntities == .none {
            // One look through the ancestors, however many may be among them.
            if others.count == 1 { return entities.isDescendant(uid, of: others[0]) }
            return others.contains(where: entities.ancestors(of: uid).contains)
        }
        let known = knownAncestors(of: uid)
        if others.contains(where: known.ancestors.contains) { return true }
        return known.areAll || others.isEmpty ? false : nil
    }

    /// The ancestors that are reached without passing through an unknown entity, and whether there can be no others.
    private func knownAncestors(of uid: EntityUID) -> (ancestors: Set<EntityUID>, areAll: Bool) {
        var ancestors: Set<EntityUID> = []
        var areAll = true
        var pending = [uid]
        while let next = pending.popLast() {
            if request.unknownEntities.contains(next, in: entities) {
                areAll = false
            } else if let entity = entities[next] {
                for parent in entity.parents where ancestors.insert(parent).inserted { pending.append(parent) }
            }
        }
        return (ancestors, areAll)
    }

    /// `target is type`, and with a container `target is type && target in container`.
    func isType(
        _ target: Expression, _ type: Name, in container: Expression?, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        let left = try outcome(of: target, depth: depth + 1)
        let answer = try left.isEntity(of: type)
        guard let container, answer != false else {
            return isType(answer, left, type, of: target, span: expression.span, depth: depth)
        }
        if answer == true {
            let right = try outcome(of: container, depth: depth + 1)
            return try outcome(of: .in, left, right, for: (target, container), expression, depth: depth)
        }
        // The container may be asked for or not.
        let right = attempt(container, depth: depth + 1)
        return residual(left, type, right, for: (target, container), expression, depth: depth)
    }

    /// `target is type`, of which `answer` is what is known.
    private func isType(
        _ answer: Bool?, _ outcome: Outcome, _ type: Name, of target: Expression, span: SourceSpan?, depth: Int
    ) -> Outcome {
        if let answer { return .value(.bool(answer)) }
        let target = expression(outcome, for: target, depth: depth + 1)
        return .residual(
            Remainder(
                Expression(.isType(target, type, in: nil), span: span), .bool,
                mayFail: !outcome.isEntity || outcome.mayFail))
    }

    /// What is left of `target is type in container`; the container as the author wrote it where it certainly fails, which `nil` says.
    private func residual(
        _ left: Outcome, _ type: Name, _ right: Outcome?, for operands: (Expression, Expression),
        _ expression: Expression, depth: Int
    ) -> Outcome {
        let target = self.expression(left, for: operands.0, depth: depth + 1)
        let container = right.map { self.expression($0, for: operands.1, depth: depth + 1) } ?? operands.1
        return .residual(
            Remainder(
                Expression(.isType(target, type, in: container), span: expression.span), .bool,
                mayFail: right.map { mayFail(.in, left, $0) } ?? true))
    }
}

extension Outcome {
    /// Whether it is an entity of a type.
    ///
    /// - Returns: `nil` when that is unknown.
    fileprivate func isEntity(of type: Name) throws(EvaluationError) -> Bool? {
        switch self {
        case .value(let value):
            return try value.entity().type == type
        case .residual(let remainder):
            guard case .entity(let known?) = remainder.knowledge, !remainder.mayFail else { return nil }
            return known == type
        }
    }
}
