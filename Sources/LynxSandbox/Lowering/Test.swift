import LynxCedar

/// One question about an event.
enum Test: Hashable, Sendable {
    /// The text matches one of the patterns.
    case text(TextField, Set<TextPattern>)
    /// The address is in one of the ranges.
    case address(Set<AddressRange>)
    case number(NumberField, Set<Int64>)
    case code(CodeField, Set<UInt32>)
    /// The principal is one of these.
    case principal(Set<EntityUID>)
    /// The principal is a descendant of one of these.
    case group(Set<EntityUID>)
    /// The principal is of one of these types.
    case principalType(Set<Name>)
    /// One of the flags is there, by their bits.
    case flags(UInt32)
    case compare(Arithmetic, Order, Arithmetic)
    /// No step of the computation leaves the range of Cedar's `Long`.
    case fits(Arithmetic)
    case present(Presence)
    case isOn(SwitchField)
    /// Two texts of the event are the same.
    case same(ComparedText, ComparedText)
    /// What the event has of several facets goes together in a row of the join with this number.
    case joined(Int)

    enum Order: String, Hashable {
        case less = "<"
        case lessOrEqual = "<="
        case equal = "=="
    }
}

extension Test {
    /// What a test that asks for membership in a set asks about: two tests of one dimension can be one test of the union.
    enum Dimension: Hashable {
        case text(TextField, TextForm)
        case address
        case number(NumberField)
        case code(CodeField)
        case principal, group, principalType, flags
    }

    /// `nil` for tests that are no question of membership.
    var dimension: Dimension? {
        switch self {
        case .text(let field, let patterns): .text(field, patterns.allSatisfy { $0.isIndexed(in: field) } ? .indexed : .walked)
        case .address: .address
        case .number(let field, _): .number(field)
        case .code(let field, _): .code(field)
        case .principal: .principal
        case .group: .group
        case .principalType: .principalType
        case .flags: .flags
        case .compare, .fits, .present, .isOn, .same, .joined: nil
        }
    }

    /// The test that holds where one of some tests of the same dimension does.
    static func union(of tests: [Test]) -> Test? {
        guard var result = tests.first else { return nil }
        // The set must be held by nobody else, or each step copies it.
        for test in tests.dropFirst() { result.formUnion(test) }
        return result
    }

    /// Adds the members of a test of the same dimension.
    private mutating func formUnion(_ other: Test) {
        switch (self, other) {
        case (.text(let field, var set), .text(_, let more)):
            self = .flags(0)
            set.formUnion(more)
            self = .text(field, set)
        case (.address(var set), .address(let more)):
            self = .flags(0)
            set.formUnion(more)
            self = .address(set)
        case (.number(let field, var set), .number(_, let more)):
            self = .flags(0)
            set.formUnion(more)
            self = .number(field, set)
        case (.principal(var set), .principal(let more)):
            self = .flags(0)
            set.formUnion(more)
            self = .principal(set)
        default:
            // Small by their nature.
            self = union(other) ?? self
        }
    }

    /// The test that holds where this or `other` does.
    ///
    /// - Returns: `nil` when the two are of different dimensions.
    func union(_ other: Test) -> Test? {
        switch (self, other) {
        case (.text(let field, let left), .text(let other, let right)): field == other ? .text(field, left.union(right)) : nil
        case (.address(let left), .address(let right)): .address(left.union(right))
        case (.number(let field, let left), .number(let other, let right)): field == other ? .number(field, left.union(right)) : nil
        case (.code(let field, let left), .code(let other, let right)): field == other ? .code(field, left.union(right)) : nil
        case (.principal(let left), .principal(let right)): .principal(left.union(right))
        case (.group(let left), .group(let right)): .group(left.union(right))
        case (.principalType(let left), .principalType(let right)): .principalType(left.union(right))
        case (.flags(let left), .flags(let right)): .flags(left | right)
        default: nil
        }
    }
}

/// How a table finds a text among patterns.
enum TextForm: Hashable {
    /// By the whole text or by what it begins with.
    case indexed
    /// By a walk through all of it.
    case walked
}

/// A text of an event that is compared with another one.
enum ComparedText: Hashable, Comparable {
    /// The last component of the path.
    case name
    case field(TextField)

    static func < (lhs: ComparedText, rhs: ComparedText) -> Bool { lhs.order < rhs.order }

    private var order: String {
        switch self {
        case .name: ""
        case .field(let field): field.rawValue
        }
    }
}

