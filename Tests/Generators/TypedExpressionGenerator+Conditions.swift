import LynxCedar

extension TypedExpressionGenerator {
    /// A condition, and what is there when it is true.
    typealias Test = (expression: Expression, granted: Set<Guard>)

    func condition(_ known: Set<Guard>, depth: Int) -> Test {
        if isMistake() { return (mistaken(.bool, known, depth: depth), []) }
        if depth <= 0 { return (simple(known, depth: 0), []) }
        switch dice.int(0...15) {
        case 0...2: return conjunction(known, depth: depth - 1)
        case 3, 4: return guarded(known, depth: depth - 1)
        case 5, 6: return disjunction(known, depth: depth - 1)
        case 7: return (Expression(.unary(.not, condition(known, depth: depth - 1).expression)), [])
        case 8: return conditional(known, depth: depth - 1)
        default: return (simple(known, depth: depth - 1), [])
        }
    }

    // MARK: Forms that hand on what is there

    private func conjunction(_ known: Set<Guard>, depth: Int) -> Test {
        var granted: Set<Guard> = []
        let operands = dice.several(2...3) {
            let operand = condition(known.union(granted), depth: depth)
            granted.formUnion(operand.granted)
            return operand.expression
        }
        return (.and(operands), granted)
    }

    /// Tests, then something that needs them.
    private func guarded(_ known: Set<Guard>, depth: Int) -> Test {
        guard let (access, guards) = guardedAccess(known) else { return conjunction(known, depth: depth) }
        let granted = known.union(guards)
        return (.and(tests(guards) + [condition(on: access, granted, depth: depth)]), Set(guards))
    }

    private func disjunction(_ known: Set<Guard>, depth: Int) -> Test {
        if dice.chance(40), let (_, guards) = guardedAccess(known) {
            // Whichever operand is true, the same is there.
            let operands = dice.several(2...3) {
                let more = guardedAccess(known)?.tests ?? []
                return Expression.and(dice.shuffled([.and(tests(guards))] + (dice.bit() ? [.and(tests(more))] : [])))
            }
            return (.or(operands), Set(guards))
        }
        var common: Set<Guard>?
        let operands = dice.several(2...3) {
            let operand = condition(known, depth: depth)
            common = common?.intersection(operand.granted) ?? operand.granted
            return operand.expression
        }
        return (.or(operands), common ?? [])
    }

    private func conditional(_ known: Set<Guard>, depth: Int) -> Test {
        let test = condition(known, depth: depth)
        let then = condition(known.union(test.granted), depth: depth)
        if dice.chance(25) {
            // True only where the test is.
            return (
                Expression(.conditional(if: test.expression, then: then.expression, else: Expression(.literal(.bool(false))))),
                test.granted.union(then.granted)
            )
        }
        let otherwise = condition(known, depth: depth)
        return (
            Expression(.conditional(if: test.expression, then: then.expression, else: otherwise.expression)),
            then.granted.union(test.granted).intersection(otherwise.granted)
        )
    }

    // MARK: Forms that use what is there

    private func simple(_ known: Set<Guard>, depth: Int) -> Expression {
        if dice.chance(55), let access = access(known, where: { _ in true }) {
            return condition(on: access, known, depth: depth)
        }
        switch dice.int(0...11) {
        case 0, 1: return equality(known, depth: depth)
        case 2, 3:
            let type: AttributeType = dice.pick(.long, .long, .extension(.datetime), .extension(.duration))
            return comparison(expression(type, known, depth: depth), expression(type, known, depth: depth))
        case 4, 5: return membership(entity(known, depth: depth), known, depth: depth)
        case 6, 7:
            let element = anyType()
            return sets(expression(.set(element), known, depth: depth), of: element, known, depth: depth)
        case 8:
            let kind: ExtensionText.Kind = dice.pick(.decimal, .ip)
            return method(of: kind, expression(.extension(kind), known, depth: depth), known, depth: depth)
        case 9: return presence(known)
        case 10: return aboutAction()
        default: return Expression(.literal(.bool(dice.chance(70))))
        }
    }

