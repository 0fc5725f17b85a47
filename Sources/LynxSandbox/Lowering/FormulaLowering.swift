import LynxCedar

/// Turns what partial evaluation leaves of policies into the decision form, for operations on one kind of resource.
///
/// The formula holds for an event exactly where the policy is satisfied: neither unsatisfied nor an error.
struct FormulaLowering {
    let kind: ResourceKind
    let extras: ContextExtras
    /// Evaluates what has no unknowns in it.
    let evaluator: PartialEvaluator

    /// How many tests a policy may come to, and how many cases an expression; beyond, alternatives multiply.
    static let maximumSize = 20_000
    private static let maximumCases = 64
    /// How deep conditions may nest: each level costs stack, here and in whatever goes through formulas. Chains of `&&` and `||` are one level.
    private static let maximumNesting = 40

    /// - Parameter policy: what is left of a policy.
    func formula(for policy: Policy) throws(Refusal) -> Formula {
        var parts = [
            try constraint(policy.principal, on: .principal, span: policy.scopeSpans.principal ?? policy.span),
            try constraint(policy.resource, on: .resource, span: policy.scopeSpans.resource ?? policy.span),
        ]
        for condition in policy.conditions {
            // What stands behind may make no sense for this kind of resource.
            if parts.last == .never || parts.first == .never { return .never }
            guard condition.body.nests(within: FormulaLowering.maximumNesting) else {
                throw Refusal(
                    "it nests more than \(FormulaLowering.maximumNesting) levels deep", suggestion: "split the policy in several", at: condition.span)
            }
            let truth = try truth(of: condition.body)
            parts.append(condition.kind == .when ? truth.holds : truth.fails)
            try checkSize(parts, condition.span)
        }
        return .all(of: parts)
    }

    private func checkSize(_ formulas: [Formula], _ span: SourceSpan?) throws(Refusal) {
        guard formulas.reduce(0, { $0 + $1.size }) <= FormulaLowering.maximumSize else {
            throw Refusal(
                "it comes to more than \(FormulaLowering.maximumSize) tests", suggestion: "split the policy in several", at: span)
        }
    }

    private func constraint(
        _ constraint: ScopeConstraint<EntityUID>, on operand: Operand, span: SourceSpan?
    ) throws(Refusal) -> Formula {
        switch constraint {
        case .any: .always
        case .equal(let uid): try equality(operand, .constant(.entity(uid)), span).holds
        case .in(let uid): try membership(operand, in: uid, span)
        case .is(let type): isType(operand, type)
        case .isIn(let type, let uid): .all(of: [isType(operand, type), try membership(operand, in: uid, span)])
        }
    }
}

// Truth values.
extension FormulaLowering {
    func truth(of expression: Expression) throws(Refusal) -> Truth {
        switch expression.kind {
        case .literal(.bool(let value)):
            return value ? .always : .never
        case .and(let operands):
            return .conjunction(try truths(of: operands, until: .never))
        case .or(let operands):
            return .disjunction(try truths(of: operands, until: .always))
        case .unary(.not, let operand):
            return try truth(of: operand).negated
        case .unary(.isEmpty, let operand):
            return try cases(of: operand).truth { operand throws(Refusal) in try isEmpty(operand, expression.span) }
        case .conditional(let condition, let then, let otherwise):
            let decided = try truth(of: condition)
            if decided.isTotal && decided.holds == .always { return try truth(of: then) }
            if decided.isTotal && decided.holds == .never { return try truth(of: otherwise) }
            let result = Truth.conditional(decided, then: try truth(of: then), else: try truth(of: otherwise))
            try checkSize([result.holds], expression.span)
            return result
        case .binary(let binary, let left, let right):
            let result = try truth(binary, left, right, expression.span)
            // Each side may stand there several times: what nests would double with each level.
            try checkSize([result.holds], expression.span)
            return result
        case .has(let target, let path):
            return try has(target, path, expression.span)
        case .like(let target, let pattern):
            return try cases(of: target).truth { operand throws(Refusal) in try like(operand, pattern, target.span) }
        case .isType(let target, let type, in: let container):
            return try cases(of: target).truth { operand throws(Refusal) in
                let isOfType = Truth(isType(operand, type))
                guard let container else { return isOfType }
                return .conjunction([isOfType, try truth(of: operand, in: container, expression.span)])
            }
        case .call(let function, let arguments):
            return try call(function, arguments, expression.span)
        case .attribute:
            return try cases(of: expression).truth { operand throws(Refusal) in
                guard case .truth(let truth) = operand else { throw unknown(expression) }
                return truth
            }
        case .literal, .variable, .unary, .set, .record:
            throw unknown(expression)
        }
    }

