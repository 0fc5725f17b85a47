import LynxCedar

/// The name of a member of a JSON object, without regard to upper and lower case: lenient readers take all of one such name for the same member.
///
/// Folded at least as far as Go's `encoding/json` does, for which U+017F is an `s`, and U+212A a `k`.
public struct FoldedName: Hashable, Sendable {
    private let text: String

    public init(_ name: CedarString) {
        text = name.string.uppercased().lowercased()
    }
}
