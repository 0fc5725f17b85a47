/// Reads the fields of a protobuf message one by one.
///
/// There is no code generator behind this: a dozen fields are read, what is in the others is skipped, and messages nest as deep as our own code goes.
struct WireReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    struct Field {
        let number: UInt64
        let value: Value
    }

    enum Value {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// Four or eight bytes; no field of ours has them.
        case fixed
    }

    struct Fault: Error {}

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// - Returns: `nil` behind the last field.
    /// - Throws: for anything that is cut off, and for groups, which nobody writes any more.
    mutating func next() throws(Fault) -> Field? {
        guard position < bytes.endIndex else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0 else { throw Fault() }
        switch tag & 7 {
        case 0: return Field(number: tag >> 3, value: .varint(try varint()))
        case 1: _ = try take(8)
        case 2:
            let count = try varint()
            guard count <= UInt64(bytes.count) else { throw Fault() }
            return Field(number: tag >> 3, value: .bytes(try take(Int(count))))
        case 5: _ = try take(4)
        default: throw Fault()
        }
        return Field(number: tag >> 3, value: .fixed)
    }

    private mutating func take(_ count: Int) throws(Fault) -> ArraySlice<UInt8> {
        guard bytes.endIndex - position >= count else { throw Fault() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func varint() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.endIndex else { throw Fault() }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Fault()
    }
}

extension WireReader.Value {
    /// - Throws: when the field is of another type, or is no UTF-8.
    func text() throws(WireReader.Fault) -> String {
        guard case .bytes(let bytes) = self, let text = String(validUTF8: bytes) else { throw WireReader.Fault() }
        return text
    }

    func message() throws(WireReader.Fault) -> WireReader {
        WireReader(try bytes())
    }

    func bytes() throws(WireReader.Fault) -> ArraySlice<UInt8> {
        guard case .bytes(let bytes) = self else { throw WireReader.Fault() }
        return bytes
    }

    func integer() throws(WireReader.Fault) -> Int64 {
        guard case .varint(let value) = self else { throw WireReader.Fault() }
        return Int64(bitPattern: value)
    }

    /// An entry of a map of texts.
    func entry() throws(WireReader.Fault) -> (key: String, value: String) {
        var reader = try message()
        var (key, value) = ("", "")
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.value.text()
            case 2: value = try field.value.text()
            default: break
            }
        }
        return (key, value)
    }
}

extension String {
    /// `nil` where the bytes are no UTF-8. Half of what `init(validating:as:)` takes for the few bytes of a header.
    init?(validUTF8 bytes: ArraySlice<UInt8>) {
        do {
            self.init(copying: try UTF8Span(validating: bytes.span))
        } catch {
            return nil
        }
    }
}
