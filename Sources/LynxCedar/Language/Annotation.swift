/// `@key("value")` or bare `@key` before a policy. Annotations have no meaning in evaluation.
public struct Annotation: Sendable {
    /// Any identifier, reserved words too.
    public let key: String
    /// `nil` for the bare form, which reads as the empty string.
    public let value: CedarString?
    public let span: SourceSpan?

    public init(key: String, value: CedarString? = nil, span: SourceSpan? = nil) {
        self.key = key
        self.value = value
        self.span = span
    }
}

extension Annotation: Hashable {
    public static func == (lhs: Annotation, rhs: Annotation) -> Bool { lhs.key == rhs.key && lhs.value == rhs.value }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}
