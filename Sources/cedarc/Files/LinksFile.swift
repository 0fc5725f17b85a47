import LynxCedar

/// The file that keeps the links of templates from one run to the next: a JSON array of ``LinkEntry``. An empty file has none.
enum LinksFile {
    private static let role = "links"

    /// - Parameter mayBeMissing: whether a file that is not there counts as one without links.
    static func read(_ file: InputFile, mayBeMissing: Bool = false) throws(Failure) -> [LinkEntry] {
        if mayBeMissing, case .path(let path) = file, access(path, F_OK) != 0, errno == ENOENT { return [] }
        let source = try file.read(as: role)
        guard source.text.utf8.contains(where: { !$0.isJSONSpace }) else { return [] }
        return try Failure.onParseError { () throws(ParseError) in
            let json = try JSONValue(parsing: source)
            guard case .array(let entries) = json.kind else {
                throw ParseError(Diagnostic("the links must be an array", span: json.span, source: source))
            }
            return try entries.map { entry throws(ParseError) in try LinkEntry(entry, source: source) }
        }
    }

    /// Replaces the file's content.
    static func write(_ entries: [LinkEntry], to path: String) throws(Failure) {
        let text = JSONValue(.array(entries.map(\.json))).formatted() + "\n"
        try OutputFile.replace(path, with: Array(text.utf8), as: role)
    }
}
