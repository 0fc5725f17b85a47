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
    ///
    /// The new content is written to a file beside it, which then takes its place: whoever reads meanwhile, or is left with the file
    /// after a crash, has the old links or the new ones, and never half of them.
    static func write(_ entries: [LinkEntry], to path: String) throws(Failure) {
        func fail(_ code: Int32) -> Failure {
            Failure("cannot write the links file `\(path)`: \(SystemError(code: code))")
        }
        // What a symbolic link points to is replaced, not the link.
        let target = resolved(path)
        let temporary = "\(target).\(getpid()).new"
        let mode = permissions(of: target)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw fail(errno) }

        let text = JSONValue(.array(entries.map(\.json))).formatted() + "\n"
        var code = writeAll(Array(text.utf8), to: descriptor)
        if code == 0, fchmod(descriptor, mode) != 0 { code = errno }
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, target) != 0 { code = errno }
        if code != 0 {
            unlink(temporary)
            throw fail(code)
        }
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func permissions(of path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0o644
    }
}
