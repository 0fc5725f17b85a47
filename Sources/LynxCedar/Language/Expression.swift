/// A Cedar expression, with the span of source text it came from.
///
/// The tree keeps what the author wrote (`!=`, `>`, `unless`, `has a.b`) instead of rewriting it to a smaller core,
/// so that printing, diagnostics and translations speak the author's language. Chains of `&&` and of `||` are flat,
/// because real policies have thousands of alternatives and depth is what every recursive pass pays for.
///
/// Equality is structural and ignores spans.
public struct Expression: Sendable {
    public let kind: Kind
    private let packedSpan: PackedSpan

    /// Where the expression stands in its source; `nil` when a program built it.
    public var span: SourceSpan? { packedSpan.span }

    public init(_ kind: Kind, span: SourceSpan? = nil) {
        self.kind = kind
        self.packedSpan = PackedSpan(span)
    }

    public indirect enum Kind: Hashable, Sendable {
        case literal(Literal)
        case variable(Variable)
        case conditional(if: Expression, then: Expression, else: Expression)
        /// Two or more operands, evaluated left to right until one is false; the first is not itself a conjunction,
        /// because `(a && b) && c` is `a && b && c`.
        case and([Expression])
        /// Two or more operands, evaluated left to right until one is true; the first is not itself a disjunction.
        case or([Expression])
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `target.name` or `target["name"]`
        case attribute(Expression, CedarString)
        /// `target has a.b.c`, a path of one or more attribute names.
        case has(Expression, [CedarString])
        case like(Expression, Pattern)
        /// `target is User`, or with `in` not nil `target is User in group`.
        case isType(Expression, Name, in: Expression?)
        case set([Expression])
        /// Fields in source order with distinct names.
        case record([Field])
        /// A call of an extension function or method; a method's receiver is the first argument.
        case call(ExtensionFunction, [Expression])
    }

    /// A field of a record expression.
    public struct Field: Hashable, Sendable {
        public let name: CedarString
        public let value: Expression

        public init(_ name: CedarString, _ value: Expression) {
            self.name = name
            self.value = value
        }
    }
}

extension Expression: Hashable {
    public static func == (lhs: Expression, rhs: Expression) -> Bool { lhs.kind == rhs.kind }
    public func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

extension Expression.Kind {
    // By hand, because the equality that the compiler writes takes kilobytes of stack for each level where nothing is optimized.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        guard hasSameNode(lhs, rhs) else { return false }
        let (left, right) = (lhs.children, rhs.children)
        guard left.count == right.count else { return false }
        for index in left.indices {
            // Not through `Expression`, which would be one more call for each level.
            guard left[index].kind == right[index].kind else { return false }
        }
        return true
    }

    /// Whether two nodes are the same but for what is below them.
    @inline(never)
    private static func hasSameNode(_ lhs: Self, _ rhs: Self) -> Bool {
        switch (lhs, rhs) {
        case (.literal(let lhs), .literal(let rhs)): lhs == rhs
        case (.variable(let lhs), .variable(let rhs)): lhs == rhs
        case (.conditional, .conditional), (.and, .and), (.or, .or), (.set, .set): true
        case (.unary(let lhs, _), .unary(let rhs, _)): lhs == rhs
        case (.binary(let lhs, _, _), .binary(let rhs, _, _)): lhs == rhs
        case (.attribute(_, let lhs), .attribute(_, let rhs)): lhs == rhs
        case (.has(_, let lhs), .has(_, let rhs)): lhs == rhs
        case (.like(_, let lhs), .like(_, let rhs)): lhs == rhs
        case (.isType(_, let lhs, in: _), .isType(_, let rhs, in: _)): lhs == rhs
        case (.record(let lhs), .record(let rhs)): lhs.map(\.name) == rhs.map(\.name)
        case (.call(let lhs, _), .call(let rhs, _)): lhs == rhs
        default: false
        }
    }
}

/// The values that have a literal of their own in Cedar's grammar.
public enum Literal: Hashable, Sendable {
    case bool(Bool)
    case long(Int64)
    case string(CedarString)
    case entity(EntityUID)
}

/// The parts of a request that expressions name.
public enum Variable: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    case principal, action, resource, context

    public var description: String { rawValue }
}

public enum UnaryOperator: Hashable, Sendable {
    /// `!operand`
    case not
    /// `-operand`
    case negate
    /// `operand.isEmpty()`
    case isEmpty
}

