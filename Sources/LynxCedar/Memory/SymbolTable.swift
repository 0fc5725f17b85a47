/// Strings as numbers: equal strings have the same symbol, so that comparing two is comparing numbers.
///
/// Symbols count from 0. Once given they stay: copies made later agree on them.
struct SymbolTable: Sendable {
    /// A ``ShortText``, or where the bytes are.
    fileprivate struct Entry: BitwiseCopyable {
        // Invariant: with the top bit of `high` set, `low` is the address of as many bytes as the rest of `high` says. Otherwise the
        // two are those of a short text, in the order of a little-endian machine, so that its bytes are the entry's first.
        let low: UInt64
        let high: UInt64

        static let isAddress: UInt64 = 1 << 63

        var short: ShortText? {
            guard high & Entry.isAddress.littleEndian == 0 else { return nil }
            return ShortText(low: UInt64(littleEndian: low), high: UInt64(littleEndian: high))
        }

        @inline(__always)
        func isEqual(to text: ShortText) -> Bool { low == text.low.littleEndian && high == text.high.littleEndian }
    }

    private var entries = PagedArray<Entry>()
    private var index = HashIndex()
    private var bytes = BlockArena()

    var count: Int { entries.count }

    /// The symbol of a string; a new one if it has none.
    mutating func intern(_ text: String) -> UInt32 {
        text.withBytes { intern($0) }
    }

    mutating func intern(_ text: UnsafeRawBufferPointer) -> UInt32 {
        let hash = ContentHash.of(text)
        if let symbol = find(text, hash: hash) { return symbol }
        // Numbers of 31 bits leave one for a mark. That many strings take more memory than there is.
        precondition(entries.count < 1 << 31, "more than 2,147,483,647 different strings")
        let symbol = UInt32(truncatingIfNeeded: entries.count)
        entries.append(entry(text))
        index.insert(symbol, hash: hash)
        return symbol
    }

    private mutating func entry(_ text: UnsafeRawBufferPointer) -> Entry {
        if let short = ShortText(text) { return Entry(low: short.low.littleEndian, high: short.high.littleEndian) }
        let start = bytes.allocate(byteCount: text.count)
        if let source = text.baseAddress { start.copyMemory(from: source, byteCount: text.count) }
        return Entry(low: UInt64(UInt(bitPattern: start)), high: (UInt64(text.count) | Entry.isAddress).littleEndian)
    }

    func find(_ text: String) -> UInt32? { text.withBytes { find($0) } }

    func find(_ text: UnsafeRawBufferPointer) -> UInt32? { find(text, hash: ContentHash.of(text)) }

    @inline(__always)
    private func find(_ text: UnsafeRawBufferPointer, hash: UInt64) -> UInt32? {
        index.find(hash) { symbol in self.bytes(of: symbol).isEqual(to: text) }
    }

    /// The UTF-8 of a symbol's string, for as long as this table or a copy of it lives.
    @inline(__always)
    func bytes(of symbol: UInt32) -> UnsafeRawBufferPointer { SymbolTable.bytes(at: entries.view.address(symbol)) }

    @inline(__always)
    private static func bytes(at entry: UnsafePointer<Entry>) -> UnsafeRawBufferPointer {
        let high = UInt64(littleEndian: entry.pointee.high)
        if high & Entry.isAddress == 0 { return UnsafeRawBufferPointer(start: entry, count: Int(high >> 56)) }
        return UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: UInt(entry.pointee.low)), count: Int(high & ~Entry.isAddress))
    }

    func string(_ symbol: UInt32) -> String {
        String(decoding: bytes(of: symbol), as: UTF8.self)
    }

    /// The table as addresses, for as long as it or a copy of it lives and does not change.
    struct View {
        fileprivate let entries: PagedArray<Entry>.View
        fileprivate let table: HashIndex.Table
        let hash: ContentHash
        let small: SmallStrings

        @inline(__always)
        func bytes(of symbol: UInt32) -> UnsafeRawBufferPointer {
            SymbolTable.bytes(at: entries.address(symbol))
        }

        func find(_ text: UnsafeRawBufferPointer) -> UInt32? {
            if let short = ShortText(text) { return table.find(hash.of(short)) { isSymbol($0, short) } }
            return table.find(hash.of(text)) { bytes(of: $0).isEqual(to: text) }
        }

        @inline(__always)
        func find(_ text: String) -> UInt32? {
            guard let short = small.text(text) else { return findLong(text) }
            return table.find(hash.of(short)) { isSymbol($0, short) }
        }

        @inline(never)
        private func findLong(_ text: String) -> UInt32? { text.withBytes { find($0) } }

        @inline(__always)
        func hash(of text: String) -> UInt64 {
            guard let short = small.text(text) else { return hashOfLong(text) }
            return hash.of(short)
        }

        @inline(never)
        private func hashOfLong(_ text: String) -> UInt64 { text.withBytes { hash.of($0) } }

        /// A symbol's text, if it is a short one.
        @inline(__always)
        func short(_ symbol: UInt32) -> ShortText? { entries.address(symbol).pointee.short }

        @inline(__always)
        func isSymbol(_ symbol: UInt32, _ text: String) -> Bool {
            guard let short = small.text(text) else { return isSymbol(symbol, long: text) }
            return isSymbol(symbol, short)
        }

        @inline(never)
        private func isSymbol(_ symbol: UInt32, long text: String) -> Bool {
            text.withBytes { bytes(of: symbol).isEqual(to: $0) }
        }

        @inline(__always)
        private func isSymbol(_ symbol: UInt32, _ text: ShortText) -> Bool { entries.address(symbol).pointee.isEqual(to: text) }
    }

    var view: View { View(entries: entries.view, table: index.table, hash: .ofProcess, small: .ofProcess) }

    /// Size in memory, in bytes.
    var size: Int { entries.size + index.size + bytes.size }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
        // The length is the same, so every load ends within both.
        if count >= 8 {
            var offset = 0
            while offset + 8 <= count {
                guard start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == otherStart.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                else { return false }
                offset += 8
            }
            return start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
                == otherStart.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        }
        if count >= 4 {
            return start.loadUnaligned(as: UInt32.self) == otherStart.loadUnaligned(as: UInt32.self)
                && start.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
                    == otherStart.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
        }
        for offset in 0..<count where self[offset] != other[offset] { return false }
        return true
    }

    /// Whether these bytes come before others in the order of bytes.
    func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        for offset in 0..<Swift.min(count, other.count) where self[offset] != other[offset] {
            return self[offset] < other[offset]
        }
        return count < other.count
    }
}

extension String {
    /// Calls `body` with the UTF-8, which strings of Swift's own have at hand.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) } ?? withCopiedBytes(body)
    }

    /// Whether both have the same UTF-8. Few calls deep even where nothing is inlined: it stands at the end of the deepest recursions.
    @inline(__always)
    func hasBytes(of other: String) -> Bool {
        let isSame = utf8.withContiguousStorageIfAvailable { bytes in
            other.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer(bytes).isEqual(to: UnsafeRawBufferPointer($0)) }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    @inline(never)
    private func withCopiedBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(utf8).withUnsafeBytes(body)
    }
}
