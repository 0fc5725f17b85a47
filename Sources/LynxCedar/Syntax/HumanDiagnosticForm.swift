/// Diagnostics as people read them: the message, the place, the source line with the place underlined, notes, help.
struct HumanDiagnosticForm {
    let colored: Bool

    /// SGR parameters (ECMA-48, 8.3.117).
    private enum Style: String {
        case error = "1;31"
        case warning = "1;33"
        case note = "1;36"
        case help = "1;32"
        case message = "1"
        case frame = "34"
    }

    func render(_ diagnostic: Diagnostic) -> String {
        let style: Style = diagnostic.severity == .error ? .error : .warning
        let source = diagnostic.source
        let snippet = snippet(diagnostic.span, in: source)
        let notes = diagnostic.notes.map { note in (note, self.snippet(note.span, in: source)) }
        // One width for all line numbers, so that the frames of a diagnostic line up.
        let numbers = ([snippet] + notes.map(\.1)).compactMap { $0?.lines.last?.number }
        let gutter = String(numbers.max() ?? 0).utf8.count

        var result = heading(diagnostic.severity.rawValue, style, diagnostic.message)
        if let source {
            result += place(diagnostic.span, in: source, gutter: gutter)
        }
        if let snippet {
            result += frame(snippet, style, gutter: gutter)
        }
        for (note, snippet) in notes {
            result += heading("note", .note, note.message)
            if let source {
                result += place(note.span, in: source, gutter: gutter)
            }
            if let snippet {
                result += frame(snippet, .note, gutter: gutter)
            }
        }
        if let help = diagnostic.help {
            result += paint("help", .help) + ": " + DisplayText.line(help) + "\n"
        }
        return result
    }

    private func snippet(_ span: SourceSpan?, in source: SourceText?) -> SourceSnippet? {
        guard let span, let source else { return nil }
        return SourceSnippet(span, in: source)
    }

    private func heading(_ label: String, _ style: Style, _ message: String) -> String {
        paint(label, style) + paint(": " + DisplayText.line(message), .message) + "\n"
    }

    private func place(_ span: SourceSpan?, in source: SourceText, gutter: Int) -> String {
        var place = source.name
        if let span { place += ":\(source.position(of: span.lowerBound))" }
        return String(repeating: " ", count: gutter) + paint("-->", .frame) + " " + DisplayText.line(place) + "\n"
    }

    private func frame(_ snippet: SourceSnippet, _ style: Style, gutter: Int) -> String {
        let blank = String(repeating: " ", count: gutter)
        let bar = paint("|", .frame)
        var result = "\(blank) \(bar)\n"
        for (index, line) in snippet.lines.enumerated() {
            if snippet.omittedLines > 0, index == snippet.lines.count - 1 {
                result += paint("...", .frame) + "\n"
            }
            let number = String(line.number)
            let padding = String(repeating: " ", count: gutter - number.utf8.count)
            result += paint(padding + number, .frame) + " \(bar)" + (line.text.isEmpty ? "" : " " + line.text) + "\n"
            if !line.marks.isEmpty {
                // Only the marks are painted: a colour over the blanks before them could show.
                let indentation = line.marks.prefix { $0 == " " }
                result += "\(blank) \(bar) \(indentation)" + paint(line.marks.dropFirst(indentation.count), style) + "\n"
            }
        }
        return result
    }

    private func paint(_ text: some StringProtocol, _ style: Style) -> String {
        colored ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : String(text)
    }
}
