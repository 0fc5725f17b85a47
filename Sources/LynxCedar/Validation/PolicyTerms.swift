/// A policy's scope and conditions as one expression, laid out for the type checker, which goes through it once for every request
/// environment.
///
/// Operators that are defined by others are put in terms of these (`!=`, `>`, `>=`, `unless`); everything else stands as it was
/// written. A term's operands come before it.
struct PolicyTerms: Sendable {
    private(set) var terms: [Term] = []
    /// The term of the whole: scope and conditions.
    private(set) var root = 0
    private var shapes: [Shape: Int] = [:]

    struct Term: Sendable {
        let kind: Kind
        let span: SourceSpan?
        /// The same number for terms that say the same, wherever they stand.
        let shape: Int
    }

    enum Kind: Sendable {
        case literal(Literal)
        case variable(Variable)
        /// What fills the slot of the principal or the resource. The scope lets it be of the same type as that, and no other type
        /// makes a difference to what can be said of the policy.
        case slot(Variable)
        case conditional(if: Int, then: Int, else: Int)
        case and([Int])
        /// The conditions of the policy: `a && (b && c)`, where operands written with `&&` are `(a && b) && c`. It makes a difference
        /// to what is known behind a fault.
        case conditions([Int])
        case or([Int])
        case unary(UnaryOperator, Int)
        /// Any but ``BinaryOperator/notEqual``, ``BinaryOperator/greater`` and ``BinaryOperator/greaterOrEqual``.
        case binary(BinaryOperator, Int, Int)
        /// The name, and the number of its shape as a string.
        case attribute(Int, CedarString, name: Int)
        /// A path of attributes; before each step the shape of what it is a step from, and that of its name.
        case has(Int, [Step])
        case like(Int)
        case isType(Int, Name, in: Int?)
        case set([Int])
        /// Fields in ascending order of their names.
        case record([Field])
        case call(ExtensionFunction, [Int])
    }

    struct Step: Sendable {
        let attribute: CedarString
        /// The shape of the expression that the attribute is of.
        let target: Int
        /// The shape of the attribute's name.
        let name: Int
    }

    struct Field: Sendable {
        let name: CedarString
        let value: Int
    }

    /// The expressions of the names of tags, for what is said of them.
    private var tagNames: [Int: Expression] = [:]

    /// How the policy writes a tag's name.
    func tagName(_ term: Int) -> Expression { tagNames[term] ?? Expression(.literal(.string(""))) }

    /// What tells terms apart when it does not matter where they stand; operands by the numbers of their shapes.
    private enum Shape: Hashable {
        case literal(Literal)
        case variable(Variable)
        case slot(Variable)
        case conditional(Int, Int, Int)
        case and([Int])
        case or([Int])
        case unary(UnaryOperator, Int)
        case binary(BinaryOperator, Int, Int)
        case attribute(Int, CedarString)
        case has(Int, [CedarString])
        case like(Int, Pattern)
        case isType(Int, Name, Int?)
        case set([Int])
        case record([CedarString], [Int])
        case call(ExtensionFunction, [Int])
    }

    /// Lays out a policy or template. Linear in its size.
    init<Reference>(_ policy: PolicyStatement<Reference>) {
        var operands = [
            add(policy.principal, of: .principal, span: policy.scopeSpans.principal),
            add(policy.action, spans: policy.scopeSpans),
            add(policy.resource, of: .resource, span: policy.scopeSpans.resource),
        ]
        var conditions: [Int] = []
        for condition in policy.conditions {
            let body = add(condition.body)
            switch condition.kind {
            case .when: conditions.append(body)
            case .unless: conditions.append(add(.unary(.not, body), as: .unary(.not, shape(body)), span: condition.span))
            }
        }
        if !conditions.isEmpty {
            operands.append(add(.conditions(conditions), as: .and(conditions.map(shape)), span: policy.span))
        }
        root = add(.and(operands), as: .and(operands.map(shape)), span: policy.span)
    }

    private func shape(_ term: Int) -> Int { terms[term].shape }

