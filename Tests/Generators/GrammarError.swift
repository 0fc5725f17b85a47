/// Why a grammar cannot be read or derived from.
public struct GrammarError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
