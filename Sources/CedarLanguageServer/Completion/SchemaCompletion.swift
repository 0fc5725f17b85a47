import LynxCedar

/// What can stand at a place in a schema. Names are taken from the tokens of the whole text, which need not parse.
struct SchemaCompletion {
    private let head: SchemaText
    private let whole: SchemaText
    private let offset: Int
    private let wordStart: Int
    /// The last token before the word that is being typed.
    private let before: Int

    init(_ source: SourceText, offset: Int) {
        self.offset = offset
        whole = SchemaText(source)
        let text = PolicyText(SourceText(String(source.substring(SourceSpan(0..<UInt32(clamping: offset))))))
        let isInWord = text.tokens.last.map { $0.isWord && Int($0.end) == offset } ?? false
        let start = isInWord ? text.tokens.last.map { Int($0.start) } ?? offset : offset
        wordStart = start
        // Without the word: it may be read as a keyword or a name.
        head = SchemaText(SourceText(String(source.substring(SourceSpan(0..<UInt32(clamping: start))))))
        before = head.text.tokens.count - 1
    }

    /// The items, and the bytes that they replace.
    func items() -> (items: [CompletionItem], replaced: Range<Int>) {
        let text = head.text
        let isInString = text.tokens.last.map { $0.kind == .string && text.source.content(of: $0) == nil } ?? false
        if text.isComment(wordStart) || isInString { return ([], offset..<offset) }
        return (wordItems(), wordStart..<offset)
    }

    private func wordItems() -> [CompletionItem] {
        let text = head.text
        if text.kind(before) == .at { return [CompletionItem("doc", .annotation, text: "doc(\"\")", cursor: 5)] }
        guard let declaration = head.declaration else {
            let keywords = ["entity", "action", "type"]
            return CompletionItem.keywords(head.openBraces.isEmpty ? keywords + ["namespace"] : keywords)
        }
        let brace = head.openBraces.last
        if brace == "appliesTo", [.leftBrace, .comma].contains(text.kind(before)), !isInBrackets {
            return ["principal", "resource", "context"].map { CompletionItem($0, .keyword, text: "\($0): ") }
        }
        switch text.kind(before) {
        case .colon:
            guard brace == "appliesTo" else { return types }
            return text.kind(before - 1) == .identifier && text.text(before - 1) == "context" ? commonTypes : entityTypes
        case .less, .assign: return types
        case .in: return declaration == "action" ? actions : entityTypes
        case .leftBracket, .comma: return !isInBrackets ? [] : declaration == "action" && brace != "appliesTo" ? actions : entityTypes
        case .identifier where text.text(before) == "tags": return types
        case .doubleColon: return qualified
        case .identifier, .string, .rightBracket, .rightBrace:
            guard before >= 1, text.text(before) != declaration, brace == nil || brace == "namespace" else { return [] }
            switch declaration {
            case "entity": return CompletionItem.keywords(["in", "tags", "enum"])
            case "action": return CompletionItem.keywords(["in", "appliesTo"])
            default: return []
            }
        default: return []
        }
    }

    private var isInBrackets: Bool {
        var index = before
        while let kind = head.text.kind(index) {
            switch kind {
            case .leftBracket: return true
            case .rightBracket, .leftBrace, .rightBrace, .semicolon, .colon: return false
            default: index -= 1
            }
        }
        return false
    }

    // MARK: Names

    private var types: [CompletionItem] {
        CompletionItem.keywords(["Bool", "Long", "String", "decimal", "ipaddr", "datetime", "duration"])
            + [CompletionItem("Set", .keyword, text: "Set<>", cursor: 4)] + commonTypes + entityTypes
    }

    private var commonTypes: [CompletionItem] {
        whole.commonTypes.map { CompletionItem(relative($0), .type, detail: "common type") }
    }

    private var entityTypes: [CompletionItem] {
        whole.entityTypes.map { CompletionItem(relative($0), .type, detail: "entity type") }
    }

    private var actions: [CompletionItem] {
        whole.actions.map { uid in
            let isNear = uid.type.namespace == head.namespace
            return CompletionItem(isNear ? uid.id.asAttributeName : uid.description, .action, detail: "action")
        }
    }

    /// A name as it is written in the namespace that the place lies in.
    private func relative(_ name: Name) -> String {
        name.namespace == head.namespace ? String(name.basename) : name.description
    }

    private var qualified: [CompletionItem] {
        var start = before - 1
        while head.text.kind(start - 1) == .doubleColon, head.text.kind(start - 2) == .identifier { start -= 2 }
        guard start >= 0, start < before else { return [] }
        let prefix = (start..<before).map { String(head.text.text($0)) }.joined() + "::"
        return (whole.entityTypes + whole.commonTypes).compactMap { name in
            guard name.description.hasPrefix(prefix) else { return nil }
            return CompletionItem(String(name.description.dropFirst(prefix.count)), .type)
        }
    }
}