    private mutating func add(_ kind: Kind, as shape: Shape, span: SourceSpan?) -> Int {
        terms.append(Term(kind: kind, span: span, shape: number(shape)))
        return terms.count - 1
    }

    private mutating func number(_ shape: Shape) -> Int {
        if let number = shapes[shape] { return number }
        shapes[shape] = shapes.count
        return shapes.count - 1
    }

    // MARK: Scope

    private mutating func add<Reference>(
        _ constraint: ScopeConstraint<Reference>, of variable: Variable, span: SourceSpan?
    ) -> Int {
        switch constraint {
        case .any:
            return add(.bool(true), span: span)
        case .equal(let reference):
            let (subject, object) = (add(variable, span: span), add(reference, of: variable, span: span))
            return add(.equal, subject, object, span: span)
        case .in(let reference):
            let (subject, object) = (add(variable, span: span), add(reference, of: variable, span: span))
            return add(.in, subject, object, span: span)
        case .is(let type):
            return add(add(variable, span: span), is: type, in: nil, span: span)
        case .isIn(let type, let reference):
            let (subject, object) = (add(variable, span: span), add(reference, of: variable, span: span))
            return add(subject, is: type, in: object, span: span)
        }
    }

    private mutating func add(_ constraint: ActionConstraint, spans: ScopeSpans) -> Int {
        let span = spans.action
        switch constraint {
        case .any:
            return add(.bool(true), span: span)
        case .equal(let uid):
            let (subject, object) = (add(.action, span: span), add(.entity(uid), span: span))
            return add(.equal, subject, object, span: span)
        case .in(let uids):
            let subject = add(.action, span: span)
            let elements = uids.enumerated().map { add(.entity($1), span: spans.action(at: $0)) }
            let set = add(.set(elements), as: .set(elements.map(shape)), span: span)
            return add(.in, subject, set, span: span)
        }
    }

    private mutating func add(_ reference: some ScopeReference, of variable: Variable, span: SourceSpan?) -> Int {
        if let uid = reference.entity { return add(.entity(uid), span: span) }
        return add(.slot(variable), as: .slot(variable), span: span)
    }

    // MARK: Expressions

    private mutating func add(_ literal: Literal, span: SourceSpan?) -> Int {
        add(.literal(literal), as: .literal(literal), span: span)
    }

    private mutating func add(_ variable: Variable, span: SourceSpan?) -> Int {
        add(.variable(variable), as: .variable(variable), span: span)
    }

    /// Adds an expression and all in it. Little of the stack is taken for a level: what is done with the terms of the operands
    /// is left to a function that has returned before the next level is gone to.
    private mutating func add(_ expression: Expression) -> Int {
        var operands: [Int] = []
        for operand in expression.children { operands.append(add(operand)) }
        return add(expression, of: operands)
    }

    /// Adds an expression of which the operands have been added.
    ///
    /// - Parameter terms: those of ``Expression/children``.
    private mutating func add(_ expression: Expression, of terms: [Int]) -> Int {
        let span = expression.span
        switch expression.kind {
        case .literal(let literal): return add(literal, span: span)
        case .variable(let variable): return add(variable, span: span)
        case .conditional:
            return add(
                .conditional(if: terms[0], then: terms[1], else: terms[2]),
                as: .conditional(shape(terms[0]), shape(terms[1]), shape(terms[2])), span: span)
        case .and:
            // The reference takes `true && true` for a literal, which matters where only literals are allowed.
            if let values = booleans(terms) { return add(.bool(!values.contains(false)), span: span) }
            return add(.and(terms), as: .and(terms.map(shape)), span: span)
        case .or:
            if let values = booleans(terms) { return add(.bool(values.contains(true)), span: span) }
            return add(.or(terms), as: .or(terms.map(shape)), span: span)
        case .unary(let symbol, _): return add(.unary(symbol, terms[0]), as: .unary(symbol, shape(terms[0])), span: span)
        case .binary(let symbol, _, let right):
            if symbol == .getTag { tagNames[terms[1]] = right }
            return addComparison(symbol, terms[0], terms[1], span: span)
        case .attribute(_, let name):
            let nameShape = number(.literal(.string(name)))
            return add(.attribute(terms[0], name, name: nameShape), as: .attribute(shape(terms[0]), name), span: span)
        case .has(_, let path): return add(terms[0], has: path, span: span)
        case .like(_, let pattern): return add(.like(terms[0]), as: .like(shape(terms[0]), pattern), span: span)
        case .isType(_, let type, in: let container):
            return add(terms[0], is: type, in: container == nil ? nil : terms[1], span: span)
        case .set: return add(.set(terms), as: .set(terms.map(shape)), span: span)
        case .record(let fields): return add(fields, of: terms, span: span)
        case .call(let function, _): return add(.call(function, terms), as: .call(function, terms.map(shape)), span: span)
        }
    }

