/// Turns byte offsets of a text into positions and back.
///
/// Exact for every text: what lies within a scalar counts as its start, what lies behind the end of a line as that end. A line ends
/// with `\n`, `\r\n` or `\r`, as the protocol has it.
public struct LineTable: Sendable {
    public let bytes: [UInt8]
    public let encoding: PositionEncoding
    /// Offset of each line's first byte; the first is 0.
    private let lineStarts: [Int]
    /// The code units of UTF-16 before each block of bytes, so that long lines are not counted through from their start.
    private let unitsBeforeBlock: [Int]

    private static let blockSize = 64

    /// Takes time linear in the size of the text, which must be UTF-8.
    public init(_ bytes: [UInt8], encoding: PositionEncoding) {
        var lineStarts = [0]
        var unitsBeforeBlock: [Int] = []
        unitsBeforeBlock.reserveCapacity(bytes.count / LineTable.blockSize + 1)
        var units = 0
        for (offset, byte) in bytes.enumerated() {
            if offset % LineTable.blockSize == 0 { unitsBeforeBlock.append(units) }
            units += byte.utf16Units
            let isEnd =
                byte == UInt8(ascii: "\n")
                || (byte == UInt8(ascii: "\r") && (offset + 1 == bytes.count || bytes[offset + 1] != UInt8(ascii: "\n")))
            if isEnd { lineStarts.append(offset + 1) }
        }
        // The end of the text may be the start of a block without bytes.
        if bytes.count % LineTable.blockSize == 0 { unitsBeforeBlock.append(units) }
        self.bytes = bytes
        self.encoding = encoding
        self.lineStarts = lineStarts
        self.unitsBeforeBlock = unitsBeforeBlock
    }

    public var lineCount: Int { lineStarts.count }

    /// The position of the last byte's end.
    public var end: TextPosition { position(of: bytes.count) }

    /// The position of a byte offset. `O(log lines)`.
    public func position(of offset: Int) -> TextPosition {
        let offset = scalarStart(min(max(offset, 0), bytes.count))
        let line = lineIndex(of: offset)
        let content = contents(ofLine: line)
        return TextPosition(line: line, character: units(in: content.lowerBound..<min(offset, content.upperBound)))
    }

    /// The byte offset of a position. `O(log n)`.
    public func offset(of position: TextPosition) -> Int {
        guard position.line >= 0 else { return 0 }
        guard position.line < lineStarts.count else { return bytes.count }
        let content = contents(ofLine: position.line)
        let character = max(position.character, 0)
        switch encoding {
        case .utf8:
            guard character < content.count else { return content.upperBound }
            return scalarStart(content.lowerBound + character)
        case .utf16:
            let (units, overflow) = unitsBefore(content.lowerBound).addingReportingOverflow(character)
            return overflow ? content.upperBound : min(offset(ofUnit: units), content.upperBound)
        }
    }

    // MARK: Lines

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a line without what ends it.
    private func contents(ofLine line: Int) -> Range<Int> {
        let lower = lineStarts[line]
        guard line + 1 < lineStarts.count else { return lower..<bytes.count }
        var upper = lineStarts[line + 1] - 1
        if upper > lower, bytes[upper] == UInt8(ascii: "\n"), bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
        return lower..<upper
    }

    // MARK: Units

    private func scalarStart(_ offset: Int) -> Int {
        var offset = offset
        while offset > 0, offset < bytes.count, bytes[offset].isUTF8Continuation { offset -= 1 }
        return offset
    }

    private func units(in range: Range<Int>) -> Int {
        switch encoding {
        case .utf8: range.count
        case .utf16: unitsBefore(range.upperBound) - unitsBefore(range.lowerBound)
        }
    }

    private func unitsBefore(_ offset: Int) -> Int {
        let block = offset / LineTable.blockSize
        return bytes[block * LineTable.blockSize..<offset].reduce(unitsBeforeBlock[block]) { $0 + $1.utf16Units }
    }

    /// The start of the scalar that has a code unit, counted from the start of the text.
    private func offset(ofUnit unit: Int) -> Int {
        var low = 0
        var high = unitsBeforeBlock.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if unitsBeforeBlock[middle] <= unit { low = middle } else { high = middle }
        }
        var offset = low * LineTable.blockSize
        var units = unitsBeforeBlock[low]
        while offset < bytes.count, units + bytes[offset].utf16Units <= unit {
            units += bytes[offset].utf16Units
            offset += 1
        }
        return offset
    }
}

extension UInt8 {
    /// The code units of UTF-16 that the scalar takes which starts with this byte of UTF-8; none when no scalar does.
    fileprivate var utf16Units: Int { self >= 0xF0 ? 2 : isUTF8Continuation ? 0 : 1 }

    fileprivate var isUTF8Continuation: Bool { self & 0xC0 == 0x80 }
}
