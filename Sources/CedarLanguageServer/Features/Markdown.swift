import LynxCedar

/// What a hover shows: code, and words about it.
struct Markdown {
    private var parts: [(text: String, isCode: Bool)] = []

    mutating func add(code: String) { parts.append((code, true)) }
    mutating func add(words: String) { parts.append((words, false)) }

    /// As `MarkupContent`, with marks only for clients that take them.
    func json(takesMarkdown: Bool) -> JSONValue {
        let text = parts.map { part in
            guard takesMarkdown else { return part.text }
            return part.isCode ? Markdown.fenced(part.text) : Markdown.escaped(part.text)
        }.joined(separator: "\n\n")
        return ["kind": takesMarkdown ? "markdown" : "plaintext", "value": JSONValue(text)]
    }

    /// The fence must be longer than any run of backticks within.
    private static func fenced(_ code: String) -> String {
        var longest = 0
        var current = 0
        for byte in code.utf8 {
            current = byte == UInt8(ascii: "`") ? current + 1 : 0
            longest = max(longest, current)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)cedar\n\(code)\n\(fence)"
    }

    /// Texts of a schema's author are shown as they are, not as marks.
    private static func escaped(_ words: String) -> String {
        var escaped = ""
        for character in words {
            if "\\`*_{}[]<>()#+-.!|".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
