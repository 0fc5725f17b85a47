/// Turns a policy into a ``PolicyCode``.
struct PolicyCompiler {
    private let isForbid: Bool
    private var principal: ScopeConstraint<EntityUID>
    private var action: ActionConstraint
    private var resource: ScopeConstraint<EntityUID>
    /// What must be true, in the order of evaluation.
    private var conditions: [Expression] = []

    /// Whether the policy is left to the simple semantics, which finds it to nest too deep where it gets that far.
    private let isInterpreted: Bool

    init(_ policy: Policy, maximumNesting: Int) {
        isForbid = policy.effect == .forbid
        isInterpreted = policy.conditions.contains { !$0.body.nests(within: maximumNesting) }
        principal = policy.principal
        action = policy.action
        resource = policy.resource
        if isInterpreted { return }
        for condition in policy.conditions {
            switch condition.kind {
            case .when: add(condition.body)
            case .unless: add(not: condition.body)
            }
        }
        takeScope()
    }

    /// `a && b` is asked for as `a`, then `b`.
    private mutating func add(_ condition: Expression) {
        guard case .and(let operands) = condition.kind else {
            conditions.append(condition)
            return
        }
        for operand in operands { add(operand) }
    }

    /// `!(a || b)` is asked for as `!a`, then `!b`.
    private mutating func add(not condition: Expression) {
        switch condition.kind {
        case .or(let operands): for operand in operands { add(not: operand) }
        default: conditions.append(Expression(.unary(.not, condition)))
        }
    }

    /// Makes conditions that say what a scope can say part of the scope, where that is still free.
    ///
    /// They cannot fail, so as long as only such ones come before, their order does not matter.
    private mutating func takeScope() {
        var kept: [Expression] = []
        var taken = 0
        for condition in conditions {
            guard let constraint = ScopeCondition(condition) else { break }
            taken += 1
            switch constraint {
            case .principal(let constraint) where principal == .any: principal = constraint
            case .resource(let constraint) where resource == .any: resource = constraint
            case .action(let constraint) where action == .any: action = constraint
            default: kept.append(condition)
            }
        }
        if kept.count < taken { conditions.replaceSubrange(..<taken, with: kept) }
    }

    func code(in program: inout Program, _ numbers: inout EntityNumbers) -> PolicyCode {
        var code = PolicyCode()
        code.isForbid = isForbid
        code.principal = place(principal, &numbers)
        code.resource = place(resource, &numbers)
        switch action {
        case .any: break
        case .equal(let uid):
            code.actionScope = .equal
            code.action = numbers.intern(uid)
        case .in(let uids):
            code.actionScope = .in
            var actions: [UInt32] = []
            for uid in uids {
                let number = numbers.intern(uid)
                if !actions.contains(number) || actions.count > 64 { actions.append(number) }
            }
            code.action = program.intern(actions)
        }
        code.shownFrom = PolicyCompiler.shownFrom(code, program)
        code.isInterpreted = isInterpreted
        var list: [UInt32] = []
        for condition in conditions { list.append(program.compile(condition, &numbers)) }
        code.conditions = program.intern(list)
        return code
    }

    /// The way down the index asks for the action at level 0, for the resource at level 1 and for the principal at level 2; of `is` and
    /// `in` together, and of many actions, it asks for a part only.
    private static func shownFrom(_ code: PolicyCode, _ program: Program) -> UInt8 {
        let isPart =
            code.principal.scope == .isIn || code.resource.scope == .isIn
            || code.actionScope == .in && program.operands.count(of: code.action) > ScopeIndex.actionsListed
        if isPart { return .max }
        if code.principal.scope != .any { return 3 }
        if code.resource.scope != .any { return 2 }
        return code.actionScope != .any ? 1 : 0
    }

    private func place(_ constraint: ScopeConstraint<EntityUID>, _ numbers: inout EntityNumbers) -> PolicyCode.Place {
        var place = PolicyCode.Place()
        if let uid = constraint.reference { place.entity = numbers.intern(uid) }
        if let type = constraint.type { place.type = numbers.symbols.intern(type.description) }
        place.scope =
            switch constraint {
            case .any: .any
            case .equal: .equal
            case .in: .in
            case .is: .is
            case .isIn: .isIn
            }
        return place
    }
}

/// A condition that says what a scope can say.
private enum ScopeCondition {
    case principal(ScopeConstraint<EntityUID>)
    case resource(ScopeConstraint<EntityUID>)
    case action(ActionConstraint)

    init?(_ expression: Expression) {
        switch expression.kind {
        case .binary(.equal, let left, let right):
            guard let (variable, uid) = ScopeCondition.sides(left, right) ?? ScopeCondition.sides(right, left) else { return nil }
            self.init(variable, .equal(uid), .equal(uid))
        case .binary(.in, let left, let right):
            guard let (variable, uid) = ScopeCondition.sides(left, right) else { return nil }
            self.init(variable, .in(uid), .in([uid]))
        case .isType(let target, let type, in: nil):
            guard case .variable(let variable) = target.kind else { return nil }
            self.init(variable, .is(type), nil)
        case .isType(let target, let type, in: let container?):
            guard let (variable, uid) = ScopeCondition.sides(target, container) else { return nil }
            self.init(variable, .isIn(type, uid), nil)
        default:
            return nil
        }
    }

    private init?(_ variable: Variable, _ constraint: ScopeConstraint<EntityUID>, _ action: ActionConstraint?) {
        switch variable {
        case .principal: self = .principal(constraint)
        case .resource: self = .resource(constraint)
        case .action:
            guard let action else { return nil }
            self = .action(action)
        case .context: return nil
        }
    }

    private static func sides(_ variable: Expression, _ entity: Expression) -> (Variable, EntityUID)? {
        guard case .variable(let variable) = variable.kind, case .literal(.entity(let uid)) = entity.kind else { return nil }
        return (variable, uid)
    }
}

extension Expression {
    /// Whether the expression, which is at that level, goes down to no more than that many. Goes no deeper itself.
    fileprivate func nests(within levels: Int, from level: Int = 1) -> Bool {
        guard level <= levels else { return false }
        // `x has a.b.c` is compiled to as many levels as its path has.
        if case .has(_, let path) = kind, path.count > levels { return false }
        return allChildren { $0.nests(within: levels, from: level + 1) }
    }
}