/// A computation with whole numbers, as Cedar does it.
indirect enum Arithmetic: Hashable, Sendable {
    case constant(Int64)
    case field(NumberField)
    case sum(Arithmetic, Arithmetic)
    case difference(Arithmetic, Arithmetic)
    case product(Arithmetic, Arithmetic)
    case negation(Arithmetic)

    /// Whether a step may leave the range of 64 bits.
    var mayOverflow: Bool {
        switch self {
        case .constant, .field: false
        case .sum, .difference, .product, .negation: true
        }
    }
}

/// A set of texts.
enum TextPattern: Hashable {
    case exact([UInt8])
    /// The directory itself and all below it; the path has no slash at its end, but "/" is one.
    case under([UInt8])
    /// The parts in this order, the first at the start and the last at the end, with anything between. At least two.
    case glob([[UInt8]])
    /// As `glob`, but of the last component alone; a single part is the whole of it.
    case name([[UInt8]])

    /// The longest beginning that a trie can tell (`TEXT_PREFIX_CAPACITY`).
    static let maximumPrefix = 256

    /// Whether tables of whole texts and of beginnings can tell: no walk through the text is needed.
    func isIndexed(in field: TextField) -> Bool {
        switch self {
        case .exact: true
        case .under, .glob: field.isPath && prefix.map { $0.count <= TextPattern.maximumPrefix } ?? false
        case .name: false
        }
    }

    /// What the texts begin with, a slash behind each text counted in; `nil` where there is more to them.
    var prefix: [UInt8]? {
        let slash = UInt8(ascii: "/")
        switch self {
        case .under(let path): return path.last == slash ? path : path + [slash]
        case .glob(let parts) where parts.count == 2 && parts[1].isEmpty: return parts[0]
        case .exact, .glob, .name: return nil
        }
    }

    /// Takes a Cedar pattern.
    init(_ pattern: Pattern, ofName: Bool) {
        var parts: [[UInt8]] = [[]]
        for element in pattern.elements {
            switch element {
            // Two wildcards side by side are one.
            case .wildcard: if parts.count == 1 || !(parts.last?.isEmpty ?? false) { parts.append([]) }
            case .scalar(let scalar): parts[parts.count - 1] += Array(String(scalar).utf8)
            }
        }
        self = ofName ? .name(parts) : parts.count == 1 ? .exact(parts[0]) : .glob(parts)
    }
}

/// The addresses of one version that share a prefix.
struct AddressRange: Hashable {
    let isIPv4: Bool
    /// The address in network order, 4 or 16 bytes, with zeros behind the prefix.
    let octets: [UInt8]
    let prefixLength: Int

    init(_ address: IPAddress) {
        isIPv4 = address.isIPv4
        prefixLength = Int(address.prefixLength)
        let length = prefixLength
        octets = address.octets.enumerated().map { index, octet in
            let bits = min(max(length - 8 * index, 0), 8)
            return bits == 0 ? 0 : octet & (0xff << UInt8(8 - bits))
        }
    }

    init(isIPv4: Bool, octets: [UInt8], prefixLength: Int) {
        self.isIPv4 = isIPv4
        self.octets = octets
        self.prefixLength = prefixLength
    }

    /// The range of all addresses that share the first `length` bits.
    func widened(to length: Int) -> AddressRange {
        let octets = octets.enumerated().map { index, octet -> UInt8 in
            let bits = min(max(length - 8 * index, 0), 8)
            return bits == 0 ? 0 : octet & (0xff << UInt8(8 - bits))
        }
        return AddressRange(isIPv4: isIPv4, octets: octets, prefixLength: length)
    }

    static let all4 = AddressRange(isIPv4: true, octets: [0, 0, 0, 0], prefixLength: 0)
    static let all6 = AddressRange(isIPv4: false, octets: Array(repeating: 0, count: 16), prefixLength: 0)
    /// RFC 1122, 3.2.1.3, and RFC 4291, 2.5.3
    static let loopback: Set = [
        AddressRange(isIPv4: true, octets: [127, 0, 0, 0], prefixLength: 8),
        AddressRange(isIPv4: false, octets: Array(repeating: 0, count: 15) + [1], prefixLength: 128),
    ]
    /// RFC 1112, 4, and RFC 4291, 2.7
    static let multicast: Set = [
        AddressRange(isIPv4: true, octets: [224, 0, 0, 0], prefixLength: 4),
        AddressRange(isIPv4: false, octets: [0xff] + Array(repeating: 0, count: 15), prefixLength: 8),
    ]
}