    /// - Parameter end: what decides; operands behind it are never evaluated, and may make no sense for this kind of resource.
    private func truths(of expressions: [Expression], until end: Formula) throws(Refusal) -> [Truth] {
        var truths: [Truth] = []
        for expression in expressions {
            let truth = try truth(of: expression)
            truths.append(truth)
            try checkSize([truth.holds], expression.span)
            if truth.isTotal && truth.holds == end { break }
        }
        return truths
    }

    func unknown(_ expression: Expression) -> Refusal {
        Refusal(
            "the kernel does not know the value of this expression",
            suggestion: "ask for attributes of the resource, the context, or the principal's place in its groups", at: expression.span)
    }

    private func truth(
        _ binary: BinaryOperator, _ left: Expression, _ right: Expression, _ span: SourceSpan?
    ) throws(Refusal) -> Truth {
        switch binary {
        case .in:
            return try cases(of: left).truth { operand throws(Refusal) in try truth(of: operand, in: right, span) }
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contains, .containsAll, .containsAny:
            let (lefts, rights) = (try cases(of: left), try cases(of: right))
            guard lefts.cases.count * rights.cases.count <= FormulaLowering.maximumCases else { throw tooManyCases(span) }
            return try lefts.truth { left throws(Refusal) in
                try rights.truth { right throws(Refusal) in try relation(binary, left, right, span) }
            }
        case .add, .subtract, .multiply, .getTag, .hasTag:
            throw Refusal("the kernel knows no tags", suggestion: "put what the tag says into groups, and ask for these with `in`", at: span)
        }
    }

    private func tooManyCases(_ span: SourceSpan?) -> Refusal {
        Refusal(
            "it has more than \(FormulaLowering.maximumCases) cases", suggestion: "split the policy in several", at: span)
    }

    private func relation(
        _ binary: BinaryOperator, _ left: Operand, _ right: Operand, _ span: SourceSpan?
    ) throws(Refusal) -> Truth {
        switch binary {
        case .equal: try equality(left, right, span)
        case .notEqual: try equality(left, right, span).negated
        case .less: try order(left, .less, right, span)
        case .lessOrEqual: try order(left, .lessOrEqual, right, span)
        case .greater: try order(right, .less, left, span)
        case .greaterOrEqual: try order(right, .lessOrEqual, left, span)
        case .contains: try contains(left, right, span)
        case .containsAll: try containsAll(left, right, span)
        case .containsAny: try containsAny(left, right, span)
        default: throw Refusal("`\(binary)` is no relation", suggestion: "compare two values", at: span)
        }
    }

    private func has(_ target: Expression, _ path: [CedarString], _ span: SourceSpan?) throws(Refusal) -> Truth {
        guard let name = path.first, path.count == 1 else {
            throw Refusal("no attribute of the kernel's has attributes itself", suggestion: "ask for one attribute of the resource or the context", at: span)
        }
        switch target.kind {
        case .variable(.resource), .variable(.context):
            let owner: Owner = target.kind == .variable(.context) ? .context : .resource
            guard let attribute = attribute(name, of: owner) else { return .never }
            if attribute.areExhaustive { return .always }
            return Truth(.any(of: attribute.cases.map(\.condition)))
        case .variable(.principal):
            // The schema gives principals no attributes, but the store that the request path shares may.
            throw Refusal(
                "the kernel does not know the attributes of principals",
                suggestion: "put what the attribute says into groups, and ask for these with `in`", at: span)
        default:
            throw unknown(target)
        }
    }
}

// Other values.
extension FormulaLowering {
    private enum Owner {
        case resource, context
    }

