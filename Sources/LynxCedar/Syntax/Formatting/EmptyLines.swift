/// Removal of the empty lines that a laid-out policy has where a comment and the construct around it both broke the line.
enum EmptyLines {
    /// Appends a policy's text to `output`, without white space around it and without the empty lines in it, except those in strings.
    ///
    /// What is white space from the end of a string to the end of its line counts as an empty line too, and goes with its break. That is
    /// what the reference's formatter does: a comment from the next line then stands behind the string.
    static func remove(from text: [UInt8], into output: inout [UInt8]) {
        // The end of the last string or comment: what stands in these is no layout, whatever its bytes.
        var kept = output.count
        var index = text.firstIndex { !$0.isLayoutSpace } ?? text.endIndex
        while index < text.endIndex {
            let next = text[index...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\"") } ?? text.endIndex
            appendLines(text[index..<next], to: &output)
            guard next < text.endIndex else { break }
            index = text[next] == UInt8(ascii: "/") ? endOfComment(text, from: next) : endOfString(text, from: next)
            output += text[next..<index]
            kept = output.count
        }
        while output.count > kept, output.last?.isLayoutSpace == true { output.removeLast() }
    }

    /// Appends what stands between two strings or comments.
    private static func appendLines(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        if text.first == UInt8(ascii: "\n") { output.append(UInt8(ascii: "\n")) }
        var start = text.startIndex
        while let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if text[start..<end].contains(where: { !$0.isLayoutSpace }) { output += text[start...end] }
            start = end + 1
        }
        output += text[start...]
    }

    private static func endOfComment(_ text: [UInt8], from start: Int) -> Int {
        text[start...].firstIndex(where: \.endsComment) ?? text.endIndex
    }

    private static func endOfString(_ text: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, text.endIndex)
    }
}

extension UInt8 {
    /// Whether the byte is white space, or a part of it, outside strings and comments, where Cedar has no other characters beyond ASCII.
    fileprivate var isLayoutSpace: Bool { self == UInt8(ascii: " ") || (0x09...0x0D).contains(self) || self >= 0x80 }
}
