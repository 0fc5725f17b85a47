/// The name of a policy or template within its set.
///
/// Policies read from text get positional ids (`policy0`, `policy1`, ...); in JSON and in programs ids are free text.
public struct PolicyID: Hashable, Comparable, Sendable {
    public let text: CedarString

    public init(_ text: CedarString) {
        self.text = text
    }

    public init(_ text: String) {
        self.text = CedarString(text)
    }

    public static func < (lhs: PolicyID, rhs: PolicyID) -> Bool { lhs.text < rhs.text }
}

extension PolicyID: ExpressibleByStringInterpolation, CustomStringConvertible {
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { text.string }
}
