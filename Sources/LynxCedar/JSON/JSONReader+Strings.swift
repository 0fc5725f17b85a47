extension JSONReader {
    /// Reads a string from its opening to its closing quote.
    mutating func readString() throws(ParseError) -> CedarString {
        let start = position
        position += 1
        let first = position
        skipPlainBytes()
        if next == UInt8(ascii: "\"") {
            position += 1
            return CedarString(String(decoding: bytes[first..<position - 1], as: UTF8.self))
        }
        // Something is escaped: from here on the text is put together piece by piece.
        var text = Array(bytes[first..<position])
        while next != UInt8(ascii: "\"") {
            guard next == UInt8(ascii: "\\") else { throw interruptedString(from: start) }
            try readEscape(into: &text)
            let piece = position
            skipPlainBytes()
            text.append(contentsOf: bytes[piece..<position])
        }
        position += 1
        return CedarString(String(decoding: text, as: UTF8.self))
    }

    /// Skips to the next quote, backslash or control character.
    private mutating func skipPlainBytes() {
        var index = position
        // The zero byte behind the text stops the loop, too.
        while bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") {
            index += 1
        }
        position = index
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(ParseError) {
        let start = position
        position += 1
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(next)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(contentsOf: String(try readUnicodeEscape(from: start)).utf8)
            return
        default:
            throw unknownEscape(from: start)
        }
        position += 1
    }

    /// Reads `uXXXX`, and the second half of a surrogate pair where that is a first one.
    private mutating func readUnicodeEscape(from start: Int) throws(ParseError) -> Unicode.Scalar {
        let unit = try readCodeUnit(from: start)
        if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
        guard UTF16.isLeadSurrogate(unit) else { throw loneSurrogate(from: start, isLeading: false) }
        let end = position
        guard next == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else {
            throw loneSurrogate(from: start, isLeading: true)
        }
        position += 1
        let trail = try readCodeUnit(from: end)
        guard UTF16.isTrailSurrogate(trail),
            let scalar = Unicode.Scalar(0x1_0000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(trail) & 0x3FF)
        else {
            position = end
            throw loneSurrogate(from: start, isLeading: true)
        }
        return scalar
    }

    /// Reads `uXXXX` of the escape that starts at `start`.
    private mutating func readCodeUnit(from start: Int) throws(ParseError) -> UTF16.CodeUnit {
        position += 1
        var unit: UTF16.CodeUnit = 0
        for _ in 0..<4 {
            guard let digit = next.hexadecimalDigit else { throw malformedUnicodeEscape(from: start) }
            unit = unit << 4 | UTF16.CodeUnit(digit)
            position += 1
        }
        return unit
    }
}
