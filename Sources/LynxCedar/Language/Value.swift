/// A Cedar value: what expressions evaluate to and what attributes, tags and contexts hold.
public enum Value: Hashable, Sendable {
    case bool(Bool)
    case long(Int64)
    case string(CedarString)
    case entity(EntityUID)
    case set(ValueSet)
    case record(Record)
    case decimal(Decimal)
    case ip(IPAddress)
    case datetime(Datetime)
    case duration(Duration)
}

extension Value {
    /// The kinds of value, under the names that the language reference gives their types.
    public enum Kind: String, Hashable, Sendable, CustomStringConvertible {
        case bool
        case long
        case string
        case entity
        case set
        case record
        case decimal
        case ip = "ipaddr"
        case datetime
        case duration

        public var description: String { rawValue }
    }

    public var kind: Kind {
        switch self {
        case .bool: .bool
        case .long: .long
        case .string: .string
        case .entity: .entity
        case .set: .set
        case .record: .record
        case .decimal: .decimal
        case .ip: .ip
        case .datetime: .datetime
        case .duration: .duration
        }
    }
}

// Written out, because what the compiler would make recurses: values nest twice as deep as expressions may.
extension Value {
    /// Linear in the smaller value, and without recursion.
    public static func == (lhs: Value, rhs: Value) -> Bool {
        switch (lhs, rhs) {
        case (.set(let left), .set(let right)): left.count == right.count && CanonicalOrder(lhs, rhs) == .equal
        case (.record(let left), .record(let right)): left.count == right.count && CanonicalOrder(lhs, rhs) == .equal
        default: CanonicalOrder(lhs, rhs) == .equal
        }
    }

    public func hash(into hasher: inout Hasher) {
        var pending = [self]
        while let value = pending.popLast() {
            hasher.combine(value.kind)
            switch value {
            case .bool(let value): hasher.combine(value)
            case .long(let value): hasher.combine(value)
            case .string(let value): hasher.combine(value)
            case .entity(let uid): hasher.combine(uid)
            case .set(let set):
                hasher.combine(set.count)
                pending += set.elements
            case .record(let record):
                hasher.combine(record.count)
                for attribute in record.attributes {
                    hasher.combine(attribute.name)
                    pending.append(attribute.value)
                }
            case .decimal(let value): hasher.combine(value)
            case .ip(let value): hasher.combine(value)
            case .datetime(let value): hasher.combine(value)
            case .duration(let value): hasher.combine(value)
            }
        }
    }
}

extension Value: Comparable {
    /// A total order for canonical forms (the elements of a ``ValueSet``); it is no part of the language, where only
    /// longs, datetimes and durations compare. Linear in the smaller value.
    public static func < (lhs: Value, rhs: Value) -> Bool { CanonicalOrder(lhs, rhs) == .less }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .long(value) }
    public init(stringLiteral value: String) { self = .string(CedarString(value)) }
    public init(arrayLiteral elements: Value...) { self = .set(ValueSet(elements)) }

    /// - Precondition: the literal names no attribute twice.
    public init(dictionaryLiteral elements: (CedarString, Value)...) {
        self = .record(Record(literal: elements))
    }
}

extension Value: CustomStringConvertible {
    /// The value as a Cedar expression; evaluates back to the same value.
    public var description: String { Expression(self).description }
}
