/// Writes the fields of a protobuf message.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: UInt64, _ value: UInt64) {
        varint(number << 3)
        varint(value)
    }

    mutating func add(_ number: UInt64, _ text: String) {
        add(number, bytes: text.utf8)
    }

    mutating func add(_ number: UInt64, bytes: some Collection<UInt8>) {
        varint(number << 3 | 2)
        varint(UInt64(bytes.count))
        self.bytes.append(contentsOf: bytes)
    }

    /// A message in this one, which is there even when it is empty.
    mutating func add(_ number: UInt64, _ contents: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        contents(&inner)
        add(number, bytes: inner.bytes)
    }

    mutating func add(_ number: UInt64, double: Double) {
        varint(number << 3 | 1)
        let bits = double.bitPattern
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }
}
