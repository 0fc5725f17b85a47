/// A value in 16 bytes without references: what the machine computes with and the entity store is made of.
///
/// Strings and entities are numbers of the store's ``SymbolTable`` and ``EntityNumbers``. A value that only a request knows is written out
/// instead, as `text` or `foreignEntity`: it differs from everything in the store, and two of them are equal when their bytes are.
///
/// What does not fit lies in a *block* of 8-byte words, which the payload points to. In a register that is an address; in a block
/// it is the distance from the block's own start, so that blocks can be moved and copied as bytes.
struct FlatValue: BitwiseCopyable {
    var payload: UInt64
    /// The number of elements of a set, of attributes of a record, of bytes of a text.
    var count: UInt32
    var tag: Tag

    enum Tag: UInt8, BitwiseCopyable {
        /// No value: the expression is an error.
        case error
        case bool, long
        case string
        case entity
        case decimal, datetime, duration
        // From here on the payload points to a block.
        /// The bytes.
        case text
        /// Two values: the string of the type, and that of the id.
        case foreignEntity
        /// Three words: the address, and prefix length and version.
        case ip
        /// The elements in ``FlatOrder``, each once.
        case set
        /// For each attribute two values, name and value, in the order of names.
        case record
    }

    @inline(__always)
    init(_ tag: Tag, _ payload: UInt64, count: UInt32 = 0) {
        self.payload = payload
        self.count = count
        self.tag = tag
    }

    @inline(__always)
    init(_ tag: Tag, at block: UnsafeRawPointer, count: Int = 0) {
        self.init(tag, UInt64(UInt(bitPattern: block)), count: UInt32(truncatingIfNeeded: count))
    }

    static let error = FlatValue(.error, 0)
    static let `true` = FlatValue(.bool, 1)
    static let `false` = FlatValue(.bool, 0)

    @inline(__always)
    static func bool(_ value: Bool) -> FlatValue { value ? .true : .false }
    @inline(__always)
    static func long(_ value: Int64) -> FlatValue { FlatValue(.long, UInt64(bitPattern: value)) }
    @inline(__always)
    static func string(_ symbol: UInt32) -> FlatValue { FlatValue(.string, UInt64(symbol)) }
    @inline(__always)
    static func entity(_ number: UInt32) -> FlatValue { FlatValue(.entity, UInt64(number)) }

    @inline(__always)
    var isError: Bool { tag == .error }
    @inline(__always)
    var isTrue: Bool { tag == .bool && payload != 0 }
    @inline(__always)
    var isFalse: Bool { tag == .bool && payload == 0 }
    @inline(__always)
    var signed: Int64 { Int64(bitPattern: payload) }
    /// The symbol of a `string`, the number of an `entity`.
    @inline(__always)
    var number: UInt32 { UInt32(truncatingIfNeeded: payload) }
    @inline(__always)
    var hasBlock: Bool { tag.rawValue >= Tag.text.rawValue }
    @inline(__always)
    var isString: Bool { tag == .string || tag == .text }
    @inline(__always)
    var isEntity: Bool { tag == .entity || tag == .foreignEntity }
}

// What is read from blocks. Invariant: the address of a value with a block is that of words that a `FlatWriter` wrote for a value of this
// tag and count, and that live as long as the store or the decision that the value belongs to.
extension FlatValue {
    @inline(__always)
    var block: UnsafeRawPointer { UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: payload)).unsafelyUnwrapped }

    /// The value that a block of values has at an index.
    @inline(__always)
    static func load(_ index: Int, from block: UnsafeRawPointer) -> FlatValue {
        var value = block.load(fromByteOffset: index &* 16, as: FlatValue.self)
        if value.hasBlock { value.payload &+= UInt64(UInt(bitPattern: block)) }
        return value
    }

    /// Puts the value into a block of values.
    @inline(__always)
    func store(_ index: Int, to block: UnsafeMutableRawPointer) {
        var value = self
        if hasBlock { value.payload &-= UInt64(UInt(bitPattern: block)) }
        block.storeBytes(of: value, toByteOffset: index &* 16, as: FlatValue.self)
    }

    /// The element of a set.
    @inline(__always)
    func element(_ index: Int) -> FlatValue { FlatValue.load(index, from: block) }
    @inline(__always)
    func attributeName(_ index: Int) -> FlatValue { FlatValue.load(index * 2, from: block) }
    @inline(__always)
    func attributeValue(_ index: Int) -> FlatValue { FlatValue.load(index * 2 + 1, from: block) }
    @inline(__always)
    var size: Int { Int(count) }

    var textBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: block, count: Int(count)) }

    var address: IPAddress {
        let version = block.load(fromByteOffset: 16, as: UInt64.self)
        return IPAddress(
            high: block.load(as: UInt64.self), low: block.load(fromByteOffset: 8, as: UInt64.self),
            prefixLength: UInt8(truncatingIfNeeded: version), isIPv4: version >> 8 != 0)
    }

    /// The value of a record's attribute with that name, a symbol.
    func attribute(_ symbol: UInt32) -> FlatValue? {
        var low = 0
        var high = size
        while low < high {
            let middle = (low + high) / 2
            let name = block.load(fromByteOffset: middle * 32, as: FlatValue.self)
            if name.tag == .string && name.number < symbol { low = middle + 1 } else { high = middle }
        }
        guard low < size else { return nil }
        let name = block.load(fromByteOffset: low * 32, as: FlatValue.self)
        return name.tag == .string && name.number == symbol ? attributeValue(low) : nil
    }

    /// Whether a set has an element. `O(log n)` comparisons.
    func contains(_ value: FlatValue) -> Bool {
        var low = 0
        var high = size
        while low < high {
            let middle = (low + high) / 2
            if FlatOrder(element(middle), value) == .less { low = middle + 1 } else { high = middle }
        }
        return low < size && element(low) == value
    }

    func isSuperset(of other: FlatValue) -> Bool {
        guard other.count <= count else { return false }
        for index in 0..<other.size where !contains(other.element(index)) { return false }
        return true
    }

    func intersects(_ other: FlatValue) -> Bool {
        let (smaller, larger) = count < other.count ? (self, other) : (other, self)
        for index in 0..<smaller.size where larger.contains(smaller.element(index)) { return true }
        return false
    }
}

extension FlatValue: Equatable {
    @inline(__always)
    static func == (lhs: FlatValue, rhs: FlatValue) -> Bool {
        guard lhs.tag == rhs.tag else { return false }
        return lhs.hasBlock ? lhs.count == rhs.count && FlatOrder(lhs, rhs) == .equal : lhs.payload == rhs.payload
    }
}
