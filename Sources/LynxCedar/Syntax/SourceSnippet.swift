/// The lines of a text that a span covers, each with the line of marks that goes under it.
struct SourceSnippet {
    struct Line: Hashable {
        /// Counted from 1 in the whole that the text was cut from.
        let number: Int
        /// The source line as a terminal shows it.
        let text: String
        /// Blanks and `^` under the part that the span covers; empty when the span covers nothing of the line.
        let marks: String
    }

    /// The first lines of the span and its last one.
    let lines: [Line]
    /// How many lines were left out before the last one.
    let omittedLines: Int

    /// Spans of more lines than this lose their middle.
    static let maximumLines = 4
    /// Lines wider than this are cut around the span, in columns.
    static let maximumWidth = 120
    /// Distance of the tab stops, in columns.
    private static let tabWidth = 4
    /// What stands for the part of a line that was cut off.
    private static let ellipsis = "..."

    /// Takes time linear in what is shown, however long the lines are.
    init(_ span: SourceSpan, in source: SourceText) {
        let end = source.text.utf8.count
        let lower = min(span.range.lowerBound, end)
        let upper = min(max(span.range.upperBound, lower), end)
        let first = source.lineIndex(of: UInt32(lower))
        // A span that ends with a line break has its last character on the line before.
        let last = max(first, source.lineIndex(of: UInt32(max(upper - 1, lower))))

        var indices = Array(first...min(last, first + SourceSnippet.maximumLines - 1))
        if last - first >= SourceSnippet.maximumLines {
            indices.removeLast(2)
            indices.append(last)
        }
        self.omittedLines = last - first + 1 - indices.count
        self.lines = indices.map { index in
            SourceSnippet.line(index, of: source, marking: lower..<upper, isFirst: index == first)
        }
    }

    private static func line(
        _ lineIndex: Int, of source: SourceText, marking span: Range<Int>, isFirst: Bool
    ) -> Line {
        let range = source.lineRange(lineIndex + 1)
        let bytes = source.text.utf8
        let scalars = source.text.unicodeScalars
        func index(_ offset: Int) -> String.Index { bytes.index(bytes.startIndex, offsetBy: offset) }

        // Where on the line the marks start; under a continued line's indentation there are none.
        var markStart = max(span.lowerBound, range.lowerBound)
        if !isFirst {
            while markStart < range.upperBound, [UInt8(ascii: " "), UInt8(ascii: "\t")].contains(bytes[index(markStart)]) {
                markStart += 1
            }
        }

        // A long line starts so far before the marks that they come to lie in its first half.
        var start = range.lowerBound
        if range.count > maximumWidth {
            start = min(max(markStart - maximumWidth / 2, range.lowerBound), range.upperBound)
            while start > range.lowerBound, start < bytes.count, bytes[index(start)] & 0xC0 == 0x80 { start -= 1 }
        }

        var text = start > range.lowerBound ? ellipsis : ""
        var column = text.utf8.count
        var marks = String(repeating: " ", count: column)
        var markColumn = column
        var offset = start
        // Scalars without width never fill the line: how many are shown is bounded too.
        var remaining = maximumWidth * 4
        while offset < range.upperBound {
            if offset <= markStart { markColumn = column }
            guard column < maximumWidth, remaining > 0 else {
                text += ellipsis
                break
            }
            let scalar = scalars[index(offset)]
            let width: Int
            if scalar == "\t" {
                width = tabWidth - column % tabWidth
                text += String(repeating: " ", count: width)
            } else {
                width = DisplayText.append(scalar, to: &text)
            }
            let isMarked = offset >= markStart && offset < span.upperBound
            marks += String(repeating: isMarked ? "^" : " ", count: width)
            column += width
            offset += UTF8.width(scalar)
            remaining -= 1
        }
        if offset <= markStart { markColumn = column }

        while marks.last == " " { marks.removeLast() }
        // An empty span, and one that covers only the end of the line, still points somewhere.
        if isFirst, marks.isEmpty { marks = String(repeating: " ", count: markColumn) + "^" }
        return Line(number: source.origin.position.line + lineIndex, text: text, marks: marks)
    }
}
