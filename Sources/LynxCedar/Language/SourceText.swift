import Synchronization

/// A text that policies, schemas or data were read from, kept for diagnostics: it turns byte offsets into lines and columns.
public final class SourceText: Sendable {
    /// What to call the text in messages: a file's path, or for instance `<stdin>`.
    public let name: String
    public let text: String
    /// Where the text begins in what `name` names: elsewhere than at its start for a part that was cut out, such as one
    /// line of a long file.
    public let origin: Origin
    /// Made when a place is first asked for: most texts have nothing wrong with them.
    private let lazyPlaces = AtomicLazyReference<Places>()

    /// The largest text that spans can point into, in bytes.
    public static let maximumSize = Int(UInt32.max) - 1

    /// Takes time linear in the size of `text` when it is not stored as contiguous UTF-8, and no time otherwise.
    public init(_ text: String, name: String = "<input>", origin: Origin = Origin()) {
        var text = text
        text.makeContiguousUTF8()
        self.name = name
        self.origin = origin
        self.text = text
    }

    /// Where lines and columns are in the text. Two threads may both make this; one of the two, which are the same, is kept.
    private var places: Places {
        lazyPlaces.load() ?? lazyPlaces.storeIfNil(Places(text))
    }

    /// Takes bytes that came from outside.
    ///
    /// - Throws: ``ParseError`` when they are more than spans can point into, start with a byte order mark, or are not UTF-8; the error says at which byte.
    public convenience init(
        utf8 bytes: some Collection<UInt8>, name: String = "<input>", origin: Origin = Origin()
    ) throws(ParseError) {
        // There is no text to point into, but the name is known.
        var nowhere: SourceText { SourceText("", name: name, origin: origin) }
        guard bytes.count <= SourceText.maximumSize else {
            throw ParseError(Diagnostic("the text is larger than \(SourceText.maximumSize) bytes", source: nowhere))
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw ParseError(
                Diagnostic("the text starts with a byte order mark", help: "save it as UTF-8 without byte order mark", source: nowhere))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw ParseError(Diagnostic("the text is UTF-16", help: "save it as UTF-8 without byte order mark", source: nowhere))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let offset = origin.offset + SourceText.firstInvalidByte(bytes)
            throw ParseError(
                Diagnostic("the text is not valid UTF-8: the fault is at byte \(offset)", help: "save it as UTF-8", source: nowhere))
        }
        self.init(text, name: name, origin: origin)
    }

    /// Offset of the first byte that is no part of valid UTF-8.
    private static func firstInvalidByte(_ bytes: some Collection<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput, .error: return offset
            }
        }
    }

    /// A place in the text as people count it.
    public struct Position: Hashable, Sendable, CustomStringConvertible {
        /// Counted from 1.
        public let line: Int
        /// Counted from 1, in Unicode scalars.
        public let column: Int

        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        public var description: String { "\(line):\(column)" }
    }

    /// The place of a text's first byte in the whole that it was cut from.
    public struct Origin: Hashable, Sendable {
        public let position: Position
        /// In bytes.
        public let offset: Int

        public init(position: Position = Position(line: 1, column: 1), offset: Int = 0) {
            self.position = position
            self.offset = offset
        }
    }

    /// The position of a byte offset; offsets past the end give the end. `O(log lines)`, but linear in the text the first time.
    public func position(of offset: UInt32) -> Position {
        let line = lineIndex(of: offset)
        let start = Int(places.lineStarts[line])
        let column = scalarCount(before: max(Int(offset), start)) - scalarCount(before: start)
        return Position(
            line: origin.position.line + line,
            column: (line == 0 ? origin.position.column : 1) + column
        )
    }

    /// How many scalars start before a byte offset.
    private func scalarCount(before offset: Int) -> Int {
        let bytes = text.utf8
        let offset = min(offset, bytes.count)
        let scalarsBeforeBlocks = places.scalarsBeforeBlocks
        guard offset > 0, let block = scalarsBeforeBlocks.indices.last.map({ min($0, offset / Places.blockSize) }) else { return 0 }
        let lower = bytes.index(bytes.startIndex, offsetBy: block * Places.blockSize)
        let upper = bytes.index(bytes.startIndex, offsetBy: offset)
        return Int(scalarsBeforeBlocks[block]) + bytes[lower..<upper].count(where: \.startsScalar)
    }

    /// Number of lines; a text that ends in a newline has an empty last one.
    public var lineCount: Int { places.lineStarts.count }

    /// The text of a line (counted from 1 in this text, whatever its origin) without its terminator.
    ///
    /// - Precondition: there is such a line: `number` goes from 1 to ``lineCount``.
    public func line(_ number: Int) -> Substring {
        let range = lineRange(number)
        let bytes = text.utf8
        let lower = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        let upper = bytes.index(bytes.startIndex, offsetBy: range.upperBound)
        return text[lower..<upper]
    }

    /// The bytes of a line (counted from 1) without its terminator.
    func lineRange(_ number: Int) -> Range<Int> {
        let lineStarts = places.lineStarts
        let lower = Int(lineStarts[number - 1])
        var upper = number < lineStarts.count ? Int(lineStarts[number]) - 1 : text.utf8.count
        let bytes = text.utf8
        if upper > lower, bytes[bytes.index(bytes.startIndex, offsetBy: upper - 1)] == UInt8(ascii: "\r") { upper -= 1 }
        return lower..<max(lower, upper)
    }

    /// The text that a span covers, cut at the text's end.
    public func substring(_ span: SourceSpan) -> Substring {
        let bytes = text.utf8
        let range = span.range.clamped(to: 0..<bytes.count)
        let lower = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        let upper = bytes.index(bytes.startIndex, offsetBy: range.upperBound)
        return Substring(bytes[lower..<upper])
    }

    /// Index of the line (counted from 0, without regard to the origin) that a byte offset lies on.
    func lineIndex(of offset: UInt32) -> Int {
        let lineStarts = places.lineStarts
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}

extension SourceText {
    /// Where the lines of a text start, and its scalars.
    fileprivate final class Places: Sendable {
        /// Byte offset of each line's first byte; the first is 0.
        let lineStarts: [UInt32]
        /// For each block of bytes, how many scalars start before it: a column on a line of megabytes is found without a walk through the line.
        let scalarsBeforeBlocks: [UInt32]

        static let blockSize = 1024

        init(_ text: String) {
            var starts: [UInt32] = [0]
            var scalarsBeforeBlocks: [UInt32] = []
            var offset: UInt32 = 0
            var scalars: UInt32 = 0
            for byte in text.utf8.prefix(SourceText.maximumSize) {
                if Int(offset) % Places.blockSize == 0 { scalarsBeforeBlocks.append(scalars) }
                offset += 1
                if byte.startsScalar { scalars += 1 }
                if byte == UInt8(ascii: "\n") { starts.append(offset) }
            }
            self.lineStarts = starts
            self.scalarsBeforeBlocks = scalarsBeforeBlocks
        }
    }
}

extension UInt8 {
    /// Whether a scalar's UTF-8 starts with the byte.
    fileprivate var startsScalar: Bool { self & 0xC0 != 0x80 }
}
