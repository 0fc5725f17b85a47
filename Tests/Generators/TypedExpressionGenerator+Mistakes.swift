import LynxCedar

// One of each kind that validators know.
extension TypedExpressionGenerator {
    /// An expression in the place of one of that type, with a mistake in it or around it.
    func mistaken(_ type: AttributeType, _ known: Set<Guard>, depth: Int) -> Expression {
        let depth = max(0, depth - 1)
        func some(_ type: AttributeType) -> Expression { expression(type, known, depth: depth) }
        func any() -> Expression { some(anyType()) }
        func entity() -> Expression { self.entity(known, depth: depth) }
        switch dice.int(0...27) {
        case 0, 1: return any()
        case 2: return Expression(.attribute(dice.bit() ? entity() : any(), words.attributeName()))
        case 3: return Expression(.binary(.getTag, dice.chance(80) ? entity() : any(), dice.chance(80) ? some(.string) : any()))
        case 4: return guardedAccess(known)?.access.expression ?? any()
        case 5: return Expression(.set([]))
        case 6, 7: return malformed()
        case 8, 9: return wrongCount(known, depth: depth)
        case 10:
            let kind = dice.any(of: ExtensionText.Kind.allCases) ?? .ip
            return Expression(.call(kind.constructor, [dice.bit() ? any() : some(.string)]))
        case 11: return Expression(.isType(dice.chance(70) ? entity() : any(), unknownType(), in: dice.chance(30) ? entity() : nil))
        case 12: return Expression(.literal(.entity(unknownUID())))
        case 13: return Expression(.binary(.in, dice.bit() ? entity() : any(), dice.bit() ? any() : Expression(.literal(.entity(unknownUID())))))
        case 14: return Expression(.set([any(), any()] + (dice.bit() ? [any()] : [])))
        case 15: return Expression(.conditional(if: dice.bit() ? any() : some(.bool), then: any(), else: any()))
        case 16: return Expression(.binary(dice.pick(.equal, .notEqual), any(), any()))
        case 17: return Expression(.binary(dice.pick(.less, .lessOrEqual, .greater, .greaterOrEqual), any(), any()))
        case 18: return Expression(.binary(dice.pick(.add, .subtract, .multiply), any(), any()))
        case 19: return Expression(.unary(dice.pick(.not, .negate, .isEmpty), any()))
        case 20: return Expression(.binary(dice.pick(.contains, .containsAll, .containsAny), dice.bit() ? any() : some(.set(anyType())), any()))
        case 21: return Expression(.like(any(), words.pattern(for: words.string())))
        case 22: return Expression(.has(dice.bit() ? any() : entity(), path()))
        case 23: return Expression(.binary(.hasTag, any(), any()))
        case 24: return dice.bit() ? .and([any(), any()]) : .or([any(), any()])
        case 25:
            let function = dice.any(of: ExtensionFunction.allCases) ?? .ip
            return Expression(.call(function, (0..<(function.parameterKinds.count)).map { _ in any() }))
        case 26:
            // What is there in one operand of `||` may not be in the other.
            guard let (access, guards) = guardedAccess(known) else { return any() }
            return .or([dice.bit() ? .and(tests(guards)) : Expression(.unary(.not, .and(tests(guards)))), equal(access.expression, access.type)])
        default:
            guard let (access, guards) = guardedAccess(known) else { return any() }
            return Expression(.conditional(if: .and(tests(guards)), then: literal(access.type), else: access.expression))
        }
    }

    private func equal(_ expression: Expression, _ type: AttributeType) -> Expression {
        Expression(.binary(.equal, expression, literal(type)))
    }

    private func path() -> [CedarString] {
        dice.bit() ? [words.attributeName()] : dice.several(1...4) { CedarString(words.identifier()) }
    }

    private func malformed() -> Expression {
        let kind = dice.any(of: ExtensionText.Kind.allCases) ?? .ip
        let text = dice.bit() ? CedarString(ExtensionText(dice: dice).brokenText(kind)) : words.string()
        return Expression(.call(kind.constructor, [Expression(.literal(.string(text)))]))
    }

    private func wrongCount(_ known: Set<Guard>, depth: Int) -> Expression {
        let function = dice.any(of: ExtensionFunction.allCases) ?? .ip
        var arguments = function.parameterKinds.map { kind -> Expression in
            switch kind {
            case .string: literal(.string)
            case .decimal: literal(.extension(.decimal))
            case .ip: literal(.extension(.ip))
            case .datetime: literal(.extension(.datetime))
            default: literal(.extension(.duration))
            }
        }
        if function.style == .function || arguments.count > 1, dice.bit() {
            arguments.removeLast()
        } else {
            arguments += dice.several(1...2) { expression(anyType(), known, depth: depth) }
        }
        return Expression(.call(function, arguments))
    }

    /// A type that no schema here has, or that is none of entities.
    private func unknownType() -> Name { dice.pick("Usr", "N::User", "B::Doc", "Shape", "Action", "N::Action", "Group2", "Long") }

    private func unknownUID() -> EntityUID {
        switch dice.int(0...3) {
        case 0: EntityUID(type: unknownType(), id: words.string())
        case 1: EntityUID(type: dice.pick("Action", "N::Action", "Z::Action"), id: dice.pick("view", "veiw", "read", ""))
        case 2:
            EntityUID(type: schema.entityTypes.first { !$0.enumeration.isEmpty }?.name ?? "Color", id: dice.pick("blue", "Red", "e\u{301}", "'"))
        default: data.uid(unknownType())
        }
    }
}
