extension JSONValue: CustomStringConvertible {
    /// The value as a JSON text without white space, members in their order. Whatever would not show as itself is escaped.
    ///
    /// Linear in the size of the tree and safe for any depth.
    public var description: String { String(decoding: utf8, as: UTF8.self) }

    /// The bytes of ``description``.
    package var utf8: [UInt8] {
        var writer = JSONWriter(isIndented: false)
        return writer.write(self)
    }

    /// The value as a JSON text for people, indented by two spaces a level, members in their order.
    ///
    /// What lies deeper than 64 levels is indented no further: the text is linear in the size of the tree.
    public func formatted() -> String {
        var writer = JSONWriter(isIndented: true)
        return String(decoding: writer.write(self), as: UTF8.self)
    }
}

/// Writes one JSON text, with a list of what is left to write in place of recursion.
private struct JSONWriter {
    private let isIndented: Bool
    private var bytes: [UInt8] = []
    private var open: [Container] = []

    /// Beyond some depth indentation shows nothing any more, and would make the text of a deep tree grow with the square of its depth.
    private static let deepestIndentation = 64

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

    mutating func write(_ value: JSONValue) -> [UInt8] {
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
                bytes.append(quoting: member.name.string)
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
        return bytes
    }

    /// Writes a value that has no values in it, or the opening bracket of one that has.
    private mutating func start(_ value: JSONValue) {
        switch value.kind {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let text): append(text)
        case .string(let string): bytes.append(quoting: string.string)
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
        for _ in 0..<min(open.count, JSONWriter.deepestIndentation) {
            bytes.append(UInt8(ascii: " "))
            bytes.append(UInt8(ascii: " "))
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(text)
    }
}
