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
    let width: Int

    init(width: Int) {
        self.width = width
    }

    mutating func removeAll() { parts.removeAll(keepingCapacity: true) }

    // MARK: Building

    mutating func text(_ range: Range<Int>, of bytes: [UInt8]) {
        parts.append(
            .text(start: UInt32(range.lowerBound), end: UInt32(range.upperBound), width: UInt32(DisplayWidth.of(bytes[range]))))
    }

    mutating func space() { parts.append(.space) }
    mutating func commaIfBroken() { parts.append(.commaIfBroken) }
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
    /// - Complexity: linear in the document; each group looks ahead at most a line.
    func render(_ source: [UInt8], into output: inout [UInt8]) {
        var column = 0
        var indentation = 0
        /// Groups that are open and on one line.
        var flat = 0
        func breakLine(at index: Int, _ output: inout [UInt8]) {
            output.append(UInt8(ascii: "\n"))
            column = max(0, indentation + pendingOutdent(after: index))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: column))
        }
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let start, let end, let width):
                output += source[Int(start)..<Int(end)]
                column += Int(width)
            case .space:
                output.append(UInt8(ascii: " "))
                column += 1
            case .line where flat > 0:
                output.append(UInt8(ascii: " "))
                column += 1
            case .softLine where flat > 0, .commaIfBroken where flat > 0, .mark:
                break
            case .commaIfBroken:
                output.append(UInt8(ascii: ","))
                column += 1
            case .line, .softLine, .hardLine:
                breakLine(at: index, &output)
            case .emptyLine:
                output.append(UInt8(ascii: "\n"))
                breakLine(at: index, &output)
            case .indent(let columns):
                indentation += Int(columns)
            case .open:
                if flat > 0 || fits(groupAt: index, column: column) { flat += 1 }
            case .close:
                if flat > 0 { flat -= 1 }
            }
        }
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
