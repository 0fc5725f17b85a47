/// The semantics of Cedar expressions, stated once: evaluation under a request and entities of which a part may be unknown.
///
/// Ordinary evaluation is the case in which nothing is unknown. Otherwise what depends on an unknown is left as a residual, in
/// which unknowns stand as the author wrote them (`principal`, `context.x`) and known parts as literals.
///
/// The law: for every completion of the unknowns, evaluating the residual gives the value that evaluating the original gives, and is an
/// error if and only if evaluating the original is one. (Which error it is may differ where an expression has several. Folding may also bring
/// an expression that nests too deep back under the limit.)
///
/// Evaluation takes time linear in the expression, apart from what single operations cost (`in`, operations on sets).
public struct PartialEvaluator: Sendable {
    public let request: PartialRequest
    public let entities: Entities
    /// How deep expressions may nest; each level costs stack.
    public let maximumNesting: Int
    public let features: LanguageFeatures

    public init(
        request: PartialRequest, entities: Entities, maximumNesting: Int = NestingLimit.standard,
        features: LanguageFeatures = []
    ) {
        self.request = request
        self.entities = entities
        self.maximumNesting = maximumNesting
        self.features = features
    }

    /// Evaluates an expression.
    ///
    /// - Throws: the error that the expression has for every completion of the unknowns, located at the innermost expression that failed.
    public func evaluate(_ expression: Expression) throws(EvaluationError) -> PartialValue {
        switch try outcome(of: expression, depth: 1) {
        case .value(let value): .value(value)
        case .residual(let remainder): .residual(remainder.expression)
        }
    }
}

extension PartialEvaluator {
    /// Evaluates a subexpression that stands at `depth`, counted from 1.
    ///
    /// This, the rule and what the rule calls until it comes back here are what a level of nesting costs in stack; what they need besides
    /// stands in functions of its own that have returned by then.
    func outcome(of expression: Expression, depth: Int) throws(EvaluationError) -> Outcome {
        do throws(EvaluationError) {
            guard depth <= maximumNesting else { throw EvaluationError(.nestingTooDeep(limit: maximumNesting)) }
            return try rule(for: expression)(depth)
        } catch {
            throw error.located(at: expression.span)
        }
    }

    /// How an expression is evaluated at a given depth.
    private typealias Rule = (_ depth: Int) throws(EvaluationError) -> Outcome

    private func rule(for expression: Expression) -> Rule {
        switch expression.kind {
        case .literal(let literal):
            return { _ in .value(Value(literal)) }
        case .variable(let variable):
            return { _ in outcome(of: variable, expression) }
        case .conditional(let condition, let then, let otherwise):
            return { depth throws(EvaluationError) in
                try conditional(condition, then, otherwise, expression, depth: depth)
            }
        case .and(let operands):
            return { depth throws(EvaluationError) in try junction(operands, until: false, expression, depth: depth) }
        case .or(let operands):
            return { depth throws(EvaluationError) in try junction(operands, until: true, expression, depth: depth) }
        case .unary(let unary, let operand):
            return { depth throws(EvaluationError) in try self.unary(unary, operand, expression, depth: depth) }
        case .binary(let binary, let left, let right):
            return { depth throws(EvaluationError) in try self.binary(binary, left, right, expression, depth: depth) }
        case .attribute(let target, let name):
            return { depth throws(EvaluationError) in try attribute(target, name, expression, depth: depth) }
        case .has(let target, let path):
            return { depth throws(EvaluationError) in try has(target, path, expression, depth: depth) }
        case .like(let target, let pattern):
            return { depth throws(EvaluationError) in try like(target, pattern, expression, depth: depth) }
        case .isType(let target, let type, in: let container):
            return { depth throws(EvaluationError) in
                try isType(target, type, in: container, expression, depth: depth)
            }
        case .set(let elements):
            return { depth throws(EvaluationError) in try set(elements, expression, depth: depth) }
        case .record(let fields):
            return { depth throws(EvaluationError) in try record(fields, expression, depth: depth) }
        case .call(let function, let arguments):
            return { depth throws(EvaluationError) in try call(function, arguments, expression, depth: depth) }
        }
    }

    private func outcome(of variable: Variable, _ expression: Expression) -> Outcome {
        switch variable {
        case .principal: outcome(of: request.principal, expression)
        case .action: outcome(of: request.action, expression)
        case .resource: outcome(of: request.resource, expression)
        case .context: outcome(of: request.context, expression)
        }
    }

    private func outcome(of uid: PartialEntityUID, _ expression: Expression) -> Outcome {
        switch uid {
        case .known(let uid): .value(.entity(uid))
        case .unknown(let type): .residual(Remainder(expression, .entity(type: type), mayFail: false))
        }
    }

    /// What a partial record comes to that `expression` stands for.
    func outcome(of record: PartialRecord, _ expression: Expression) -> Outcome {
        record.isKnown
            ? .value(.record(record.known))
            : .residual(Remainder(expression, .record(record), mayFail: false))
    }
}

extension PartialEvaluator {
    /// The expression that stands in a residual for an outcome: what is left, or the value as a literal.
    ///
    /// - Parameters:
    ///   - original: what the outcome is of; it stays where the literal would nest too deep for another evaluation.
    ///   - depth: the place of `original`.
    func expression(_ outcome: Outcome, for original: Expression, depth: Int) -> Expression {
        switch outcome {
        case .residual(let remainder):
            return remainder.expression
        case .value(let value):
            if case .literal = original.kind { return original }
            guard value.nests(within: maximumNesting - depth) else { return original }
            return Expression(Expression(value).kind, span: original.span)
        }
    }
}

extension Value {
    init(_ literal: Literal) {
        switch literal {
        case .bool(let value): self = .bool(value)
        case .long(let value): self = .long(value)
        case .string(let value): self = .string(value)
        case .entity(let uid): self = .entity(uid)
        }
    }

    /// Whether the value, written as an expression, has no more than `levels` levels below its own.
    fileprivate func nests(within levels: Int) -> Bool {
        switch self {
        case .bool, .long, .string, .entity: levels >= 0
        case .decimal, .ip, .duration: levels >= 1
        case .datetime: levels >= 2
        case .set(let set): levels >= 1 && set.elements.allSatisfy { $0.nests(within: levels - 1) }
        case .record(let record): levels >= 1 && record.attributes.allSatisfy { $0.value.nests(within: levels - 1) }
        }
    }
}
