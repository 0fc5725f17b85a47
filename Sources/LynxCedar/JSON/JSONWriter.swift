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
    private enum Container {
        case array(IndexingIterator<[JSONValue]>)
        case object(IndexingIterator<[JSONValue.Member]>)
    }

    init(isIndented: Bool) {
        self.isIndented = isIndented
    }

    mutating func write(_ value: JSONValue) -> String {
        start(value)
        // Every container on the list has had its opening bracket written, and values up to where its iterator stands.
        var isFirst = true
        while let container = open.popLast() {
            switch container {
            case .array(var elements):
                if let element = elements.next() {
                    open.append(.array(elements))
                    separate(isFirst: isFirst)
                    isFirst = start(element)
                } else {
                    end(UInt8(ascii: "]"))
                    isFirst = false
                }
            case .object(var members):
                if let member = members.next() {
                    open.append(.object(members))
                    separate(isFirst: isFirst)
                    append(quoting: member.name.string)
                    bytes.append(UInt8(ascii: ":"))
                    if isIndented { bytes.append(UInt8(ascii: " ")) }
                    isFirst = start(member.value)
                } else {
                    end(UInt8(ascii: "}"))
                    isFirst = false
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a value that has no values in it, or the opening bracket of one that has.
    ///
    /// - Returns: whether it was an opening bracket, so that a first value follows.
    @discardableResult
    private mutating func start(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let text): append(text)
        case .string(let string): append(quoting: string.string)
        case .array(let elements):
            guard !elements.isEmpty else {
                append("[]")
                return false
            }
            bytes.append(UInt8(ascii: "["))
            open.append(.array(elements.makeIterator()))
            return true
        case .object(let members):
            guard !members.isEmpty else {
                append("{}")
                return false
            }
            bytes.append(UInt8(ascii: "{"))
            open.append(.object(members.makeIterator()))
            return true
        }
        return false
    }

    private mutating func separate(isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func end(_ bracket: UInt8) {
        breakLine()
        bytes.append(bracket)
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
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20:
                append("\\u00")
                append(byte < 0x10 ? "0" : "1")
                append(String(byte & 0xF, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
