import LynxCedar

extension ExpressionGenerator {
    /// A boolean expression, of every form that gives one.
    func condition(depth: Int) -> Expression {
        if depth <= 0 || dice.chance(35) { return likelyCondition() }
        let depth = depth - 1
        switch dice.int(0...17) {
        case 0...2: return .and(dice.several(2...4) { condition(depth: depth) })
        case 3...4: return .or(dice.several(2...4) { condition(depth: depth) })
        case 5:
            return (0..<dice.int(1...5)).reduce(condition(depth: depth)) { operand, _ in Expression(.unary(.not, operand)) }
        case 6:
            return Expression(
                .conditional(if: condition(depth: depth), then: condition(depth: depth), else: condition(depth: depth)))
        case 7, 8:
            let type = anyType(depth: 2)
            return Expression(
                .binary(
                    dice.pick(.equal, .equal, .notEqual), expression(type, depth: depth),
                    expression(dice.chance(85) ? type : anyType(depth: 1), depth: depth)))
        case 9, 10:
            let type: AttributeType = dice.pick(.long, .long, .extension(.datetime), .extension(.duration), .extension(.decimal))
            return Expression(
                .binary(
                    dice.pick(.less, .lessOrEqual, .greater, .greaterOrEqual), expression(type, depth: depth),
                    expression(type, depth: depth)))
        case 11: return membership(depth: depth)
        case 12, 13: return sets(depth: depth)
        case 14, 15: return calls(depth: depth)
        case 16: return presence(depth: depth)
        default:
            let text = expression(.string, depth: depth)
            return Expression(.like(text, words.pattern(for: words.string())))
        }
    }

    private func entity(depth: Int) -> Expression {
        expression(dice.any(of: world.schema.entityTypes).map { .entity($0.name) } ?? .string, depth: depth)
    }

    private func membership(depth: Int) -> Expression {
        let container = dice.chance(60) ? entity(depth: depth) : Expression(.set(dice.several(0...3) { entity(depth: depth) }))
        if dice.chance(60) { return Expression(.binary(.in, entity(depth: depth), container)) }
        let type = dice.any(of: world.uids.keys.sorted()) ?? "User"
        return Expression(.isType(entity(depth: depth), type, in: dice.chance(50) ? container : nil))
    }

    private func sets(depth: Int) -> Expression {
        let element = anyType(depth: 1)
        let set = expression(.set(element), depth: depth)
        switch dice.int(0...3) {
        case 0: return Expression(.unary(.isEmpty, set))
        case 1: return Expression(.binary(.contains, set, expression(element, depth: depth)))
        default:
            return Expression(.binary(dice.pick(.containsAll, .containsAny), set, expression(.set(element), depth: depth)))
        }
    }

    private func calls(depth: Int) -> Expression {
        func operand(_ kind: ExtensionText.Kind) -> Expression { expression(.extension(kind), depth: depth) }
        switch dice.int(0...2) {
        case 0:
            return Expression(
                .call(dice.pick(.lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual), [operand(.decimal), operand(.decimal)]))
        case 1:
            return Expression(.call(dice.pick(.isIpv4, .isIpv6, .isLoopback, .isMulticast), [operand(.ip)]))
        default:
            // More than one range is an error of the policy in this version of the language.
            let ranges = dice.several(dice.chance(95) ? 1...1 : 0...3) { operand(.ip) }
            return Expression(.call(.isInRange, [operand(.ip)] + ranges))
        }
    }

    private func presence(depth: Int) -> Expression {
        let target = dice.any(of: accesses)?.expression ?? entity(depth: depth)
        if dice.chance(30) { return Expression(.binary(.hasTag, target, expression(.string, depth: depth))) }
        let path = dice.chance(60) ? [words.attributeName()] : dice.several(1...3) { CedarString(words.identifier()) }
        return Expression(.has(target, path))
    }

    // MARK: Conditions that hold

    /// A condition on something the request can reach, made from its value so that it holds in most cases.
    func likelyCondition() -> Expression {
        guard let access = dice.any(of: accesses) else { return Expression(.literal(.bool(true))) }
        let condition = condition(on: access)
        return dice.chance(85) ? condition : Expression(.unary(.not, condition))
    }

