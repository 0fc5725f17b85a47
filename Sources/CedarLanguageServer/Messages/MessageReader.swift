import LynxCedar

/// Cuts a stream of bytes into messages (Language Server Protocol 3.17, "Base Protocol").
///
/// Never holds more than one message of ``maximumSize`` and what has arrived with it.
public struct MessageReader: Sendable {
    /// The largest message that is taken, in bytes. A larger one is reported and skipped.
    public let maximumSize: Int
    /// The largest header that is taken, in bytes.
    public static let maximumHeaderSize = 1 << 14

    private var buffer: [UInt8] = []
    /// Bytes of ``buffer`` that have been dealt with.
    private var position = 0
    /// Up to where ``buffer`` has been looked through for the end of a header.
    private var searched = 0
    private var state = State.header

    private enum State: Sendable {
        case header
        case body(length: Int)
        case skipping(length: Int)
        /// Nobody knows where the next message starts.
        case lost
    }

    public enum Event: Sendable {
        case body([UInt8])
        /// The answer to a message that was skipped.
        case fault(response: JSONValue)
        /// The answer to a header without which the messages cannot be told from one another. Nothing comes after it.
        case lost(response: JSONValue)
    }

    public init(maximumSize: Int = 64 << 20) {
        self.maximumSize = maximumSize
    }

    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if position > 0 {
            buffer.removeFirst(position)
            searched -= position
            position = 0
        }
        buffer += bytes
    }

    /// The next message that has arrived in full; `nil` when more bytes are needed.
    public mutating func next() -> Event? {
        while true {
            switch state {
            case .lost:
                position = buffer.count
                return nil
            case .skipping(let length):
                let skipped = min(length, buffer.count - position)
                position += skipped
                guard skipped == length else {
                    state = .skipping(length: length - skipped)
                    return nil
                }
                state = .header
            case .body(let length):
                guard buffer.count - position >= length else { return nil }
                let body = Array(buffer[position..<position + length])
                position += length
                state = .header
                return .body(body)
            case .header:
                guard let event = header() else {
                    if case .header = state { return nil }
                    continue
                }
                return event
            }
        }
    }

    /// Reads a header when all of it has arrived, and goes on to what it announces.
    private mutating func header() -> Event? {
        guard let end = endOfHeader() else {
            return buffer.count - position > MessageReader.maximumHeaderSize ? lose("the header of the message does not end") : nil
        }
        let lines = buffer[position..<end].split { $0 == UInt8(ascii: "\n") }
        position = end
        searched = end
        var length: Int?
        for line in lines {
            let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            guard !text.isEmpty else { continue }
            guard let colon = text.firstIndex(of: ":") else { return lose("a header field has the form `name: value`") }
            guard text[..<colon].lowercased() == "content-length" else { continue }
            let digits = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }.utf8
            guard length == nil, !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let value = Int(String(decoding: digits, as: UTF8.self))
            else { return lose("`Content-Length` must be given once, in digits") }
            length = value
        }
        guard let length else { return lose("the header of the message has no `Content-Length`") }
        guard length <= maximumSize else {
            state = .skipping(length: length)
            let error = ResponseError(.invalidRequest, "the message is larger than \(maximumSize) bytes")
            return .fault(response: error.response(to: nil))
        }
        state = .body(length: length)
        return nil
    }

    /// Where the empty line behind a header ends.
    private mutating func endOfHeader() -> Int? {
        let limit = min(buffer.count, position + MessageReader.maximumHeaderSize + 1)
        var index = max(searched, position)
        while index < limit {
            defer { index += 1 }
            guard buffer[index] == UInt8(ascii: "\n") else { continue }
            let before = buffer[position..<index]
            if before.isEmpty || before.last == UInt8(ascii: "\n") || before.suffix(2).elementsEqual([UInt8(ascii: "\n"), UInt8(ascii: "\r")])
                || before.elementsEqual([UInt8(ascii: "\r")])
            {
                return index + 1
            }
        }
        searched = index
        return nil
    }

    private mutating func lose(_ message: String) -> Event {
        state = .lost
        return .lost(response: ResponseError(.parseError, message).response(to: nil))
    }

    /// A message as it goes over the wire.
    public static func frame(_ message: JSONValue) -> [UInt8] {
        let body = Array(message.description.utf8)
        return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}
