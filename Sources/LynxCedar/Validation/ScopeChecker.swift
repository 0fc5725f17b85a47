/// Checks what a policy names, and that its scope fits the schema: what does not depend on the request environment.
struct ScopeChecker {
    let schema: Schema
    private(set) var faults: [TypeChecker.Fault] = []

    init(_ schema: Schema) {
        self.schema = schema
    }

    private mutating func report(_ kind: ValidationFinding.Kind, _ span: SourceSpan?) {
        faults.append(TypeChecker.Fault(kind: kind, span: span))
    }

    /// Checks a static policy or a template.
    mutating func check<Reference>(_ policy: PolicyStatement<Reference>) {
        checkNames(of: policy.principal, policy.scopeSpans.principal, policy.scopeSpans.principalNames)
        for (index, uid) in policy.action.uids.enumerated() { checkName(of: uid, policy.scopeSpans.action(at: index)) }
        checkNames(of: policy.resource, policy.scopeSpans.resource, policy.scopeSpans.resourceNames)
        for condition in policy.conditions { checkNames(in: condition.body) }
        checkApplication(of: policy)
    }

    /// Checks what fills the slots of a linked policy; the rest is checked with its template.
    mutating func check(link policy: Policy, _ link: TemplateLink) {
        for (_, uid) in link.values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { checkType(uid.type, nil) }
        checkApplication(of: policy)
    }

    // MARK: Names

    private mutating func checkNames<Reference>(
        of constraint: ScopeConstraint<Reference>, _ span: SourceSpan?, _ names: ScopeSpans.Names
    ) {
        if let type = constraint.type { checkType(type, names.type ?? span) }
        if let uid = constraint.reference?.entity { checkName(of: uid, names.reference ?? span) }
    }

    private mutating func checkNames(in expression: Expression) {
        // Without recursion: a policy may be as deep as the parser lets it.
        var pending = [expression]
        while let next = pending.popLast() {
            switch next.kind {
            case .literal(.entity(let uid)): checkName(of: uid, next.span)
            case .isType(_, let type, _): checkType(type, next.span)
            default: break
            }
            pending.append(contentsOf: next.children.reversed())
        }
    }

    private mutating func checkName(of uid: EntityUID, _ span: SourceSpan?) {
        guard uid.isAction else {
            checkType(uid.type, span)
            if let type = schema.entityType(uid.type), let members = type.enumeration, !type.allows(uid.id) {
                report(.unknownEnumerationMember(uid, members: members), span)
            }
            return
        }
        guard schema.action(uid) == nil else { return }
        report(.unknownAction(uid, suggestion: schema.suggestion(for: uid)), span)
    }

    private mutating func checkType(_ name: Name, _ span: SourceSpan?) {
        guard name.basename != "Action", schema.entityType(name) == nil else { return }
        report(.unknownEntityType(name, suggestion: schema.suggestion(for: name)), span)
    }

    // MARK: Application

    /// Checks that some action of the scope applies to some principal and some resource of the scope.
    private mutating func checkApplication<Reference>(of policy: PolicyStatement<Reference>) {
        let actions = schema.actions(satisfying: policy.action)
        guard !someApplies(of: actions, to: policy) else { return }
        report(
            .inapplicableAction(
                inForPrincipal: wouldInHelp(policy.principal, actions.map(\.principalTypes)),
                inForResource: wouldInHelp(policy.resource, actions.map(\.resourceTypes)),
                inForAction: group(policy.action, of: policy)),
            // A linked policy has no place of its own.
            policy.link == nil ? policy.scopeSpans.action ?? policy.span : nil)
    }

    private func someApplies<Reference>(of actions: [Schema.Action], to policy: PolicyStatement<Reference>) -> Bool {
        let principals = schema.entityTypes(satisfying: policy.principal)
        let resources = schema.entityTypes(satisfying: policy.resource)
        return actions.contains { action in
            action.principalTypes.contains { principals.contains($0) } && action.resourceTypes.contains { resources.contains($0) }
        }
    }

    /// The group that the action is to be equal to, where being in it would do.
    private func group<Reference>(_ constraint: ActionConstraint, of policy: PolicyStatement<Reference>) -> EntityUID? {
        guard case .equal(let uid) = constraint, someApplies(of: schema.actions(satisfying: .in([uid])), to: policy) else {
            return nil
        }
        return uid
    }

    /// Whether the actions apply to members of what the constraint wants to be equal, and not to entities like it.
    private func wouldInHelp<Reference>(_ constraint: ScopeConstraint<Reference>, _ applicable: [[Name]]) -> Bool {
        guard case .equal(let reference) = constraint, let type = reference.entity?.type, schema.entityType(type) != nil else {
            return false
        }
        guard !applicable.contains(where: { $0.contains(type) }) else { return false }
        let descendants = schema.descendants(ofEntityType: type)
        return applicable.contains { $0.contains { descendants.contains($0) } }
    }
}

extension ActionConstraint {
    /// The actions that it names.
    fileprivate var uids: [EntityUID] {
        switch self {
        case .any: []
        case .equal(let uid): [uid]
        case .in(let uids): uids
        }
    }
}