    func cases(of expression: Expression) throws(Refusal) -> OperandCases {
        switch expression.kind {
        case .literal(let literal):
            switch literal {
            case .bool(let value): return OperandCases(.truth(value ? .always : .never))
            case .long(let value): return OperandCases(.number(.constant(value)))
            case .string(let value): return OperandCases(.constant(.string(value)))
            case .entity(let uid): return OperandCases(.constant(.entity(uid)))
            }
        case .variable(.principal):
            return OperandCases(.principal)
        case .variable(.resource):
            return OperandCases(.resource)
        case .attribute(let target, let name):
            return try attribute(target, name, expression)
        case .conditional(let condition, let then, let otherwise):
            return try conditional(try truth(of: condition), then, otherwise, expression.span)
        case .binary(.add, let left, let right):
            return try arithmetic(left, right, expression.span) { .sum($0, $1) }
        case .binary(.subtract, let left, let right):
            return try arithmetic(left, right, expression.span) { .difference($0, $1) }
        case .binary(.multiply, let left, let right):
            return try arithmetic(left, right, expression.span) { .product($0, $1) }
        case .unary(.negate, let operand):
            return try arithmetic(operand, nil, expression.span) { value, _ in .negation(value) }
        case .set(let elements):
            return try set(of: elements, expression.span)
        case .call(let function, _) where function.resultKind != .bool:
            return OperandCases(try constant(expression))
        case .and, .or, .unary, .binary, .has, .like, .isType, .call:
            return OperandCases(.truth(try truth(of: expression)))
        case .variable, .record:
            throw unknown(expression)
        }
    }

    private func attribute(
        _ target: Expression, _ name: CedarString, _ expression: Expression
    ) throws(Refusal) -> OperandCases {
        let owner: Owner
        switch target.kind {
        case .variable(.resource): owner = .resource
        case .variable(.context): owner = .context
        case .literal(.entity(let uid)):
            throw Refusal(
                "the kernel knows the attributes of the resource only, not those of `\(uid)`", suggestion: "ask for `resource.\(name)`",
                at: expression.span)
        default: throw unknown(expression)
        }
        guard let attribute = attribute(name, of: owner) else { throw unknown(expression) }
        return attribute
    }

    /// An attribute of the schema.
    private func attribute(_ name: CedarString, of owner: Owner) -> OperandCases? {
        switch owner {
        case .context: contextAttribute(name.string)
        case .resource: resourceAttribute(name.string)
        }
    }

    private func contextAttribute(_ name: String) -> OperandCases? {
        switch name {
        case "uid": OperandCases(.number(.field(.uid)))
        case "gid": OperandCases(.number(.field(.gid)))
        case "pid": OperandCases(.number(.field(.pid)))
        case "comm": OperandCases(.text(.comm))
        case "executable": OperandCases(.text(.executable))
        case "flags" where extras.contains(.flags): OperandCases(.flags)
        case "mode" where extras.contains(.mode): OperandCases(.number(.field(.argument)))
        case "signal" where extras.contains(.signal): OperandCases(.number(.field(.argument)))
        default: nil
        }
    }

    private func resourceAttribute(_ name: String) -> OperandCases? {
        switch (kind, name) {
        case (.file, "path"), (.unixSocket, "path"): OperandCases(.text(.path))
        case (.file, "name"), (.unixSocket, "name"): OperandCases(.name)
        case (.file, "kind"): OperandCases(.code(.kind))
        case (.file, "filesystem"): OperandCases(.text(.filesystem))
        case (.file, "owner"): OperandCases(.number(.field(.owner)), where: .inode)
        case (.file, "group"): OperandCases(.number(.field(.group)), where: .inode)
        case (.file, "mode"): OperandCases(.number(.field(.mode)), where: .inode)
        case (.file, "links"): OperandCases(.number(.field(.links)), where: .inode)
        case (.endpoint, "address"): OperandCases(.address)
        case (.endpoint, "port"): OperandCases(.number(.field(.port)))
        case (.endpoint, "protocol"): OperandCases(.code(.protocol))
        case (.socket, "family"): OperandCases(.code(.socketFamily))
        case (.socket, "kind"): OperandCases(.code(.socketKind))
        case (.socket, "protocol"): OperandCases(.number(.field(.protocol)))
        case (.unixSocket, "abstract"): OperandCases(.truth(Truth(.test(.isOn(.abstract)))))
        case (.process, "pid"): OperandCases(.number(.field(.targetPid)))
        case (.process, "own"): OperandCases(.truth(Truth(.test(.isOn(.own)))))
        case (.process, "uid"): OperandCases(.number(.field(.targetUid)), where: .target)
        case (.process, "comm"): OperandCases(.text(.targetComm), where: .target)
        case (.identity, "number"): OperandCases(.number(.field(.argument)))
        default: nil
        }
    }

