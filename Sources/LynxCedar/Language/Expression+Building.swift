// Expressions that programs write: `.resource["owner"].equals(.principal) && .context.has("ip")`.
//
// Operators are Swift's where the meaning is the same. `==`, `!=` and `in` are methods, because Swift's `==` on
// expressions compares the trees themselves.

extension Expression: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral
{
    public init(booleanLiteral value: Bool) { self.init(.literal(.bool(value))) }
    public init(integerLiteral value: Int64) { self.init(.literal(.long(value))) }
    public init(stringLiteral value: String) { self.init(.literal(.string(CedarString(value)))) }

    /// A set.
    public init(arrayLiteral elements: Expression...) { self.init(.set(elements)) }

    // No dictionary literals: that protocol's associated type would take the name `Value` from the language's values.

    /// A record: `.record(["owner": .principal])`.
    ///
    /// - Precondition: `fields` names no attribute twice.
    public static func record(_ fields: KeyValuePairs<CedarString, Expression>) -> Expression {
        precondition(Set(fields.map(\.key)).count == fields.count, "a record names an attribute twice")
        return Expression(.record(fields.map { Field($0.key, $0.value) }))
    }
}

// MARK: Variables, entities, attributes

extension Expression {
    public static var principal: Expression { Expression(.variable(.principal)) }
    public static var action: Expression { Expression(.variable(.action)) }
    public static var resource: Expression { Expression(.variable(.resource)) }
    public static var context: Expression { Expression(.variable(.context)) }

    /// An entity: `.entity("User::\"alice\"")`.
    public static func entity(_ uid: EntityUID) -> Expression { Expression(.literal(.entity(uid))) }

    /// `self.name`
    public subscript(name: CedarString) -> Expression { Expression(.attribute(self, name)) }

    /// `self has first.rest...`
    public func has(_ first: CedarString, _ rest: CedarString...) -> Expression {
        Expression(.has(self, [first] + rest))
    }

    /// `self.hasTag(tag)`
    public func hasTag(_ tag: Expression) -> Expression { binary(.hasTag, tag) }

    /// `self.getTag(tag)`
    public func getTag(_ tag: Expression) -> Expression { binary(.getTag, tag) }
}

// MARK: Logic

extension Expression {
    /// For many operands ``and(_:span:)`` is faster: this copies the left side's.
    public static func && (left: Expression, right: Expression) -> Expression { .and([left, right]) }

    /// For many operands ``or(_:span:)`` is faster: this copies the left side's.
    public static func || (left: Expression, right: Expression) -> Expression { .or([left, right]) }

    public static prefix func ! (operand: Expression) -> Expression { Expression(.unary(.not, operand)) }

    /// `if condition then value else other`
    public static func `if`(
        _ condition: Expression, then value: Expression, else other: Expression
    ) -> Expression {
        Expression(.conditional(if: condition, then: value, else: other))
    }
}

// MARK: Relations

extension Expression {
    /// `self == other`
    public func equals(_ other: Expression) -> Expression { binary(.equal, other) }

    /// `self != other`
    public func differs(from other: Expression) -> Expression { binary(.notEqual, other) }

    public static func < (left: Expression, right: Expression) -> Expression { left.binary(.less, right) }
    public static func <= (left: Expression, right: Expression) -> Expression { left.binary(.lessOrEqual, right) }
    public static func > (left: Expression, right: Expression) -> Expression { left.binary(.greater, right) }
    public static func >= (left: Expression, right: Expression) -> Expression { left.binary(.greaterOrEqual, right) }

    /// `self in container`, an entity or a set of them
    public func isIn(_ container: Expression) -> Expression { binary(.in, container) }

    /// `self is type`, or `self is type in container`
    public func `is`(_ type: Name, in container: Expression? = nil) -> Expression {
        Expression(.isType(self, type, in: container))
    }

    /// `self like pattern`
    public func like(_ pattern: Pattern) -> Expression { Expression(.like(self, pattern)) }

    private func binary(_ operation: BinaryOperator, _ right: Expression) -> Expression {
        Expression(.binary(operation, self, right))
    }
}

// MARK: Arithmetic

extension Expression {
    public static func + (left: Expression, right: Expression) -> Expression { left.binary(.add, right) }
    public static func - (left: Expression, right: Expression) -> Expression { left.binary(.subtract, right) }
    public static func * (left: Expression, right: Expression) -> Expression { left.binary(.multiply, right) }
    public static prefix func - (operand: Expression) -> Expression { Expression(.unary(.negate, operand)) }
}

// MARK: Sets

extension Expression {
    /// `self.contains(element)`
    public func contains(_ element: Expression) -> Expression { binary(.contains, element) }

    /// `self.containsAll(elements)`
    public func containsAll(_ elements: Expression) -> Expression { binary(.containsAll, elements) }

    /// `self.containsAny(elements)`
    public func containsAny(_ elements: Expression) -> Expression { binary(.containsAny, elements) }

    /// `self.isEmpty()`
    public func isEmpty() -> Expression { Expression(.unary(.isEmpty, self)) }
}

// MARK: Extension types

extension Expression {
    /// `decimal(text)`
    public static func decimal(_ text: Expression) -> Expression { Expression(.call(.decimal, [text])) }

    /// `ip(text)`
    public static func ip(_ text: Expression) -> Expression { Expression(.call(.ip, [text])) }

    /// `datetime(text)`
    public static func datetime(_ text: Expression) -> Expression { Expression(.call(.datetime, [text])) }

    /// `duration(text)`
    public static func duration(_ text: Expression) -> Expression { Expression(.call(.duration, [text])) }

    public func lessThan(_ other: Expression) -> Expression { calling(.lessThan, other) }
    public func lessThanOrEqual(_ other: Expression) -> Expression { calling(.lessThanOrEqual, other) }
    public func greaterThan(_ other: Expression) -> Expression { calling(.greaterThan, other) }
    public func greaterThanOrEqual(_ other: Expression) -> Expression { calling(.greaterThanOrEqual, other) }

    public func isIpv4() -> Expression { calling(.isIpv4) }
    public func isIpv6() -> Expression { calling(.isIpv6) }
    public func isLoopback() -> Expression { calling(.isLoopback) }
    public func isMulticast() -> Expression { calling(.isMulticast) }

    /// `self.isInRange(range, others...)` (more than one range is ``LanguageFeatures/variadicIsInRange``)
    public func isInRange(_ range: Expression, _ others: Expression...) -> Expression {
        Expression(.call(.isInRange, [self, range] + others))
    }

    public func offset(_ duration: Expression) -> Expression { calling(.offset, duration) }
    public func durationSince(_ start: Expression) -> Expression { calling(.durationSince, start) }
    public func toDate() -> Expression { calling(.toDate) }
    public func toTime() -> Expression { calling(.toTime) }

    public func toMilliseconds() -> Expression { calling(.toMilliseconds) }
    public func toSeconds() -> Expression { calling(.toSeconds) }
    public func toMinutes() -> Expression { calling(.toMinutes) }
    public func toHours() -> Expression { calling(.toHours) }
    public func toDays() -> Expression { calling(.toDays) }

    private func calling(_ method: ExtensionFunction, _ arguments: Expression...) -> Expression {
        Expression(.call(method, [self] + arguments))
    }
}
