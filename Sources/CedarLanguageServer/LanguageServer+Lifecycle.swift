import LynxCedar

extension LanguageServer {
    mutating func initialize(_ parameters: JSONValue?) -> JSONValue {
        client = ClientCapabilities(parameters?["capabilities"])
        let encodings = parameters?["capabilities"]?["general"]?["positionEncodings"]?.array ?? []
        // Every client that offers anything must offer UTF-16 too; bytes are what spans are in.
        workspace.encoding = encodings.contains { $0.string == PositionEncoding.utf8.rawValue } ? .utf8 : .utf16
        workspace.roots = LanguageServer.roots(parameters)
        if let schema = parameters?["initializationOptions"]?["schema"]?.string, !schema.isEmpty {
            workspace.configuredSchema = LanguageServer.uri(ofSchema: schema, in: workspace.roots.first)
        }
        return [
            "capabilities": [
                "positionEncoding": JSONValue(workspace.encoding.rawValue),
                // 2: changes come as edits.
                "textDocumentSync": ["openClose": true, "change": 2, "save": true],
                "hoverProvider": true,
                "completionProvider": ["triggerCharacters": [".", ":", "@", "\"", "?"]],
                "definitionProvider": true,
                "referencesProvider": true,
                "renameProvider": ["prepareProvider": true],
                "documentFormattingProvider": true,
                "documentSymbolProvider": true,
                "workspace": ["workspaceFolders": ["supported": true, "changeNotifications": true]],
            ],
            "serverInfo": ["name": "cedarc"],
        ]
    }

    /// The folders that the client works in; older clients name only one, by its URI or by its path.
    private static func roots(_ parameters: JSONValue?) -> [String] {
        if let folders = parameters?["workspaceFolders"]?.array { return paths(folders) }
        if let uri = parameters?["rootUri"]?.string { return root(DocumentURI(uri).path).map { [$0] } ?? [] }
        return root(parameters?["rootPath"]?.string).map { [$0] } ?? []
    }

    private static func paths(_ folders: [JSONValue]) -> [String] {
        folders.compactMap { root($0["uri"]?.string.flatMap { DocumentURI($0).path }) }
    }

    private static func root(_ path: String?) -> String? {
        guard let path, path.hasPrefix("/") else { return nil }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// - Parameter schema: a URI, an absolute path, or a path from the workspace's first folder.
    private static func uri(ofSchema schema: String, in root: String?) -> DocumentURI? {
        if schema.hasPrefix("file:") { return DocumentURI(schema) }
        if schema.hasPrefix("/") { return DocumentURI(path: schema) }
        return root.map { DocumentURI(path: $0.hasSuffix("/") ? $0 + schema : "\($0)/\(schema)") }
    }

    mutating func didChangeFolders(_ parameters: JSONValue?) {
        let event = parameters?["event"]
        let removed = LanguageServer.paths(event?["removed"]?.array ?? [])
        let added = LanguageServer.paths(event?["added"]?.array ?? [])
        workspace.roots = workspace.roots.filter { !removed.contains($0) && !added.contains($0) } + added
        checkAll()
    }
}