    private func condition(on access: Access) -> Expression {
        let subject = access.expression
        let literal = Expression(access.value)
        if dice.chance(15) { return Expression(.binary(.equal, subject, literal)) }
        switch access.value {
        case .bool(let bool):
            return bool ? subject : Expression(.unary(.not, subject))
        case .long:
            let one = Expression(.literal(.long(1)))
            switch dice.int(0...3) {
            case 0: return Expression(.binary(.lessOrEqual, subject, literal))
            case 1: return Expression(.binary(.greater, Expression(.binary(.add, subject, one)), literal))
            case 2: return Expression(.binary(.less, Expression(.binary(.subtract, subject, one)), literal))
            default: return Expression(.binary(.greaterOrEqual, literal, subject))
            }
        case .string(let string):
            return Expression(.like(subject, words.pattern(for: string)))
        case .entity(let uid):
            return condition(on: subject, uid)
        case .set(let set):
            return condition(on: subject, set)
        case .record(let record):
            guard let attribute = dice.any(of: record.attributes) else { return Expression(.binary(.notEqual, subject, .init(.set([])))) }
            if case .record(let inner) = attribute.value, let next = dice.any(of: inner.attributes), attribute.name.isIdentifier,
                next.name.isIdentifier
            {
                return Expression(.has(subject, [attribute.name, next.name]))
            }
            return Expression(.has(subject, [attribute.name]))
        case .decimal:
            return Expression(.call(dice.pick(.lessThanOrEqual, .greaterThanOrEqual), [subject, literal]))
        case .ip:
            switch dice.int(0...2) {
            case 0: return Expression(.call(.isInRange, [subject, literal]))
            case 1: return .or([Expression(.call(.isIpv4, [subject])), Expression(.call(.isIpv6, [subject]))])
            default: return Expression(.unary(.not, Expression(.call(dice.pick(.isLoopback, .isMulticast), [subject]))))
            }
        case .datetime:
            switch dice.int(0...2) {
            case 0: return Expression(.binary(.lessOrEqual, Expression(.call(.toDate, [subject])), literal))
            case 1: return Expression(.binary(.greaterOrEqual, subject, literal))
            default:
                let distance = Expression(.call(.durationSince, [subject, literal]))
                return Expression(.binary(.equal, Expression(.call(.toMilliseconds, [distance])), .init(.literal(.long(0)))))
            }
        case .duration:
            let method: ExtensionFunction = dice.pick(.toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays)
            return Expression(
                .binary(.equal, Expression(.call(method, [subject])), Expression(.call(method, [literal]))))
        }
    }

    private func condition(on subject: Expression, _ uid: EntityUID) -> Expression {
        let ancestor = Expression(.literal(.entity(dice.any(of: world.ancestors(of: uid) + [uid]) ?? uid)))
        switch dice.int(0...6) {
        case 0: return Expression(.isType(subject, uid.type, in: nil))
        case 1: return Expression(.isType(subject, uid.type, in: ancestor))
        case 2:
            let others = dice.several(0...2) { Expression(.literal(.entity(data.uid(uid.type)))) }
            return Expression(.binary(.in, subject, Expression(.set(others + [ancestor]))))
        case 3, 4: return Expression(.binary(.in, subject, ancestor))
        case 5:
            guard case .record(let tags)? = world.entity(uid)?.tags?.value, let tag = dice.any(of: tags.attributes) else { fallthrough }
            return Expression(.binary(.hasTag, subject, Expression(.literal(.string(tag.name)))))
        default:
            guard case .record(let record)? = world.entity(uid)?.attributes.value, let attribute = dice.any(of: record.attributes) else {
                return Expression(.binary(.in, subject, ancestor))
            }
            return Expression(.has(subject, [attribute.name]))
        }
    }

    private func condition(on subject: Expression, _ set: ValueSet) -> Expression {
        guard let element = dice.any(of: set.elements) else { return Expression(.unary(.isEmpty, subject)) }
        let some = Expression(.set(dice.shuffled(dice.some(of: set.elements, 60)).map { Expression($0) }))
        switch dice.int(0...3) {
        case 0: return Expression(.binary(.contains, subject, Expression(element)))
        case 1: return Expression(.binary(.containsAll, subject, some))
        case 2: return Expression(.binary(.containsAny, subject, Expression(.set([Expression(element), leafOfAnyType()]))))
        default: return Expression(.unary(.not, Expression(.unary(.isEmpty, subject))))
        }
    }

    private func leafOfAnyType() -> Expression { expression(anyType(depth: 0), depth: 0) }
}
