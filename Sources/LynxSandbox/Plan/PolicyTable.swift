/// A map of the generated program, with what the loader puts into it before it freezes it.
public struct PolicyTable: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case hash, trie, array
    }

    public struct Entry: Hashable, Sendable {
        public let key: [UInt8]
        public let value: [UInt8]

        public init(key: [UInt8], value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// The map's name in the object.
    public let name: String
    public let kind: Kind
    public let keySize: Int
    public let valueSize: Int
    /// In ascending order of the keys' bytes, each key once.
    public let entries: [Entry]

    public init(name: String, kind: Kind, keySize: Int, valueSize: Int, entries: [Entry]) {
        self.name = name
        self.kind = kind
        self.keySize = keySize
        self.valueSize = valueSize
        self.entries = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    /// The definition in C, by the macros of `match.h`.
    var definition: String {
        switch kind {
        case .hash: "SANDBOX_HASH(\(name), \(keySize), \(valueSize), \(entries.count))"
        case .trie: "SANDBOX_TRIE(\(name), \(keySize), \(valueSize), \(entries.count))"
        case .array: "SANDBOX_ARRAY(\(name), \(valueSize), \(entries.count))"
        }
    }
}

extension PolicyTable {
    /// The tables in one file: what a loader in another language reads.
    ///
    /// Numbers are little-endian and 32 bits wide: the magic `LXT1`, the number of tables, then for each the length of its name and the name,
    /// kind (0 hash, 1 trie, 2 array), key size, value size, number of entries, and the entries, key after value after key.
    public static func file(of tables: [PolicyTable]) -> [UInt8] {
        var bytes: [UInt8] = Array("LXT1".utf8)
        func append(_ number: Int) {
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: number))
        }
        append(tables.count)
        for table in tables {
            append(table.name.utf8.count)
            bytes += Array(table.name.utf8)
            append(table.kind == .hash ? 0 : table.kind == .trie ? 1 : 2)
            append(table.keySize)
            append(table.valueSize)
            append(table.entries.count)
            for entry in table.entries {
                bytes += entry.key
                bytes += entry.value
            }
        }
        return bytes
    }
}

extension [UInt8] {
    mutating func append(littleEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    init(littleEndian numbers: some Sequence<UInt64>) {
        self = []
        for number in numbers { append(littleEndian: number) }
    }
}
