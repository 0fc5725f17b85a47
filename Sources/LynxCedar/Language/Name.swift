/// A possibly qualified name, such as `User` or `PhotoApp::Album`: an entity type, a common type, a function.
///
/// The text is in normal form (no white space, components separated by `::`), and no component is a reserved word.
/// Names are ASCII, so Swift's string equality is exact for them.
public struct Name: Hashable, Sendable {
    /// The normal form, for instance `PhotoApp::Album`.
    public let description: String

    /// The last component.
    public var basename: Substring {
        let bytes = description.utf8
        guard let separator = bytes.lastIndex(of: UInt8(ascii: ":")) else { return description[...] }
        return description[bytes.index(after: separator)...]
    }

    /// What stands before the last component, `nil` for an unqualified name.
    public var namespace: Name? {
        let basename = basename
        guard basename.startIndex > description.startIndex else { return nil }
        return Name(unchecked: String(description[..<description.index(basename.startIndex, offsetBy: -2)]))
    }

    /// The components, outermost first.
    public var components: [Substring] {
        description.split(separator: ":", omittingEmptySubsequences: true)
    }

    /// Checks `text` and takes it as a name.
    ///
    /// - Returns: `nil` when a component is not an identifier or is reserved (`if`, `in`, `__cedar` ...), or when the text
    ///   is not in normal form (RFC 9 allows no white space around `::`).
    public init?(_ text: some StringProtocol) {
        self.init(text, allowsReservedNamespace: false)
    }

    /// Checks `text` and takes it as a name, which may have `__cedar` in it: schemas refer to the language's own types so.
    init?(_ text: some StringProtocol, allowsReservedNamespace: Bool) {
        var rest = text[...]
        while true {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            let component = rest[..<end]
            guard Name.isIdentifier(component),
                !Name.reservedWords.contains(String(component)),
                allowsReservedNamespace || component != Name.reservedNamespace
            else { return nil }
            if end == rest.endIndex { break }
            guard rest[end...].hasPrefix("::") else { return nil }
            rest = rest[rest.index(end, offsetBy: 2)...]
        }
        self.description = String(text)
    }

    /// For text that is known to be in normal form, such as what the parser has assembled from identifier tokens.
    init(unchecked text: String) {
        self.description = text
    }

    /// An identifier as it reads in a namespace, `nil` standing for the empty one.
    init(_ identifier: String, in namespace: Name?) {
        self.description = namespace.map { "\($0)::\(identifier)" } ?? identifier
    }

    var isQualified: Bool { description.utf8.contains(UInt8(ascii: ":")) }

    /// Words that are never identifiers (Cedar language reference, "Grammar").
    public static let reservedWords: Set<String> = ["true", "false", "if", "then", "else", "in", "is", "like", "has"]

    /// The namespace of the language itself; no name of a user's may contain it (RFC 52).
    public static let reservedNamespace = "__cedar"

    /// Whether `text` matches `[_a-zA-Z][_a-zA-Z0-9]*`; reserved words do.
    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        var bytes = text.utf8.makeIterator()
        guard let first = bytes.next(), first.isIdentifierStart else { return false }
        while let byte = bytes.next() {
            guard byte.isIdentifierPart else { return false }
        }
        return true
    }
}

extension Name: Comparable {
    public static func < (lhs: Name, rhs: Name) -> Bool { lhs.description < rhs.description }
}

extension Name: CustomStringConvertible {}

extension Name: ExpressibleByStringLiteral {
    /// - Precondition: the literal is a name. Text that is not known when the program is written goes through `init?(_:)`.
    public init(stringLiteral value: String) {
        guard let name = Name(value) else { preconditionFailure("'\(value)' is not a Cedar name") }
        self = name
    }
}
