/// Turns diagnostics into text for people and for programs.
///
/// Whatever comes from outside (messages quote names, snippets quote source) has its control and invisible characters
/// escaped, so that no policy can steer the terminal that its errors are printed on.
public struct DiagnosticRenderer: Hashable, Sendable {
    public enum Form: Hashable, Sendable {
        /// A message with the source line and the place underlined in it; with ANSI colours when asked.
        case human(colored: Bool)
        /// One line: `file:line:column: error: message (help)`; each note is a further line.
        case plain
        /// One JSON object on one line.
        case json
    }

    public let form: Form

    public init(_ form: Form) {
        self.form = form
    }

    /// The text of a diagnostic; ends with a newline.
    public func render(_ diagnostic: Diagnostic) -> String {
        switch form {
        case .human(let colored): HumanDiagnosticForm(colored: colored).render(diagnostic)
        case .plain: plain(diagnostic)
        case .json: json(diagnostic).description + "\n"
        }
    }

    /// The texts of several diagnostics; in the human form an empty line separates them.
    public func render(_ diagnostics: some Sequence<Diagnostic>) -> String {
        let separator = if case .human = form { "\n" } else { "" }
        return diagnostics.map { render($0) }.joined(separator: separator)
    }

    private func plain(_ diagnostic: Diagnostic) -> String {
        var result = diagnostic.description + "\n"
        for note in diagnostic.notes {
            let place = diagnostic.source.map { "\($0.name):\($0.position(of: note.span.lowerBound)): " } ?? ""
            result += DisplayText.line("\(place)note: \(note.message)") + "\n"
        }
        return result
    }

    /// Every object has every member; what is not known is null.
    private func json(_ diagnostic: Diagnostic) -> JSONValue {
        let source = diagnostic.source
        let notes = diagnostic.notes.map { note in
            JSONValue(.object([text("message", note.message)] + place(note.span, in: source)))
        }
        return JSONValue(
            .object(
                [
                    text("severity", diagnostic.severity.rawValue),
                    text("message", diagnostic.message),
                    text("code", diagnostic.code),
                    text("file", source?.name),
                ] + place(diagnostic.span, in: source) + [
                    text("help", diagnostic.help),
                    JSONValue.Member("notes", JSONValue(.array(notes))),
                ]))
    }

    private func text(_ name: CedarString, _ text: String?) -> JSONValue.Member {
        JSONValue.Member(name, text.map { JSONValue(.string(CedarString($0))) } ?? nil)
    }

    /// Lines and columns count from 1; the end is the place after the last character. Offset and length are in bytes.
    private func place(_ span: SourceSpan?, in source: SourceText?) -> [JSONValue.Member] {
        let start = span.flatMap { span in source?.position(of: span.lowerBound) }
        let end = span.flatMap { span in source?.position(of: span.upperBound) }
        let origin = source?.origin.offset ?? 0
        let numbers: [(CedarString, Int?)] = [
            ("line", start?.line), ("column", start?.column),
            ("endLine", end?.line), ("endColumn", end?.column),
            ("offset", span.map { origin + $0.range.lowerBound }), ("length", span.map(\.range.count)),
        ]
        return numbers.map { name, number in
            JSONValue.Member(name, number.map { JSONValue(.integer(Int64($0))) } ?? nil)
        }
    }
}
