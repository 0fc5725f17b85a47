import LynxCedar

/// A piece of a text and what shall stand in its place.
struct TextEdit {
    let range: Range<Int>
    let text: String

    func json(_ lines: LineTable) -> JSONValue {
        ["range": lines.range(range), "newText": JSONValue(text)]
    }
}

extension TextEdit {
    /// The edit that makes one text of another and leaves alone what both start and end with; `nil` when they are the same.
    init?(from old: [UInt8], to new: [UInt8]) {
        guard old != new else { return nil }
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var end = 0
        while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
        // Whole lines, so that neither scalars nor line ends are cut in two.
        while start > 0, old[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        while end > 0, end < old.count, old[old.count - 1 - end] != UInt8(ascii: "\n") { end -= 1 }
        self.init(
            range: start..<old.count - end, text: String(decoding: new[start..<new.count - end], as: UTF8.self))
    }
}

extension [UInt8] {
    /// The text after some edits, which must not overlap.
    func applying(_ edits: [TextEdit]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) where edit.range.lowerBound >= position {
            result += self[position..<edit.range.lowerBound]
            result += edit.text.utf8
            position = edit.range.upperBound
        }
        return result + self[position...]
    }
}
