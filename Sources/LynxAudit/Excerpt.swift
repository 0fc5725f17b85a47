/// How much of what callers choose freely is recorded.
public enum Excerpt {
    /// In bytes.
    private static let maximum = 512

    /// The text, or its beginning with `...` behind it. What is hidden in a text must be hidden before: a pattern need not fit what is left of it.
    public static func of(_ text: String) -> String {
        text.utf8.count <= maximum ? text : String(decoding: text.utf8.prefix(maximum), as: UTF8.self) + "..."
    }
}
