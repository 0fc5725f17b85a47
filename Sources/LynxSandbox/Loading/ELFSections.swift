/// The sections of an object file (System V ABI, 4: 64 bits, little-endian, as clang writes BPF).
struct ELFSections {
    private let bytes: [UInt8]
    private let tableOffset: Int
    private let entrySize: Int
    private let count: Int
    private let namesOffset: Int

    private static let headerSize = 64
    private static let smallestEntry = 64

    /// - Returns: `nil` when the bytes are no such file.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.count >= ELFSections.headerSize, bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]),
            let offset = ELFSections.number(bytes, at: 40, bytes: 8), let size = ELFSections.number(bytes, at: 58, bytes: 2),
            let count = ELFSections.number(bytes, at: 60, bytes: 2), let names = ELFSections.number(bytes, at: 62, bytes: 2),
            size >= ELFSections.smallestEntry, names < count, offset <= bytes.count, count * size <= bytes.count - offset
        else { return nil }
        tableOffset = offset
        entrySize = size
        self.count = count
        guard let namesOffset = ELFSections.number(bytes, at: offset + names * size + 24, bytes: 8), namesOffset < bytes.count else { return nil }
        self.namesOffset = namesOffset
    }

    /// The size of a section in bytes; `nil` when there is none of the name.
    func size(of name: String) -> Int? {
        for index in 0..<count {
            let entry = tableOffset + index * entrySize
            guard let place = ELFSections.number(bytes, at: entry, bytes: 4), place < bytes.count - namesOffset else { return nil }
            if bytes[(namesOffset + place)...].prefix(while: { $0 != 0 }).elementsEqual(name.utf8) {
                return ELFSections.number(bytes, at: entry + 32, bytes: 8)
            }
        }
        return nil
    }

    /// - Returns: `nil` when it is not in the file, or larger than any file.
    private static func number(_ bytes: [UInt8], at offset: Int, bytes width: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - width else { return nil }
        return Int(exactly: bytes[offset..<offset + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
