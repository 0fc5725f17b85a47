import LynxCedar

/// One way to go on with a text.
struct CompletionItem {
    let label: String
    let kind: Kind
    var detail: String?
    /// What is inserted, where that is not the label; the cursor ends up behind it, or where `cursor` says.
    var text: String
    /// The bytes of ``text`` that come before the cursor, for clients that take snippets.
    var cursor: Int?
    /// Whether the `.` before the word is replaced too.
    var replacesDot = false

    /// The numbers of the protocol's `CompletionItemKind`.
    enum Kind: Int {
        case method = 2
        case function = 3
        case attribute = 5
        case variable = 6
        case type = 7
        case namespace = 9
        case annotation = 10
        case keyword = 14
        case entity = 20
        case action = 23
    }

    init(_ label: String, _ kind: Kind, detail: String? = nil, text: String? = nil, cursor: Int? = nil) {
        self.label = label
        self.kind = kind
        self.detail = detail
        self.text = text ?? label
        self.cursor = cursor
    }

    /// - Parameter replaced: the bytes of the word that the item replaces.
    func json(_ lines: LineTable, replaced: Range<Int>, takesSnippets: Bool) -> JSONValue {
        let range = replacesDot ? replaced.lowerBound - 1..<replaced.upperBound : replaced
        var newText = text
        var isSnippet = false
        if let cursor, takesSnippets {
            isSnippet = true
            newText = CompletionItem.escaped(text.utf8.prefix(cursor)) + "$1" + CompletionItem.escaped(text.utf8.dropFirst(cursor))
        }
        let edit: JSONValue = ["range": lines.range(range), "newText": JSONValue(newText)]
        let members: [(CedarString, JSONValue?)] = [
            ("label", JSONValue(label)), ("kind", JSONValue(kind.rawValue)), ("detail", detail.map { JSONValue($0) }),
            ("filterText", replacesDot ? JSONValue("." + label) : nil),
            ("insertTextFormat", isSnippet ? JSONValue(2) : nil), ("textEdit", edit),
        ]
        return .object(members)
    }

    /// `$`, `}` and `\` mean something in snippets.
    private static func escaped(_ bytes: some Sequence<UInt8>) -> String {
        var escaped: [UInt8] = []
        for byte in bytes {
            if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\\") { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

extension CompletionItem {
    static func keywords(_ words: [String]) -> [CompletionItem] { words.map { CompletionItem($0, .keyword) } }

    /// The start of an entity's uid: the cursor comes between the quotes.
    static func uid(of type: Name) -> CompletionItem {
        let text = "\(type)::\"\""
        return CompletionItem("\(type)", .type, detail: "entity type", text: text, cursor: text.utf8.count - 1)
    }
}
