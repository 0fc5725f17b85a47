/// What a policy comes to under a request.
public enum PolicyOutcome: Hashable, Sendable {
    /// The scope matches and the conditions hold.
    case satisfied
    case unsatisfied
    /// A condition has no truth value. Such a policy counts for nothing in the decision; the error is reported.
    case error(EvaluationError)
    /// The policy that is left while a part of the request is unknown: what its scope and conditions already come to is taken out.
    case residual(Policy)
}

extension PartialEvaluator {
    /// Evaluates a policy: the conjunction of the constraints on principal, action and resource, then its conditions in
    /// order, an `unless` negated.
    ///
    /// The law of ``PartialEvaluator`` holds for the policy as a whole. A residual keeps id, effect, annotations, spans and source;
    /// it is static, even where the policy was linked from a template.
    public func evaluate(_ policy: Policy) -> PolicyOutcome {
        var residual = policy
        residual.link = nil
        // Constraints never fail, so their order does not matter and a single false one decides.
        guard let principal = evaluate(policy.principal, on: .principal),
            let action = evaluate(policy.action),
            let resource = evaluate(policy.resource, on: .resource)
        else { return .unsatisfied }
        residual.principal = principal
        residual.action = action
        residual.resource = resource
        residual.conditions = []
        let isScopeDecided = principal == .any && action == .any && resource == .any
        return evaluate(policy.conditions, isScopeDecided: isScopeDecided, into: &residual)
    }

    private func evaluate(
        _ conditions: [Condition], isScopeDecided: Bool, into residual: inout Policy
    ) -> PolicyOutcome {
        var mayFail = false
        for condition in conditions {
            do throws(EvaluationError) {
                switch try outcome(of: condition.body, depth: 1) {
                case .value(let value):
                    let isTrue = try value.truth(at: condition.body.span)
                    if isTrue == (condition.kind == .when) { continue }
                    guard mayFail else { return .unsatisfied }
                    let body = Expression(.literal(.bool(isTrue)), span: condition.body.span)
                    residual.conditions.append(Condition(condition.kind, body, span: condition.span))
                    return .residual(residual)
                case .residual(let remainder):
                    residual.conditions.append(Condition(condition.kind, remainder.expression, span: condition.span))
                    mayFail = mayFail || remainder.mayFail || remainder.kind != .bool
                }
            } catch {
                // Behind something that is left, an error is not yet certain.
                if isScopeDecided && residual.conditions.isEmpty { return .error(error) }
                residual.conditions.append(condition)
                return .residual(residual)
            }
        }
        return isScopeDecided && residual.conditions.isEmpty ? .satisfied : .residual(residual)
    }

    /// Scopes are not expressions: the two or three levels of those that stand for them here do not count as nesting.
    private static let scopeDepth = -2

    /// - Returns: `any` when the constraint holds, `nil` when it does not, otherwise what is left of it.
    private func evaluate(
        _ constraint: ScopeConstraint<EntityUID>, on variable: Variable
    ) -> ScopeConstraint<EntityUID>? {
        guard let expression = constraint.expression(on: variable) else { return .any }
        switch try? outcome(of: expression, depth: Self.scopeDepth) {
        case .value(.bool(true)): return .any
        case .value, nil: return nil
        case .residual(let remainder):
            // Of `is User in group` the type may be known to match.
            if case .isIn(_, let group) = constraint, case .binary = remainder.expression.kind { return .in(group) }
            return constraint
        }
    }

    private func evaluate(_ constraint: ActionConstraint) -> ActionConstraint? {
        guard let expression = constraint.expression else { return .any }
        switch try? outcome(of: expression, depth: Self.scopeDepth) {
        case .value(.bool(true)): return .any
        case .value, nil: return nil
        case .residual: return constraint
        }
    }
}

extension ScopeConstraint<EntityUID> {
    /// The constraint as a condition; `nil` for the one that always holds.
    fileprivate func expression(on variable: Variable) -> Expression? {
        let variable = Expression(.variable(variable))
        func literal(_ uid: EntityUID) -> Expression { Expression(.literal(.entity(uid))) }
        return switch self {
        case .any: nil
        case .equal(let uid): Expression(.binary(.equal, variable, literal(uid)))
        case .in(let uid): Expression(.binary(.in, variable, literal(uid)))
        case .is(let type): Expression(.isType(variable, type, in: nil))
        case .isIn(let type, let uid): Expression(.isType(variable, type, in: literal(uid)))
        }
    }
}

extension ActionConstraint {
    /// The constraint as a condition; `nil` for the one that always holds.
    fileprivate var expression: Expression? {
        let action = Expression(.variable(.action))
        func literal(_ uid: EntityUID) -> Expression { Expression(.literal(.entity(uid))) }
        return switch self {
        case .any: nil
        case .equal(let uid): Expression(.binary(.equal, action, literal(uid)))
        case .in(let uids): Expression(.binary(.in, action, Expression(.set(uids.map(literal)))))
        }
    }
}
