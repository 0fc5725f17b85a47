import LynxCedar

/// What a client can do that makes a difference to our answers.
struct ClientCapabilities {
    var takesMarkdown = false
    var takesSymbolTrees = false
    var takesSnippets = false

    init() {}

    init(_ json: JSONValue?) {
        let textDocument = json?["textDocument"]
        takesMarkdown = textDocument?["hover"]?["contentFormat"]?.array?.contains { $0.string == "markdown" } ?? false
        takesSnippets = textDocument?["completion"]?["completionItem"]?["snippetSupport"]?.bool ?? false
        takesSymbolTrees = textDocument?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"]?.bool ?? false
    }
}
