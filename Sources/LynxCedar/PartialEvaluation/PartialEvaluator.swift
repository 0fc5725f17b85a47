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
    /// What is known of all completions by their types; `nil` when they need not conform to a schema.
    let types: ConformingTypes?

    /// - Parameter schema: what all completions conform to, requests and entities alike. Types then decide what they can, and
    ///   the law holds for those completions.
    public init(
        request: PartialRequest, entities: Entities, maximumNesting: Int = NestingLimit.standard,
        features: LanguageFeatures = [], schema: Schema? = nil
    ) {
        var request = request
        types = schema.map { ConformingTypes($0, action: request.action) }
        if let context = types?.context { request.context = request.context.narrowed(to: context) }
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
            return try PartialEvaluator.rule(for: expression)(self, expression, depth)
        } catch {
            throw error.located(at: expression.span)
        }
    }

    /// How an expression is evaluated at a given depth.
    private typealias Rule =
        (_ evaluator: PartialEvaluator, _ expression: Expression, _ depth: Int) throws(EvaluationError) -> Outcome

    private static func rule(for expression: Expression) -> Rule {
        switch expression.kind {
        case .literal(let literal):
            return { _, _, _ in .value(Value(literal)) }
        case .variable(let variable):
            return { evaluator, expression, _ in evaluator.outcome(of: variable, expression) }
        case .conditional:
            let operands = expression.children
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.conditional(operands, expression, depth: depth + 1)
            }
        case .and(let operands):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.junction(operands, until: false, expression, depth: depth)
            }
        case .or(let operands):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.junction(operands, until: true, expression, depth: depth)
            }
        case .unary(let unary, let operand):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.unary(unary, operand, expression, depth: depth)
            }
        case .binary(let binary, let left, let right):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.binary(binary, left, right, expression, depth: depth)
            }
        case .attribute(let target, let name):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.attribute(target, name, expression, depth: depth)
            }
        case .has(let target, let path):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.has(target, path, expression, depth: depth)
            }
        case .like(let target, let pattern):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.like(target, pattern, expression, depth: depth)
            }
        case .isType(_, let type, in: _):
            let operands = expression.children
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.isType(operands, type, expression, depth: depth + 1)
            }
        case .set(let elements):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.set(elements, expression, depth: depth)
            }
        case .record(let fields):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.record(fields, expression, depth: depth)
            }
        case .call(let function, let arguments):
            return { (evaluator, expression, depth) throws(EvaluationError) in
                try evaluator.call(function, arguments, expression, depth: depth)
            }
        }
    }

    private func outcome(of variable: Variable, _ expression: Expression) -> Outcome {
        switch variable {
        case .principal: outcome(of: request.principal, expression)
        case .action: outcome(of: request.action, expression)
        case .resource: outcome(of: request.resource, expression)
        case .context: outcome(of: request.context, types?.context, expression)
        }
    }

    private func outcome(of uid: PartialEntityUID, _ expression: Expression) -> Outcome {
        switch uid {
        case .known(let uid): .value(.entity(uid))
        case .unknown(let type): .residual(Remainder(expression, type.map { .entity($0) } ?? .kind(.entity), mayFail: false))
        }
    }

    /// What a partial record comes to that `expression` stands for.
    func outcome(of record: PartialRecord, _ type: RecordType?, _ expression: Expression) -> Outcome {
        record.isKnown
            ? .value(.record(record.known))
            : .residual(Remainder(expression, .record(record, type), mayFail: false))
    }
}

extension PartialEvaluator {
    /// The expression that stands in a residual for an outcome: what is left, or the value as a literal, which keeps the author's
    /// wording where there is one.
    ///
    /// - Parameters:
    ///   - original: what the outcome is of; it stays where the literal would nest too deep for another evaluation.
    ///   - depth: the place of `original`.
    func expression(_ outcome: Outcome, for original: Expression, depth: Int) -> Expression {
        switch outcome {
        case .residual(let remainder):
            return remainder.expression
        case .value(let value):
            if original.isLiteral { return original }
            guard value.nests(within: maximumNesting - depth) else { return original }
            return Expression(Expression(value).kind, span: original.span)
        }
    }
}

extension Expression {
    /// Whether it is written as a value: a literal, or a constructor of an extension type with a literal.
    fileprivate var isLiteral: Bool {
        switch kind {
        case .literal: true
        case .call(let function, let arguments):
            function.style == .function && arguments.allSatisfy { if case .literal = $0.kind { true } else { false } }
        default: false
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
