import LynxCedar

extension LanguageServer {
    /// The most that is offered at once; clients ask again when more of the word is there.
    private static let maximumCount = 1_000

    /// What can stand at a place.
    mutating func completion(_ place: Place) -> JSONValue {
        let found: (items: [CompletionItem], replaced: Range<Int>)
        switch place.document.kind {
        case .policies:
            let schema = workspace.schema(for: place.document)?.resolved
            found = PolicyCompletion(place.document.source, offset: place.offset, schema: schema).items()
        case .schema: found = SchemaCompletion(place.document.source, offset: place.offset).items()
        case .schemaJSON: return nil
        }
        var items = found.items
        let isComplete = items.count <= LanguageServer.maximumCount
        if !isComplete {
            let word = String(decoding: place.document.lines.bytes[found.replaced], as: UTF8.self).lowercased()
            items = Array(items.lazy.filter { $0.label.lowercased().contains(word) }.prefix(LanguageServer.maximumCount))
        }
        return [
            "isIncomplete": JSONValue(.bool(!isComplete)),
            "items": JSONValue(
                .array(
                    items.map { $0.json(place.document.lines, replaced: found.replaced, takesSnippets: client.takesSnippets) })),
        ]
    }
}
