/// A text whose line breaks are still open, and its layout to a width (after Wadler, "A prettier printer", and Oppen).
///
/// The document is the sequence of its parts in the order of the text. A group is laid out on one line where it fits there with all that
/// follows it up to the next possible break; otherwise all of its own breaks are taken, and each group in it is asked anew.
struct LayoutDocument {
    private enum Part {
        /// A stretch of the source, with the columns that it takes.
        case text(start: UInt32, end: UInt32, width: UInt32)
        case space
        /// A comma that stands only where the group is broken.
        case commaIfBroken
        /// A space in a group that is on one line, else a break.
        case line
        /// Nothing in a group that is on one line, else a break.
        case softLine
        /// A break, wherever it stands.
        case hardLine
        /// Two breaks.
        case emptyLine
        /// Changes the indentation of the breaks that follow.
        case indent(Int32)
        case open
        case close
        /// A place where a group may yet be opened.
        case mark
    }

    private var parts: [Part] = []
    /// Where the last text that was no comment ends.
    private var endOfText = 0
    let width: Int
    /// Whether breaks that meet are one, and no space stands next to a break.
    let collapsesBreaks: Bool

    init(width: Int, collapsesBreaks: Bool = false) {
        self.width = width
        self.collapsesBreaks = collapsesBreaks
    }

    mutating func removeAll() {
        parts.removeAll(keepingCapacity: true)
        endOfText = 0
    }

    // MARK: Building

    mutating func text(_ range: Range<Int>, of bytes: [UInt8]) {
        parts.append(
            .text(start: UInt32(range.lowerBound), end: UInt32(range.upperBound), width: UInt32(DisplayWidth.of(bytes[range]))))
        endOfText = parts.count
    }

    /// A comment, with the break that ends it.
    mutating func comment(_ range: Range<Int>, of bytes: [UInt8]) {
        let end = endOfText
        text(range, of: bytes)
        endOfText = end
        hardLine()
    }

    /// A comma behind the last text that is no comment, if the group is broken.
    mutating func commaIfBroken() {
        // With a comment there is a break in all groups around it, so they are all broken.
        let hasComment = parts[endOfText...].contains { if case .hardLine = $0 { true } else { false } }
        parts.insert(.commaIfBroken, at: hasComment ? endOfText : parts.count)
    }

    mutating func space() { parts.append(.space) }
    mutating func line() { parts.append(.line) }
    mutating func softLine() { parts.append(.softLine) }
    mutating func hardLine() { parts.append(.hardLine) }
    mutating func emptyLine() { parts.append(.emptyLine) }
    mutating func indent(_ columns: Int) { parts.append(.indent(Int32(columns))) }
    mutating func outdent(_ columns: Int) { parts.append(.indent(-Int32(columns))) }
    mutating func open() { parts.append(.open) }
    mutating func close() { parts.append(.close) }

    /// A place in the document that ``group(from:)`` can start at.
    struct Mark {
        fileprivate let index: Int
    }

    mutating func mark() -> Mark {
        parts.append(.mark)
        return Mark(index: parts.count - 1)
    }

    /// Makes one group of everything from the mark on.
    mutating func group(from mark: Mark) {
        parts[mark.index] = .open
        parts.append(.close)
    }

    // MARK: Layout

    /// Appends the text to `output`.
    ///
    /// - Parameter margin: the indentation to start with; the first line is not indented.
    /// - Complexity: linear in the document; each group looks ahead at most a line.
    func render(_ source: [UInt8], margin: Int = 0, into output: inout [UInt8]) {
        let start = output.count
        var column = margin
        var indentation = margin
        /// Groups that are open and on one line.
        var flat = 0
        func space() {
            if collapsesBreaks, output.count == start || isAtLineStart(output) { return }
            output.append(UInt8(ascii: " "))
            column += 1
        }
        func breakLine(at index: Int, empty: Bool = false) {
            if collapsesBreaks {
                while output.count > start, output.last == UInt8(ascii: " ") { output.removeLast() }
                if output.count == start { return }
            }
            if !collapsesBreaks || output.last != UInt8(ascii: "\n") { output.append(UInt8(ascii: "\n")) }
            if empty, !output.hasSuffix([UInt8(ascii: "\n"), UInt8(ascii: "\n")]) { output.append(UInt8(ascii: "\n")) }
            column = max(0, indentation + pendingOutdent(after: index))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: column))
        }
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let start, let end, let width):
                output += source[Int(start)..<Int(end)]
                column += Int(width)
            case .space: space()
            case .line where flat > 0: space()
            case .softLine where flat > 0, .commaIfBroken where flat > 0, .mark: break
            case .commaIfBroken:
                output.append(UInt8(ascii: ","))
                column += 1
            case .line, .softLine, .hardLine: breakLine(at: index)
            case .emptyLine: breakLine(at: index, empty: true)
            case .indent(let columns): indentation += Int(columns)
            case .open:
                if flat > 0 || fits(groupAt: index, column: column) { flat += 1 }
            case .close:
                if flat > 0 { flat -= 1 }
            }
        }
        guard collapsesBreaks else { return }
        while output.count > start, output.last == UInt8(ascii: " ") || output.last == UInt8(ascii: "\n") { output.removeLast() }
    }

    /// Whether nothing but indentation stands on the last line.
    private func isAtLineStart(_ output: [UInt8]) -> Bool {
        output.last { $0 != UInt8(ascii: " ") } == UInt8(ascii: "\n")
    }

    /// By how much the indentation falls between a break and what stands on the new line.
    private func pendingOutdent(after index: Int) -> Int {
        var columns = 0
        for part in parts[(index + 1)...] {
            switch part {
            case .indent(let change) where change <= 0: columns += Int(change)
            case .close, .mark: continue
            default: return columns
            }
        }
        return columns
    }

    /// Whether a group fits on the line that has been filled up to `column`, with what follows it there.
    private func fits(groupAt start: Int, column: Int) -> Bool {
        var column = column
        /// Groups that are open, the one that is asked about among them; 0 behind it, where breaks are taken.
        var depth = 1
        for part in parts[(start + 1)...] {
            switch part {
            case .text(_, _, let width): column += Int(width)
            case .space: column += 1
            case .line, .softLine:
                if depth == 0 { return true }
                if case .line = part { column += 1 }
            case .commaIfBroken:
                if depth == 0 { column += 1 }
            case .hardLine, .emptyLine: return depth == 0
            case .open: if depth > 0 { depth += 1 }
            case .close: if depth > 0 { depth -= 1 }
            case .indent, .mark: continue
            }
            if column > width { return false }
        }
        return true
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
