/// The names and strings of a policy that may not be what they look like.
struct SuspiciousTexts {
    private(set) var faults: [TypeChecker.Fault] = []

    /// Looks at the scope and all conditions. Linear in the size of the policy.
    init<Reference>(in policy: PolicyStatement<Reference>) {
        check(policy.principal.reference?.entity, policy.scopeSpans.principalNames.reference ?? policy.scopeSpans.principal)
        switch policy.action {
        case .any: break
        case .equal(let uid): check(uid, policy.scopeSpans.action(at: 0))
        case .in(let uids): for (index, uid) in uids.enumerated() { check(uid, policy.scopeSpans.action(at: index)) }
        }
        check(policy.resource.reference?.entity, policy.scopeSpans.resourceNames.reference ?? policy.scopeSpans.resource)
        for condition in policy.conditions { check(condition.body) }
    }

    private mutating func check(_ uid: EntityUID?, _ span: SourceSpan?) {
        // Names of types are ASCII by the language's grammar.
        if let uid { check(uid.id, as: .identifier, span) }
    }

    private mutating func check(_ text: CedarString, as role: TextSuspicion.Role, _ span: SourceSpan?) {
        guard let suspicion = TextSuspicion(in: text, as: role) else { return }
        let kind = ValidationFinding.Kind.suspiciousText(text, suspicion, isIdentifier: role == .identifier)
        faults.append(TypeChecker.Fault(kind: kind, span: span))
    }

    private mutating func check(_ expression: Expression) {
        var pending = [expression]
        while let next = pending.popLast() {
            switch next.kind {
            case .literal(.string(let text)): check(text, as: .string, next.span)
            case .literal(.entity(let uid)): check(uid, next.span)
            case .attribute(_, let name): check(name, as: .identifier, next.span)
            case .has(_, let path): for name in path { check(name, as: .identifier, next.span) }
            case .like(_, let pattern): check(pattern.text, as: .string, next.span)
            case .record(let fields): for field in fields { check(field.name, as: .identifier, next.span) }
            default: break
            }
            pending.append(contentsOf: next.children.reversed())
        }
    }
}

extension Pattern {
    /// What stands between the wildcards.
    fileprivate var text: CedarString {
        var text = ""
        for case .scalar(let scalar) in elements { text.unicodeScalars.append(scalar) }
        return CedarString(text)
    }
}