    /// A condition on something that is there.
    private func condition(on access: Access, _ known: Set<Guard>, depth: Int) -> Expression {
        let subject = access.expression
        if dice.chance(15) { return equality(subject, expression(access.type, known, depth: depth)) }
        switch access.type {
        case .bool: return subject
        case .long: return comparison(subject, expression(.long, known, depth: depth))
        case .string: return Expression(.like(subject, words.pattern(for: words.string())))
        case .entity: return membership(subject, known, depth: depth)
        case .set(let element): return sets(subject, of: element, known, depth: depth)
        case .record(let fields):
            return Expression(.has(subject, [dice.any(of: fields)?.name ?? words.attributeName()]))
        case .extension(let kind):
            if kind == .datetime || kind == .duration {
                return comparison(subject, expression(access.type, known, depth: depth))
            }
            return method(of: kind, subject, known, depth: depth)
        }
    }

    private func equality(_ known: Set<Guard>, depth: Int) -> Expression {
        // Entities of two types are never equal, which is no mistake.
        if dice.chance(15) { return equality(entity(known, depth: depth), entity(known, depth: depth)) }
        let type = anyType()
        return equality(expression(type, known, depth: depth), expression(type, known, depth: depth))
    }

    private func equality(_ left: Expression, _ right: Expression) -> Expression {
        Expression(.binary(dice.pick(.equal, .equal, .notEqual), left, right))
    }

    private func comparison(_ left: Expression, _ right: Expression) -> Expression {
        Expression(.binary(dice.pick(.less, .lessOrEqual, .greater, .greaterOrEqual), left, right))
    }

    private func membership(_ subject: Expression, _ known: Set<Guard>, depth: Int) -> Expression {
        let container: Expression
        if dice.chance(65) {
            container = entity(known, depth: depth)
        } else {
            let type = entityType()
            container =
                dice.chance(80)
                ? Expression(.set(dice.several(1...3) { expression(type, known, depth: depth) }))
                : expression(.set(type), known, depth: depth)
        }
        if dice.chance(60) { return Expression(.binary(.in, subject, container)) }
        guard case .entity(let type) = entityType() else { return Expression(.binary(.in, subject, container)) }
        return Expression(.isType(subject, type, in: dice.bit() ? container : nil))
    }

    private func sets(_ subject: Expression, of element: AttributeType, _ known: Set<Guard>, depth: Int) -> Expression {
        switch dice.int(0...3) {
        case 0: Expression(.unary(.isEmpty, subject))
        case 1: Expression(.binary(.contains, subject, expression(element, known, depth: depth)))
        default:
            Expression(.binary(dice.pick(.containsAll, .containsAny), subject, expression(.set(element), known, depth: depth)))
        }
    }

    private func method(
        of kind: ExtensionText.Kind, _ subject: Expression, _ known: Set<Guard>, depth: Int
    ) -> Expression {
        if kind == .decimal {
            let method: ExtensionFunction = dice.pick(.lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual)
            return Expression(.call(method, [subject, expression(.extension(.decimal), known, depth: depth)]))
        }
        if dice.bit() { return Expression(.call(.isInRange, [subject, expression(.extension(.ip), known, depth: depth)])) }
        return Expression(.call(dice.pick(.isIpv4, .isIpv6, .isLoopback, .isMulticast), [subject]))
    }

    /// Tests for what is declared or not, with nothing that needs them.
    private func presence(_ known: Set<Guard>) -> Expression {
        if dice.chance(60), let (_, guards) = guardedAccess(known) { return .and(tests(guards)) }
        guard let access = access(known, where: { $0.isEntity || $0.isRecord }) else { return aboutAction() }
        if access.type.isEntity, dice.chance(30) {
            return Expression(.binary(.hasTag, access.expression, literal(.string)))
        }
        return Expression(.has(access.expression, [words.attributeName()]))
    }

    /// What is known of the action as soon as the environment is.
    private func aboutAction() -> Expression {
        let uids = schema.actions.map { Expression(.literal(.entity($0.uid))) }
        let uid = dice.any(of: uids) ?? Expression(.variable(.action))
        switch dice.int(0...4) {
        case 0, 1: return Expression(.binary(.equal, Expression(.variable(.action)), uid))
        case 2: return Expression(.binary(.in, Expression(.variable(.action)), uid))
        case 3: return Expression(.binary(.in, Expression(.variable(.action)), Expression(.set(dice.some(of: uids, 50) + [uid]))))
        default: return Expression(.binary(.in, uid, dice.any(of: uids) ?? uid))
        }
    }
}
