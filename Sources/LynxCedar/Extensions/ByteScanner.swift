/// Reads the text of an extension constructor's argument from left to right, byte by byte.
///
/// Every byte of a well-formed text is ASCII, so a scanner over UTF-8 needs no decoding: other bytes match nothing.
/// Nothing here looks back, and looking ahead is by copy; parsing is linear in the text.
struct ByteScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        self.rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Whether `character` comes next.
    func isAt(_ character: Unicode.Scalar) -> Bool {
        rest.first == UInt8(ascii: character)
    }

    /// Whether `character` stands anywhere in what is left.
    func contains(_ character: Unicode.Scalar) -> Bool {
        rest.contains(UInt8(ascii: character))
    }

    /// Steps over `character` if it comes next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        rest.removeFirst()
        return true
    }

    /// A run of decimal digits.
    struct Digits {
        /// How many, leading zeros included; at least one.
        let count: Int
        /// The number they spell, `nil` when it does not fit in 64 bits.
        let value: UInt64?
    }

    /// Reads all the decimal digits that come next.
    ///
    /// - Returns: `nil` when there is none.
    mutating func digits() -> Digits? {
        var count = 0
        var value: UInt64? = 0
        while let byte = rest.first, byte.isDecimalDigit {
            rest.removeFirst()
            count += 1
            value = value?.appending(digit: byte - UInt8(ascii: "0"))
        }
        return count == 0 ? nil : Digits(count: count, value: value)
    }

    /// Reads a number of exactly `count` decimal digits, of which a machine word must hold any combination.
    ///
    /// - Returns: `nil` when fewer digits come next.
    mutating func number(ofDigits count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let byte = rest.first, byte.isDecimalDigit else { return nil }
            rest.removeFirst()
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// Reads a group of an IPv6 address: one to four hexadecimal digits of either case.
    ///
    /// - Returns: `nil` when no such digit comes next.
    mutating func hexadecimalGroup() -> UInt16? {
        var group: UInt16?
        for _ in 0..<4 {
            guard let digit = rest.first?.hexadecimalDigit else { break }
            rest.removeFirst()
            group = (group ?? 0) << 4 | UInt16(digit)
        }
        return group
    }
}
