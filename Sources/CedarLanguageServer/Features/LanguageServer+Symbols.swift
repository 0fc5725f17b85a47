import LynxCedar

extension LanguageServer {
    /// The outline of a document: its policies, or the declarations of a schema in their namespaces.
    mutating func documentSymbols(_ document: Document) -> JSONValue {
        let symbols: [OutlineSymbol]
        if document.kind.isSchema {
            symbols = workspace.schema(document.uri)?.index.map(OutlineSymbol.declarations) ?? []
        } else {
            symbols = OutlineSymbol.policies(PolicyText(document.source))
        }
        if client.takesSymbolTrees { return JSONValue(.array(symbols.map { $0.tree(document.lines) })) }
        return JSONValue(.array(symbols.flatMap { $0.flat(document, container: nil) }))
    }
}
