import LynxCedar

/// The documents: those that the client has open, and behind them the files.
struct Workspace {
    let files: any WorkspaceFiles
    var encoding = PositionEncoding.utf16
    /// Absolute paths of the folders that the client works in.
    var roots: [String] = []
    /// The schema that all policies go with; where it is `nil`, each goes with the nearest.
    var configuredSchema: DocumentURI?
    private(set) var open: [DocumentURI: Document] = [:]
    private var schemas: [DocumentURI: LoadedSchema] = [:]

    init(files: any WorkspaceFiles) {
        self.files = files
    }

    // MARK: Documents

    mutating func put(_ document: Document) { open[document.uri] = document }

    mutating func close(_ uri: DocumentURI) { open[uri] = nil }

    /// The document as the client has it, or else the file.
    func document(_ uri: DocumentURI) -> Document? {
        if let document = open[uri] { return document }
        guard let path = uri.path, let kind = kind(uri), let bytes = files.contents(of: path),
            let source = try? SourceText(utf8: bytes)
        else { return nil }
        return Document(uri, kind: kind, text: source.text, encoding: encoding)
    }

    /// What a document is: by its name, what the client says of it, or because it is configured to be the schema.
    func kind(_ uri: DocumentURI, languageID: String? = nil) -> Document.Kind? {
        if let kind = Document.Kind(uri, languageID: languageID) { return kind }
        guard uri == configuredSchema else { return nil }
        return uri.string.hasSuffix(".json") ? .schemaJSON : .schema
    }

    /// All policies that go with a schema, or those that go with none: what is open, and the files in the workspace.
    mutating func policies(goingWith schema: DocumentURI?) -> [Document] {
        var uris = Set(open.values.lazy.filter { $0.kind == .policies }.map(\.uri))
        for root in roots {
            for path in files.files(below: root, endingIn: ".cedar") { uris.insert(DocumentURI(path: path)) }
        }
        return uris.sorted { $0.string < $1.string }.compactMap { uri in
            guard schemaURI(for: uri) == schema else { return nil }
            return document(uri)
        }
    }

    // MARK: Schemas

    /// The schema that policies go with; a schema goes with itself.
    mutating func schema(for document: Document) -> LoadedSchema? {
        document.kind.isSchema ? schema(document.uri) : schemaURI(for: document.uri).flatMap { schema($0) }
    }

    mutating func schema(_ uri: DocumentURI) -> LoadedSchema? {
        guard let document = document(uri), document.kind.isSchema else { return nil }
        // Resolving is what takes time; a text that has not changed has been resolved already.
        if let known = schemas[uri], known.document.version == document.version, known.document.lines.encoding == document.lines.encoding,
            known.document.lines.bytes == document.lines.bytes
        {
            return known
        }
        let loaded = LoadedSchema(document)
        schemas[uri] = loaded
        return loaded
    }

    /// The configured schema, or the nearest upward in the folders, within the workspace.
    func schemaURI(for policies: DocumentURI) -> DocumentURI? {
        if let configuredSchema { return configuredSchema }
        let path = policies.path
        guard var folder = path.map(Workspace.folder) ?? roots.first else { return nil }
        let root = roots.filter { Workspace.contains($0, folder) }.max { $0.utf8.count < $1.utf8.count } ?? folder
        let stem = path.map { $0.hasSuffix(".cedar") ? String($0.dropLast(6)) : $0 }
        while true {
            if let schema = schema(in: folder, stem: stem) { return schema }
            guard folder != root, folder != "/" else { return nil }
            folder = Workspace.folder(folder)
        }
    }

    /// The schema in a folder: the one that is called as the policies are, or else the first by name; Cedar syntax before JSON.
    private func schema(in folder: String, stem: String?) -> DocumentURI? {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        var paths = Set(files.names(in: folder).map { prefix + $0 })
        for document in open.values {
            if let path = document.uri.path, Workspace.folder(path) == folder { paths.insert(path) }
        }
        for suffix in [".cedarschema", ".cedarschema.json"] {
            let candidates = paths.filter { $0.hasSuffix(suffix) }.sorted()
            if let path = candidates.first(where: { $0 == stem.map { $0 + suffix } }) ?? candidates.first {
                return DocumentURI(path: path)
            }
        }
        return nil
    }

    private static func folder(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func contains(_ root: String, _ folder: String) -> Bool {
        folder == root || folder.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    }
}
