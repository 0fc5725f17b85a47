/// The bytes of a JSON text, with zeros behind it: no look at the next byte needs to ask whether there is one.
struct JSONBytes {
    // Invariant: the buffer's owner outlives this. Every load is within the buffer.
    private let base: UnsafeRawPointer
    let count: Int

    /// `nil` for the empty text.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard let base = text.baseAddress, text.count <= SourceText.maximumSize else { return nil }
        self.base = UnsafeRawPointer(base)
        count = text.count
    }

    /// - Precondition: the index is not negative.
    @inline(__always)
    subscript(index: Int) -> UInt8 {
        index < count ? base.load(fromByteOffset: index, as: UInt8.self) : 0
    }

    /// What a range has of the text.
    @inline(__always)
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        let lower = min(range.lowerBound, count)
        return UnsafeRawBufferPointer(start: base + lower, count: min(range.upperBound, count) - lower)
    }

    @inline(__always)
    func bytes(of part: JSONTape.Part) -> UnsafeRawBufferPointer { bytes(Int(part.start)..<Int(part.end)) }

    @inline(__always)
    func skippingWhiteSpace(from start: Int) -> Int {
        var position = start
        while true {
            switch self[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return position
            }
        }
    }

    /// Whether a word stands somewhere. What follows it is not looked at.
    func has(_ word: StaticString, at start: Int) -> Bool {
        word.withUTF8Buffer { UnsafeRawBufferPointer($0).isEqual(to: bytes(start..<start + $0.count)) }
    }

    /// The place of the next quote, backslash or control character, or of the end.
    @inline(__always)
    func skippingPlainBytes(from start: Int) -> Int {
        var position = start
        while position + 8 <= count {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let found = JSONBytes.zeros(word ^ 0x2222_2222_2222_2222) | JSONBytes.zeros(word ^ 0x5C5C_5C5C_5C5C_5C5C)
                | (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
            // A borrow may mark bytes behind the first that is one of those, never before it.
            if found != 0 { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < count, self[position] >= 0x20, self[position] != UInt8(ascii: "\""), self[position] != UInt8(ascii: "\\") {
            position += 1
        }
        return position
    }

    /// The top bit of each byte that is zero, and perhaps of some behind the first such.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// Where the value that starts at a place ends if it is right: behind the bracket that closes it, or before what cannot be part of it.
    func skippingValue(from start: Int) -> Int {
        var depth = 0
        var position = start
        while position < count {
            switch self[position] {
            case UInt8(ascii: "\""):
                position = skippingString(from: position)
                if depth == 0 { return position }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth <= 1 { return depth == 0 ? position : position + 1 }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return position
            default: break
            }
            position += 1
        }
        return count
    }

    private func skippingString(from start: Int) -> Int {
        var position = start + 1
        while position < count {
            switch self[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return count
    }
}
