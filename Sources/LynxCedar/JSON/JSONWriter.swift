extension JSONValue: CustomStringConvertible {
    /// The value as a JSON text without white space, members in their order.
    ///
    /// Linear in the size of the tree and safe for any depth.
    public var description: String {
        var writer = JSONWriter(isIndented: false)
        return writer.write(self)
    }

    /// The value as a JSON text for people, indented by two spaces a level, members in their order.
    ///
    /// The lines themselves are linear in the size of the tree; a deep tree's indentation is not.
    public func formatted() -> String {
        var writer = JSONWriter(isIndented: true)
        return writer.write(self)
    }
}

/// Writes one JSON text, with a list of what is left to write in place of recursion.
private struct JSONWriter {
    private let isIndented: Bool
    private var bytes: [UInt8] = []
    private var open: [Container] = []

    /// An array or object whose end is not written yet.
    private struct Container {
        /// Empty for an object.
        var elements: [JSONValue] = []
        /// Empty for an array.
        var members: [JSONValue.Member] = []
        /// How many of the values are written.
        var written = 0
    }

    init(isIndented: Bool) {
        self.isIndented = isIndented
    }

    mutating func write(_ value: JSONValue) -> String {
        start(value)
        while let last = open.indices.last {
            let index = open[last].written
            open[last].written += 1
            if index < open[last].elements.count {
                separate(isFirst: index == 0)
                start(open[last].elements[index])
            } else if index < open[last].members.count {
                separate(isFirst: index == 0)
                let member = open[last].members[index]
                append(quoting: member.name.string)
                bytes.append(UInt8(ascii: ":"))
                if isIndented { bytes.append(UInt8(ascii: " ")) }
                start(member.value)
            } else {
                let isObject = !open[last].members.isEmpty
                open.removeLast()
                breakLine()
                bytes.append(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a value that has no values in it, or the opening bracket of one that has.
    private mutating func start(_ value: JSONValue) {
        switch value.kind {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let text): append(text)
        case .string(let string): append(quoting: string.string)
        case .array(let elements):
            append(elements.isEmpty ? "[]" : "[")
            if !elements.isEmpty { open.append(Container(elements: elements)) }
        case .object(let members):
            append(members.isEmpty ? "{}" : "{")
            if !members.isEmpty { open.append(Container(members: members)) }
        }
    }

    private mutating func separate(isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func breakLine() {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<open.count {
            bytes.append(UInt8(ascii: " "))
            bytes.append(UInt8(ascii: " "))
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// RFC 8259, 7: quotes, backslashes and control characters are escaped, and nothing else.
    private mutating func append(quoting text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: JSONWriter.needsEscape) {
            for byte in text.utf8 {
                if JSONWriter.needsEscape(byte) { append(escaping: byte) } else { bytes.append(byte) }
            }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0..<0x20:
            append("\\u00")
            append(byte < 0x10 ? "0" : "1")
            append(String(byte & 0xF, radix: 16))
        default:
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        }
    }
}
