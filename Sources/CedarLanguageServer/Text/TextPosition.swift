/// A place in a document as the protocol counts it.
public struct TextPosition: Hashable, Comparable, Sendable {
    /// Counted from 0.
    public var line: Int
    /// Counted from 0, in the units of a ``PositionEncoding``.
    public var character: Int

    public init(line: Int, character: Int) {
        self.line = line
        self.character = character
    }

    public static func < (lhs: TextPosition, rhs: TextPosition) -> Bool {
        (lhs.line, lhs.character) < (rhs.line, rhs.character)
    }
}
