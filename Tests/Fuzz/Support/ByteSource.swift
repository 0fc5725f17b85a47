/// Makes choices by the bytes of an input; when they are used up, every choice is the first.
public struct ByteSource {
    private var bytes: ArraySlice<UInt8>

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    public var isEmpty: Bool { bytes.isEmpty }

    public mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    public mutating func bit() -> Bool { byte() & 1 == 1 }

    public mutating func number(below limit: Int) -> Int { Int(byte()) % limit }

    public mutating func choice<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    public mutating func integer() -> Int64 {
        (0..<8).reduce(0) { value, _ in value << 8 | Int64(byte()) }
    }
}