/// Operators with two operands; the raw value is the token, for methods the name.
public enum BinaryOperator: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in`
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case contains, containsAll, containsAny
    case getTag, hasTag

    /// Whether it is written as a method of its left operand.
    public var isMethod: Bool {
        switch self {
        case .contains, .containsAll, .containsAny, .getTag, .hasTag: true
        default: false
        }
    }

    public var description: String { rawValue }
}

extension Expression {
    /// The conjunction of operands, flat and in order: a conjunction that comes first is spliced in.
    ///
    /// - Returns: `true` for no operand, the operand itself for one.
    public static func and(_ operands: [Expression], span: SourceSpan? = nil) -> Expression {
        guard let first = operands.first else { return Expression(.literal(.bool(true)), span: span) }
        guard operands.count > 1 else { return first }
        guard case .and(let leading) = first.kind else { return Expression(.and(operands), span: span) }
        return Expression(.and(leading + operands.dropFirst()), span: span)
    }

    /// The disjunction of operands, flat and in order: a disjunction that comes first is spliced in.
    ///
    /// - Returns: `false` for no operand, the operand itself for one.
    public static func or(_ operands: [Expression], span: SourceSpan? = nil) -> Expression {
        guard let first = operands.first else { return Expression(.literal(.bool(false)), span: span) }
        guard operands.count > 1 else { return first }
        guard case .or(let leading) = first.kind else { return Expression(.or(operands), span: span) }
        return Expression(.or(leading + operands.dropFirst()), span: span)
    }

    /// Whether a variable occurs in it.
    package func mentions(_ variable: Variable) -> Bool {
        var pending = [self]
        while let next = pending.popLast() {
            if case .variable(variable) = next.kind { return true }
            pending += next.children
        }
        return false
    }

    /// The direct subexpressions, in the order in which they are written.
    public var children: [Expression] { kind.children }

    /// Whether the direct subexpressions, asked in the order in which they are written, all satisfy a condition; no list of them is made.
    @inline(__always)
    func allChildren(_ satisfy: (Expression) -> Bool) -> Bool {
        switch kind {
        case .literal, .variable: true
        case .conditional(let condition, let then, let otherwise): satisfy(condition) && satisfy(then) && satisfy(otherwise)
        case .and(let operands), .or(let operands), .set(let operands), .call(_, let operands): operands.allSatisfy(satisfy)
        case .unary(_, let operand), .attribute(let operand, _), .has(let operand, _), .like(let operand, _): satisfy(operand)
        case .binary(_, let left, let right): satisfy(left) && satisfy(right)
        case .isType(let target, _, in: let container): satisfy(target) && (container.map(satisfy) ?? true)
        case .record(let fields): fields.allSatisfy { satisfy($0.value) }
        }
    }
}

extension Expression.Kind {
    fileprivate var children: [Expression] {
        switch self {
        case .literal, .variable: []
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .and(let operands), .or(let operands), .set(let operands), .call(_, let operands): operands
        case .unary(_, let operand), .attribute(let operand, _), .has(let operand, _), .like(let operand, _): [operand]
        case .binary(_, let left, let right): [left, right]
        case .isType(let target, _, in: let container): container.map { [target, $0] } ?? [target]
        case .record(let fields): fields.map(\.value)
        }
    }
}

extension Expression {
    /// The expression that evaluates to `value`.
    public init(_ value: Value) {
        switch value {
        case .bool(let value): self.init(.literal(.bool(value)))
        case .long(let value): self.init(.literal(.long(value)))
        case .string(let value): self.init(.literal(.string(value)))
        case .entity(let uid): self.init(.literal(.entity(uid)))
        case .set(let set): self.init(.set(set.elements.map { Expression($0) }))
        case .record(let record): self.init(.record(record.attributes.map { Field($0.name, Expression($0.value)) }))
        case .decimal(let value): self.init(calling: .decimal, with: value.description)
        case .ip(let value): self.init(calling: .ip, with: value.description)
        case .duration(let value): self.init(calling: .duration, with: value.description)
        case .datetime(let value):
            // Every instant has this form; the literal form ends at the year 9999.
            let epoch = Expression(calling: .datetime, with: "1970-01-01")
            let distance = Expression(calling: .duration, with: "\(value.millisecondsSinceEpoch)ms")
            self.init(.call(.offset, [epoch, distance]))
        }
    }

    private init(calling constructor: ExtensionFunction, with text: String) {
        self.init(.call(constructor, [Expression(.literal(.string(CedarString(text))))]))
    }
}
