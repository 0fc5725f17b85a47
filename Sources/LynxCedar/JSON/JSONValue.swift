/// A JSON text as a tree, with the span of every value, so that errors about its meaning can point into the text too.
public struct JSONValue: Sendable {
    public let kind: Kind
    private let packedSpan: PackedSpan

    /// Where the value stands in its source; `nil` when a program built it.
    public var span: SourceSpan? { packedSpan.span }

    public init(_ kind: Kind, span: SourceSpan? = nil) {
        self.kind = kind
        self.packedSpan = PackedSpan(span)
    }

    public enum Kind: Sendable {
        case null
        case bool(Bool)
        /// A number without fraction and exponent that fits in 64 bits.
        case integer(Int64)
        /// Any other number, as it was written: Cedar has none of these, so nobody needs its value.
        case number(String)
        case string(CedarString)
        case array([JSONValue])
        /// Members in source order with distinct names.
        case object([Member])
    }

    public struct Member: Sendable {
        public let name: CedarString
        public let value: JSONValue
        private let packedNameSpan: PackedSpan

        public var nameSpan: SourceSpan? { packedNameSpan.span }

        public init(_ name: CedarString, _ value: JSONValue, nameSpan: SourceSpan? = nil) {
            self.name = name
            self.value = value
            self.packedNameSpan = PackedSpan(nameSpan)
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self.init(.null) }
    public init(booleanLiteral value: Bool) { self.init(.bool(value)) }
    public init(integerLiteral value: Int64) { self.init(.integer(value)) }
    public init(stringLiteral value: String) { self.init(.string(CedarString(value))) }
    public init(arrayLiteral elements: JSONValue...) { self.init(.array(elements)) }
    public init(dictionaryLiteral elements: (CedarString, JSONValue)...) {
        self.init(.object(elements.map { Member($0, $1) }))
    }
}

extension JSONValue: Equatable {
    /// Structural, without regard to spans and to the order of an object's members.
    public static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs.kind, rhs.kind) {
        case (.null, .null): true
        case (.bool(let lhs), .bool(let rhs)): lhs == rhs
        case (.integer(let lhs), .integer(let rhs)): lhs == rhs
        case (.number(let lhs), .number(let rhs)): lhs == rhs
        case (.string(let lhs), .string(let rhs)): lhs == rhs
        case (.array(let lhs), .array(let rhs)): lhs == rhs
        case (.object(let lhs), .object(let rhs)):
            lhs.count == rhs.count
                && zip(lhs.sorted { $0.name < $1.name }, rhs.sorted { $0.name < $1.name })
                    .allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }
}
