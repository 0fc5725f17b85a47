import LynxCedar
import Yams

/// Collects what is wrong with a configuration file, each fault with its line.
final class ConfigurationFaults {
    let source: SourceText
    private(set) var diagnostics: [Diagnostic] = []
    /// Byte offset of each line's first byte.
    private let lineStarts: [Int]

    init(_ source: SourceText) {
        self.source = source
        var starts = [0]
        for (offset, byte) in source.text.utf8.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        lineStarts = starts
    }

    func report(_ message: String, at mark: Mark?, help: String? = nil) {
        diagnostics.append(Diagnostic(message, span: mark.map(span), help: help, source: source))
    }

    func report(_ message: String, at node: Node?, help: String? = nil) {
        report(message, at: node?.mark, help: help)
    }

    /// What was found wrong in a file that the configuration names.
    func report(_ others: [Diagnostic]) {
        diagnostics += others
    }

    /// - Throws: what has been reported.
    func finish() throws(ParseError) {
        if !diagnostics.isEmpty { throw ParseError(diagnostics) }
    }

    /// From the mark to the end of its line: the parser tells where a value starts, not where it ends.
    private func span(_ mark: Mark) -> SourceSpan {
        let line = min(max(mark.line, 1), lineStarts.count)
        let bytes = Array(source.text.utf8.dropFirst(lineStarts[line - 1]).prefix { $0 != UInt8(ascii: "\n") })
        var offset = 0
        var column = 1
        while offset < bytes.count, column < mark.column {
            offset += 1
            // Columns count scalars.
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            column += 1
        }
        var end = bytes.count
        if let comment = bytes[offset...].firstIndex(of: UInt8(ascii: "#")), comment > offset { end = comment }
        while end > offset, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let start = lineStarts[line - 1] + offset
        return SourceSpan(UInt32(start)..<UInt32(start + max(end - offset, 0)))
    }
}
