/// A Cedar string: a sequence of Unicode scalars, equal to another only when scalar for scalar the same.
///
/// Swift's `String` equates canonically equivalent texts (`"é"` as one scalar and as two). Cedar does not, and a policy
/// engine that did would let one entity pass for another. Every string of the language (string values, entity
/// ids, attribute names) is therefore of this type; `string` gives the text for display and for Swift's own operations.
///
/// Equality and ordering take time linear in the shorter string; the order is that of the UTF-8 bytes, which is that of the scalars.
public struct CedarString: Sendable {
    public let string: String

    public init(_ string: String) {
        self.string = string
    }

    public init(_ text: some StringProtocol) {
        self.string = String(text)
    }
}

extension CedarString: Hashable {
    public static func == (lhs: CedarString, rhs: CedarString) -> Bool {
        lhs.string.hasBytes(of: rhs.string)
    }

    // By bytes, as equality is. String's own hash is that of the normal form: someone who chooses the texts could make
    // any number of different ones collide, and turn every table of them into a list.
    public func hash(into hasher: inout Hasher) {
        string.withBytes { hasher.combine(bytes: $0) }
        // No UTF-8 text contains the byte, so neighbouring strings cannot run into each other.
        hasher.combine(0xFF as UInt8)
    }
}

extension CedarString: Comparable {
    public static func < (lhs: CedarString, rhs: CedarString) -> Bool {
        lhs.string.withBytes { lhs in rhs.string.withBytes { lhs.precedes($0) } }
    }
}

extension CedarString: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension CedarString: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { string }
    public var debugDescription: String { string.debugDescription }
}

extension CedarString {
    /// Whether the text can stand as an identifier in Cedar (after a dot, or as a record key without quotes).
    public var isIdentifier: Bool {
        Name.isIdentifier(string) && !Name.reservedWords.contains(string) && string != Name.reservedNamespace
    }

    /// The text as a Cedar string literal, quotes included; control and unprintable scalars are escaped.
    public var literal: String {
        let showsAsItself = string.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if showsAsItself { return "\"\(string)\"" }
        var result = "\""
        for scalar in string.unicodeScalars {
            result.append(escaping: scalar)
        }
        result.append("\"")
        return result
    }
}

extension String {
    /// Appends a scalar as it must stand between the quotes of a Cedar string literal.
    mutating func append(escaping scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": append("\\\"")
        case "\\": append("\\\\")
        case "\n": append("\\n")
        case "\r": append("\\r")
        case "\t": append("\\t")
        case "\0": append("\\0")
        case " "..."~": unicodeScalars.append(scalar)
        default:
            if scalar.isPrintable {
                unicodeScalars.append(scalar)
            } else {
                append("\\u{\(String(scalar.value, radix: 16))}")
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether the scalar shows as itself: no control, no format character (bidirectional overrides above all), no
    /// combining mark that would merge with its neighbour, nothing unassigned or private.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .nonspacingMark, .enclosingMark:
            false
        case .spaceSeparator:
            self == " "
        default:
            true
        }
    }

    /// Whether the scalar is a mark that merges with the character before it: `é` in two scalars has one.
    var isCombiningMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
