/// A JSON text as a tree, with the span of every value, so that errors about its meaning can point into the text too.
///
/// Trees may be of any depth: reading, writing, comparing and releasing them never recurses.
public struct JSONValue: Sendable {
    private let storage: Storage
    private let packedSpan: PackedSpan

    /// Where the value stands in its source; `nil` when a program built it.
    public var span: SourceSpan? { packedSpan.span }

    public init(_ kind: Kind, span: SourceSpan? = nil) {
        self.storage =
            switch kind {
            case .null: .null
            case .bool(let bool): .bool(bool)
            case .integer(let integer): .integer(integer)
            case .number(let text): .number(text)
            case .string(let string): .string(string)
            case .array(let elements): .array(JSONChildren(elements: elements))
            case .object(let members): .object(JSONChildren(members: members))
            }
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

    /// What the value is. `O(1)`.
    public var kind: Kind {
        switch storage {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .integer(let integer): .integer(integer)
        case .number(let text): .number(text)
        case .string(let string): .string(string)
        case .array(let children): .array(children.elements)
        case .object(let children): .object(children.members)
        }
    }

    private enum Storage: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(String)
        case string(CedarString)
        case array(JSONChildren)
        case object(JSONChildren)
    }

    /// What the value owns, if it is an array or an object.
    fileprivate var children: JSONChildren? {
        switch storage {
        case .array(let children), .object(let children): children
        default: nil
        }
    }

    /// Levels of arrays and objects, none for other values.
    fileprivate var height: Int {
        switch storage {
        case .array(let children), .object(let children): children.height
        default: 0
        }
    }
}

/// The values in an array or an object, in an object of their own for the sake of its `deinit`.
///
/// Swift releases a tree by recursion, at some 170 bytes of stack a level: 512 KiB end after 3,000 levels, 8 MiB after 50,000,
/// and a JSON text of a megabyte can have more. Here the last owner takes a tall tree apart with a list of what is left.
///
/// Unchecked because of the variables: they change in `deinit` only, when nobody else can see them.
private final class JSONChildren: @unchecked Sendable {
    /// Empty for an object.
    private(set) var elements: [JSONValue]
    /// Empty for an array.
    private(set) var members: [JSONValue.Member]
    /// One level more than the tallest of the values.
    let height: Int

    /// The height up to which a tree is left to Swift: recursion is the faster way, and that much of it any stack has room for.
    private static let heightForRecursion = 64

    init(elements: [JSONValue]) {
        self.elements = elements
        self.members = []
        self.height = 1 + elements.reduce(0) { max($0, $1.height) }
    }

    init(members: [JSONValue.Member]) {
        self.elements = []
        self.members = members
        self.height = 1 + members.reduce(0) { max($0, $1.value.height) }
    }

    deinit {
        guard height > JSONChildren.heightForRecursion else { return }
        var pending: [JSONChildren] = []
        release(into: &pending)
        while var next = pending.popLast() {
            // Whoever else holds it will take it apart in turn.
            guard isKnownUniquelyReferenced(&next) else { continue }
            next.release(into: &pending)
        }
    }

    /// Lets go of the values, except for the tall ones: their owner is `pending` from here on.
    private func release(into pending: inout [JSONChildren]) {
        for element in elements where element.height > JSONChildren.heightForRecursion {
            if let children = element.children { pending.append(children) }
        }
        for member in members where member.value.height > JSONChildren.heightForRecursion {
            if let children = member.value.children { pending.append(children) }
        }
        elements = []
        members = []
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
    ///
    /// `O(n log n)` in the number of values, for the order of the members.
    public static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        var pending = [(lhs, rhs)]
        while let (lhs, rhs) = pending.popLast() {
            switch (lhs.kind, rhs.kind) {
            case (.null, .null):
                continue
            case (.bool(let lhs), .bool(let rhs)):
                guard lhs == rhs else { return false }
            case (.integer(let lhs), .integer(let rhs)):
                guard lhs == rhs else { return false }
            case (.number(let lhs), .number(let rhs)):
                guard lhs == rhs else { return false }
            case (.string(let lhs), .string(let rhs)):
                guard lhs == rhs else { return false }
            case (.array(let lhs), .array(let rhs)):
                guard lhs.count == rhs.count else { return false }
                pending.append(contentsOf: zip(lhs, rhs))
            case (.object(let lhs), .object(let rhs)):
                guard lhs.count == rhs.count else { return false }
                for (lhs, rhs) in zip(lhs.sorted { $0.name < $1.name }, rhs.sorted { $0.name < $1.name }) {
                    guard lhs.name == rhs.name else { return false }
                    pending.append((lhs.value, rhs.value))
                }
            default:
                return false
            }
        }
        return true
    }
}
