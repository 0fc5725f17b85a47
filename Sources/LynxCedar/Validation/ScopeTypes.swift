/// Entity types that a constraint of a scope lets through.
enum ScopeTypes {
    case all
    case only(Set<Name>)

    func contains(_ name: Name) -> Bool {
        switch self {
        case .all: true
        case .only(let names): names.contains(name)
        }
    }
}

extension Schema {
    /// The actions that satisfy a constraint; none when it names one that is not declared.
    func actions(satisfying constraint: ActionConstraint) -> [Action] {
        switch constraint {
        case .any: return actions
        case .equal(let uid): return action(uid).map { [$0] } ?? []
        case .in(let uids):
            var included: Set<EntityUID> = []
            for uid in uids {
                guard action(uid) != nil else { return [] }
                included.insert(uid)
                included.formUnion(descendants(ofAction: uid))
            }
            return actions.filter { included.contains($0.uid) }
        }
    }

    /// The types of which an entity can satisfy a constraint. Slots can be filled so that it does.
    func entityTypes<Reference>(satisfying constraint: ScopeConstraint<Reference>) -> ScopeTypes {
        switch constraint {
        case .any: .all
        case .equal(let reference): reference.entity.map { .only([$0.type]) } ?? .all
        case .in(let reference): reference.entity.map { .only(members(of: $0.type)) } ?? .all
        case .is(let type): .only([type])
        case .isIn(let type, let reference):
            .only(reference.entity.map { members(of: $0.type).contains(type) } ?? true ? [type] : [])
        }
    }

    private func members(of type: Name) -> Set<Name> { descendants(ofEntityType: type).union([type]) }

    /// The environments in which a policy's scope can be true; in all others it is false, whatever else the policy says.
    ///
    /// Where a constraint has a fault of its own, it rules out nothing, because it is not false.
    func environments<Reference>(
        of policy: PolicyStatement<Reference>, mode: Validator.Mode
    ) -> some Sequence<RequestEnvironment> {
        let isSound = isSound(policy.action, mode: mode)
        let actions = isSound ? actions(satisfying: policy.action) : actions
        let principals = soundEntityTypes(policy.principal)
        // A fault of the action comes before the resource.
        let resources = isSound ? soundEntityTypes(policy.resource) : .all
        return actions.lazy.flatMap { action in
            action.principalTypes.lazy.filter { principals.contains($0) }.flatMap { principal in
                action.resourceTypes.lazy.filter { resources.contains($0) }.map { resource in
                    RequestEnvironment(principal: principal, action: action, resource: resource)
                }
            }
        }
    }

    /// Whether the type checker finds nothing wrong with a constraint.
    private func isSound(_ constraint: ActionConstraint, mode: Validator.Mode) -> Bool {
        guard case .in(let uids) = constraint else { return true }
        guard uids.allSatisfy({ action($0) != nil }) else { return false }
        return mode == .permissive || Set(uids.map(\.type)).count == 1
    }

    private func soundEntityTypes<Reference>(_ constraint: ScopeConstraint<Reference>) -> ScopeTypes {
        guard let uid = constraint.reference?.entity else { return entityTypes(satisfying: constraint) }
        let isDeclared = uid.isAction ? action(uid) != nil : entityType(uid.type) != nil
        if isDeclared { return entityTypes(satisfying: constraint) }
        return constraint.type.map { .only([$0]) } ?? .all
    }
}
