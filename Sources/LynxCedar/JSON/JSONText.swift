// JSON as bytes, for those who write it without a tree.

/// An object, written member by member.
package struct JSONObjectText {
    private var text: [UInt8]

    /// - Parameter capacity: how many bytes are expected.
    package init(capacity: Int = 0) {
        text = []
        text.reserveCapacity(capacity)
        text.append(UInt8(ascii: "{"))
    }

    /// The whole text.
    package var utf8: [UInt8] { text + CollectionOfOne(UInt8(ascii: "}")) }

    /// - Precondition: no member has the name yet; so for all that add one.
    package mutating func add(_ name: String, text value: String) {
        begin(name)
        text.append(quoting: value)
    }

    package mutating func add(_ name: String, integer: Int64) {
        begin(name)
        text.append(String(integer))
    }

    package mutating func add(_ name: String, texts: some Collection<CedarString>) {
        begin(name)
        text.append(UInt8(ascii: "["))
        for (index, value) in texts.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text.append(quoting: value.string)
        }
        text.append(UInt8(ascii: "]"))
    }

    package mutating func add(_ name: String, json: JSONValue) {
        begin(name)
        text.append(contentsOf: json.utf8)
    }

    /// Adds an object.
    package mutating func add(_ name: String, _ contents: (inout JSONObjectText) -> Void) {
        begin(name)
        // The same bytes go on: what is within begins with a bracket of its own.
        var inner = JSONObjectText(text: [])
        swap(&inner.text, &text)
        inner.text.append(UInt8(ascii: "{"))
        contents(&inner)
        swap(&inner.text, &text)
        text.append(UInt8(ascii: "}"))
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private mutating func begin(_ name: String) {
        if text.last != UInt8(ascii: "{") { text.append(UInt8(ascii: ",")) }
        text.append(quoting: name)
        text.append(UInt8(ascii: ":"))
    }
}

extension [UInt8] {
    mutating func append(_ text: String) {
        text.withBytes { append(contentsOf: $0) }
    }

    /// Quotes, backslashes and control characters are escaped (RFC 8259, 7), and so is whatever does not show as itself: the text may be
    /// printed on a terminal, and its strings come from outside.
    mutating func append(quoting text: String) {
        append(UInt8(ascii: "\""))
        text.withBytes { text in
            if text.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                append(escapingQuotesIn: text)
            } else {
                for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { append(quoting: scalar) }
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends printable ASCII, run by run between what needs a backslash.
    private mutating func append(escapingQuotesIn text: UnsafeRawBufferPointer) {
        var start = 0
        for (index, byte) in text.enumerated() where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<index]))
            append(UInt8(ascii: "\\"))
            start = index
        }
        append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
    }

    private mutating func append(quoting scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": append("\\\"")
        case "\\": append("\\\\")
        case "\u{8}": append("\\b")
        case "\t": append("\\t")
        case "\n": append("\\n")
        case "\u{c}": append("\\f")
        case "\r": append("\\r")
        case _ where scalar.isPrintable || scalar.isCombiningMark: append(String(scalar))
        default:
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { append(escaping: unit) }
        }
    }

    /// `\uXXXX`
    private mutating func append(escaping unit: UTF16.CodeUnit) {
        let digits = String(unit, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    }
}
