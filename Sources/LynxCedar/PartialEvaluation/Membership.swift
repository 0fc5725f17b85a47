// Entities and their places in the hierarchy: `in` and `is`.

extension PartialEvaluator {
    /// `uid in others`: whether it equals one of them or is a descendant of one. Entities that are not in the store have no ancestors.
    ///
    /// - Returns: `nil` when that depends on the ancestors of an unknown entity.
    func isDescendant(_ uid: EntityUID, of others: [EntityUID]) -> Bool? {
        if others.contains(uid) { return true }
        if request.unknownEntities == .none { return others.contains { entities.isDescendant(uid, of: $0) } }
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
        let outcome = try outcome(of: target, depth: depth + 1)
        switch (try outcome.isEntity(of: type), container) {
        case (false?, _):
            return .value(.bool(false))
        case (true?, nil):
            return .value(.bool(true))
        case (true?, let container?):
            let right = try self.outcome(of: container, depth: depth + 1)
            return try self.outcome(of: .in, outcome, right, for: (target, container), expression, depth: depth)
        case (nil, nil):
            let left = self.expression(outcome, for: target, depth: depth + 1)
            return .residual(
                Remainder(
                    Expression(.isType(left, type, in: nil), span: expression.span), .bool,
                    mayFail: !outcome.isEntity || outcome.mayFail))
        case (nil, let container?):
            let attempt = attempt(container, depth: depth + 1)
            let left = self.expression(outcome, for: target, depth: depth + 1)
            let right = attempt.map { self.expression($0, for: container, depth: depth + 1) } ?? container
            return .residual(
                Remainder(
                    Expression(.isType(left, type, in: right), span: expression.span), .bool,
                    mayFail: attempt.map { mayFail(.in, outcome, $0) } ?? true))
        }
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
