import LynxCedar

/// A text that the client edits, or a file that it has not opened.
struct Document {
    enum Kind: Hashable {
        case policies
        case schema
        case schemaJSON
    }

    let uri: DocumentURI
    let kind: Kind
    /// The client's number of the text; `nil` for a file.
    let version: Int64?
    let source: SourceText
    let lines: LineTable

    init(_ uri: DocumentURI, kind: Kind, version: Int64? = nil, text: String, encoding: PositionEncoding) {
        self.uri = uri
        self.kind = kind
        self.version = version
        self.source = SourceText(text, name: uri.path ?? uri.string)
        self.lines = LineTable(Array(source.text.utf8), encoding: encoding)
    }

    /// The same document after its text was edited.
    func edited(_ text: String, version: Int64?) -> Document {
        Document(uri, kind: kind, version: version, text: text, encoding: lines.encoding)
    }

    /// A place in the document, for tools that can open it.
    func location(_ span: SourceSpan) -> JSONValue {
        ["uri": JSONValue(uri.string), "range": lines.range(span)]
    }
}

extension Document.Kind {
    static let suffixes: [(suffix: String, kind: Document.Kind)] = [
        (".cedar", .policies), (".cedarschema", .schema), (".cedarschema.json", .schemaJSON),
    ]

    /// What a document is by its name, or where that does not tell, by what the client says of it.
    init?(_ uri: DocumentURI, languageID: String? = nil) {
        let name = uri.path ?? uri.string
        if let match = Document.Kind.suffixes.first(where: { name.hasSuffix($0.suffix) }) {
            self = match.kind
            return
        }
        switch languageID {
        case "cedar": self = .policies
        case "cedarschema": self = .schema
        default: return nil
        }
    }

    var isSchema: Bool { self != .policies }
}
