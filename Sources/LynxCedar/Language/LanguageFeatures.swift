/// Parts of Cedar that are decided by an RFC and not in the released language: off unless they are asked for.
public struct LanguageFeatures: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `address.isInRange(a, b, ...)` with several ranges, true when one of them contains the address (RFC 99).
    ///
    /// Cedar 4.5 takes exactly one range, and more are an error of the policy.
    public static let variadicIsInRange = LanguageFeatures(rawValue: 1)

    /// All of them.
    public static let all: LanguageFeatures = [.variadicIsInRange]
}