    /// The value of an expression without unknowns.
    private func constant(_ expression: Expression) throws(Refusal) -> Operand {
        do throws(EvaluationError) {
            if case .value(let value) = try evaluator.evaluate(expression) {
                if case .long(let number) = value { return .number(.constant(number)) }
                return .constant(value)
            }
        } catch {
            throw Refusal("it is an error for every event", suggestion: "leave it out, or correct the value", at: expression.span)
        }
        throw unknown(expression)
    }

    private func conditional(
        _ condition: Truth, _ then: Expression, _ otherwise: Expression, _ span: SourceSpan?
    ) throws(Refusal) -> OperandCases {
        if condition.isTotal && condition.holds == .always { return try cases(of: then) }
        if condition.isTotal && condition.holds == .never { return try cases(of: otherwise) }
        let (thens, others) = (try cases(of: then), try cases(of: otherwise))
        let cases =
            thens.cases.map { OperandCase($0.operand, if: .all(of: [condition.holds, $0.condition])) }
            + others.cases.map { OperandCase($0.operand, if: .all(of: [condition.fails, $0.condition])) }
        guard cases.count <= FormulaLowering.maximumCases else { throw tooManyCases(span) }
        return OperandCases(cases, areExhaustive: condition.isTotal && thens.areExhaustive && others.areExhaustive)
    }

    /// - Parameter right: `nil` for an operator of one operand.
    private func arithmetic(
        _ left: Expression, _ right: Expression?, _ span: SourceSpan?, _ make: (Arithmetic, Arithmetic) -> Arithmetic
    ) throws(Refusal) -> OperandCases {
        let lefts = try cases(of: left)
        let rights: OperandCases
        if let right { rights = try cases(of: right) } else { rights = OperandCases(.number(.constant(0))) }
        guard lefts.cases.count * rights.cases.count <= FormulaLowering.maximumCases else { throw tooManyCases(span) }
        var cases: [OperandCase] = []
        for left in lefts.cases {
            for right in rights.cases {
                guard case .number(let first) = left.operand, case .number(let second) = right.operand else {
                    throw Refusal("this is no number that the kernel knows", suggestion: "calculate with numbers, such as `context.uid` and `resource.port`", at: span)
                }
                let value = make(first, second)
                cases.append(
                    OperandCase(.number(value), if: .all(of: [left.condition, right.condition, .test(.fits(value))])))
            }
        }
        return OperandCases(cases, areExhaustive: false)
    }

    private func set(of elements: [Expression], _ span: SourceSpan?) throws(Refusal) -> OperandCases {
        var sets: [(condition: Formula, elements: [Operand])] = [(.always, [])]
        var areExhaustive = true
        for element in elements {
            let cases = try cases(of: element).withoutFailures
            areExhaustive = areExhaustive && cases.areExhaustive
            guard sets.count * cases.cases.count <= FormulaLowering.maximumCases else { throw tooManyCases(span) }
            if cases.cases.count == 1, let only = cases.cases.first {
                for index in sets.indices {
                    sets[index].condition = .all(of: [sets[index].condition, only.condition])
                    sets[index].elements.append(only.operand)
                }
            } else {
                sets = sets.flatMap { set in
                    cases.cases.map { (.all(of: [set.condition, $0.condition]), set.elements + [$0.operand]) }
                }
            }
        }
        return OperandCases(sets.map { OperandCase(.set($0.elements), if: $0.condition) }, areExhaustive: areExhaustive)
    }
}

extension Expression {
    /// Whether it has at most so many levels.
    fileprivate func nests(within levels: Int) -> Bool {
        var pending = [(expression: self, level: 1)]
        while let next = pending.popLast() {
            if next.level > levels { return false }
            pending += next.expression.children.map { ($0, next.level + 1) }
        }
        return true
    }
}