    /// The values of terms that are all `true` or `false`.
    private func booleans(_ operands: [Int]) -> [Bool]? {
        var values: [Bool] = []
        for operand in operands {
            guard case .literal(.bool(let value)) = terms[operand].kind else { return nil }
            values.append(value)
        }
        return values
    }

    /// `a != b` is `!(a == b)`, `a > b` is `!(a <= b)` and `a >= b` is `!(a < b)`.
    private mutating func addComparison(_ symbol: BinaryOperator, _ left: Int, _ right: Int, span: SourceSpan?) -> Int {
        let opposite: BinaryOperator
        switch symbol {
        case .notEqual: opposite = .equal
        case .greater: opposite = .lessOrEqual
        case .greaterOrEqual: opposite = .less
        default: return add(symbol, left, right, span: span)
        }
        let comparison = add(opposite, left, right, span: span)
        return add(.unary(.not, comparison), as: .unary(.not, shape(comparison)), span: span)
    }

    private mutating func add(_ symbol: BinaryOperator, _ left: Int, _ right: Int, span: SourceSpan?) -> Int {
        add(.binary(symbol, left, right), as: .binary(symbol, shape(left), shape(right)), span: span)
    }

    private mutating func add(_ target: Int, is type: Name, in container: Int?, span: SourceSpan?) -> Int {
        add(
            .isType(target, type, in: container), as: .isType(shape(target), type, container.map { shape($0) }), span: span)
    }

    private mutating func add(_ target: Int, has path: [CedarString], span: SourceSpan?) -> Int {
        var steps: [Step] = []
        var shape = shape(target)
        for attribute in path {
            steps.append(Step(attribute: attribute, target: shape, name: number(.literal(.string(attribute)))))
            shape = number(.attribute(shape, attribute))
        }
        return add(.has(target, steps), as: .has(terms[target].shape, path), span: span)
    }

    private mutating func add(_ fields: [Expression.Field], of terms: [Int], span: SourceSpan?) -> Int {
        let sorted = zip(fields, terms).map { Field(name: $0.name, value: $1) }.sorted { $0.name < $1.name }
        return add(
            .record(sorted), as: .record(sorted.map(\.name), sorted.map { shape($0.value) }), span: span)
    }
}

extension PolicyTerms {
    /// How the operands of a term are evaluated.
    enum Evaluation {
        /// All of them, before the term.
        case whole
        /// As far as the first that is false, or true.
        case conjunction, conditions, disjunction
        /// The first, and one of the others.
        case conditional
        /// The second only where the first is of the type.
        case typeTest
    }

    func evaluation(of term: Int) -> Evaluation {
        switch terms[term].kind {
        case .and: .conjunction
        case .conditions: .conditions
        case .or: .disjunction
        case .conditional: .conditional
        case .isType(_, _, in: .some): .typeTest
        default: .whole
        }
    }

    /// The operands of a term, in the order of their evaluation.
    func operands(of term: Int) -> [Int] {
        switch terms[term].kind {
        case .literal, .variable, .slot: []
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .and(let operands), .conditions(let operands), .or(let operands), .set(let operands), .call(_, let operands): operands
        case .unary(_, let operand), .attribute(let operand, _, _), .has(let operand, _), .like(let operand): [operand]
        case .binary(_, let left, let right): [left, right]
        case .isType(let target, _, in: let container): container.map { [target, $0] } ?? [target]
        case .record(let fields): fields.map(\.value)
        }
    }
}
