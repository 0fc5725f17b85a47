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

    /// Whether types rule out that an entity is among others or a descendant of one of them, and neither can fail.
    func isNeverMember(_ member: Outcome, of container: Outcome) -> Bool {
        guard let types, !member.mayFail, !container.mayFail, let containers = container.entityTypes,
            member.kind == .entity, let memberType = member.entityTypes?.first
        else { return false }
        return !types.canBeMember(memberType, ofAnyOf: containers)
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
    ///
    /// - Parameter operands: the target, and the container if there is one.
    func isType(
        _ operands: [Expression], _ type: Name, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        let left = try outcome(of: operands[0], depth: depth)
        let isOfType = try left.isEntity(of: type)
        guard operands.count == 2, isOfType != false else {
            return isType(isOfType, left, type, of: operands[0], span: expression.span, depth: depth)
        }
        let right = try outcome(of: operands[1], ifAskedFor: isOfType, depth: depth)
        return try isType(isOfType, left, type, in: right, for: operands, expression, depth: depth)
    }

    /// The outcome of an expression that is asked for, or with `nil` may be: then an error is not yet certain.
    private func outcome(
        of expression: Expression, ifAskedFor isAskedFor: Bool?, depth: Int
    ) throws(EvaluationError) -> Outcome? {
        do throws(EvaluationError) {
            return try outcome(of: expression, depth: depth)
        } catch {
            guard isAskedFor == nil else { throw error }
            return nil
        }
    }

    /// `target is type`, of which `isOfType` is what is known.
    private func isType(
        _ isOfType: Bool?, _ outcome: Outcome, _ type: Name, of target: Expression, span: SourceSpan?, depth: Int
    ) -> Outcome {
        if let isOfType { return .value(.bool(isOfType)) }
        let target = expression(outcome, for: target, depth: depth)
        return .residual(
            Remainder(
                Expression(.isType(target, type, in: nil), span: span), .bool,
                mayFail: outcome.kind != .entity || outcome.mayFail))
    }

    /// `target is type in container` where the target may be of that type.
    ///
    /// - Parameter right: `nil` where the container certainly fails; it stays as the author wrote it.
    private func isType(
        _ isOfType: Bool?, _ left: Outcome, _ type: Name, in right: Outcome?, for operands: [Expression],
        _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        if isOfType == true, let right {
            return try outcome(of: .in, left, right, for: (operands[0], operands[1]), expression, depth: depth)
        }
        let target = self.expression(left, for: operands[0], depth: depth)
        let container = right.map { self.expression($0, for: operands[1], depth: depth) } ?? operands[1]
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
            guard case .entity(let known) = remainder.knowledge, !remainder.mayFail else { return nil }
            return known == type
        }
    }
}
