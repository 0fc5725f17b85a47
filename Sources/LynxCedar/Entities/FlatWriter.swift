/// Turns values into flat ones, into memory that is measured first.
///
/// The numbers that strings and entities have are handed to each call, so that they are never copied.
struct FlatWriter {
    /// Where the next block goes. Invariant: as many bytes as ``FlatSize`` says of what is still to be written are free from here on.
    private var free: UnsafeMutableRawPointer

    init(into memory: UnsafeMutableRawPointer) {
        self.free = memory
    }

    /// Memory for a block.
    mutating func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        defer { free += (byteCount + 7) & ~7 }
        return free
    }

    /// Writes the blocks that a value needs.
    mutating func write(_ value: Value, _ numbers: inout some FlatNumbering) -> FlatValue {
        switch value {
        case .bool(let value): return .bool(value)
        case .long(let value): return .long(value)
        case .string(let text): return write(text, &numbers)
        case .entity(let uid): return write(uid, &numbers)
        case .decimal(let value): return FlatValue(.decimal, UInt64(bitPattern: value.tenThousandths))
        case .datetime(let value): return FlatValue(.datetime, UInt64(bitPattern: value.millisecondsSinceEpoch))
        case .duration(let value): return FlatValue(.duration, UInt64(bitPattern: value.milliseconds))
        case .ip(let address): return write(address)
        case .set(let set): return write(set, &numbers)
        case .record(let record): return write(record, &numbers)
        }
    }

    mutating func write(_ text: CedarString, _ numbers: inout some FlatNumbering) -> FlatValue {
        if let symbol = numbers.symbol(text.string) { return .string(symbol) }
        let count = text.string.utf8.count
        let block = take(count)
        text.string.withBytes { if let start = $0.baseAddress { block.copyMemory(from: start, byteCount: count) } }
        return FlatValue(.text, at: block, count: count)
    }

    mutating func write(_ uid: EntityUID, _ numbers: inout some FlatNumbering) -> FlatValue {
        if let number = numbers.entity(uid) { return .entity(number) }
        let block = take(32)
        write(CedarString(uid.type.description), &numbers).store(0, to: block)
        write(uid.id, &numbers).store(1, to: block)
        return FlatValue(.foreignEntity, at: block)
    }

    mutating func write(_ address: IPAddress) -> FlatValue {
        let block = take(24)
        block.storeBytes(of: address.high, as: UInt64.self)
        block.storeBytes(of: address.low, toByteOffset: 8, as: UInt64.self)
        block.storeBytes(of: UInt64(address.prefixLength) | (address.isIPv4 ? 256 : 0), toByteOffset: 16, as: UInt64.self)
        return FlatValue(.ip, at: block)
    }

    private mutating func write(_ set: ValueSet, _ numbers: inout some FlatNumbering) -> FlatValue {
        let block = take(set.count * 16)
        for (index, element) in set.elements.enumerated() { write(element, &numbers).store(index, to: block) }
        return FlatValue(.set, at: block, count: FlatValue.sort(block, count: set.count, width: 1))
    }

    mutating func write(_ record: Record, _ numbers: inout some FlatNumbering) -> FlatValue {
        let block = take(record.count * 32)
        for (index, attribute) in record.attributes.enumerated() {
            write(attribute.name, &numbers).store(index * 2, to: block)
            write(attribute.value, &numbers).store(index * 2 + 1, to: block)
        }
        return FlatValue(.record, at: block, count: FlatValue.sort(block, count: record.count, width: 2))
    }
}

/// How strings and entities come to their numbers.
protocol FlatNumbering {
    /// - Returns: `nil` for a string that has none, which is then written out.
    mutating func symbol(_ text: String) -> UInt32?
    mutating func entity(_ uid: EntityUID) -> UInt32?
}

/// How many bytes of blocks a value needs at most.
enum FlatSize {
    /// - Parameter writesTexts: whether strings and entities may have to be written out.
    static func of(_ value: Value, writesTexts: Bool) -> Int {
        switch value {
        case .bool, .long, .decimal, .datetime, .duration: return 0
        case .ip: return 24
        case .string(let text): return writesTexts ? of(text) : 0
        case .entity(let uid): return writesTexts ? of(uid) : 0
        case .set(let set): return set.elements.reduce(set.count * 16) { $0 + of($1, writesTexts: writesTexts) }
        case .record(let record): return of(record, writesTexts: writesTexts)
        }
    }

    static func of(_ record: Record, writesTexts: Bool) -> Int {
        record.attributes.reduce(record.count * 32) {
            $0 + (writesTexts ? of($1.name) : 0) + of($1.value, writesTexts: writesTexts)
        }
    }

    static func of(_ text: CedarString) -> Int { (text.string.utf8.count + 7) & ~7 }

    static func of(_ uid: EntityUID) -> Int { 32 + ((uid.type.description.utf8.count + 7) & ~7) + of(uid.id) }
}
