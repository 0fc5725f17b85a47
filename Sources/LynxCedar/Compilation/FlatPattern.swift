/// The pattern of a `like`, as bytes: what stands between the wildcards, with the borders of each part.
///
/// Parts of UTF-8 are found by bytes as by scalars: no scalar's encoding occurs inside another's.
struct FlatPattern: BitwiseCopyable {
    // Memory: the number of parts, then for each its length, then the parts, each followed by a border for every byte, all as 4-byte numbers
    // apart from the bytes, which are padded to 4. Invariant: written by `init(_:in:)`, and lives as long as the program's arena.
    private let memory: UnsafeRawPointer

    private struct Part {
        let bytes: UnsafeRawPointer
        let count: Int

        var borders: UnsafeRawPointer { bytes + (count + 3) & ~3 }
        var end: UnsafeRawPointer { borders + count * 4 }
    }

    init(_ pattern: Pattern, in arena: inout BlockArena) {
        var parts: [[UInt8]] = [[]]
        for element in pattern.elements {
            switch element {
            case .wildcard: parts.append([])
            case .scalar(let scalar): parts[parts.count - 1] += Array(String(Character(scalar)).utf8)
            }
        }
        let size = parts.reduce(4) { $0 + 4 + ($1.count + 3) & ~3 + $1.count * 4 }
        let memory = arena.allocate(byteCount: size)
        memory.storeBytes(of: UInt32(truncatingIfNeeded: parts.count), as: UInt32.self)
        var place = memory + 4 + parts.count * 4
        for (index, part) in parts.enumerated() {
            memory.storeBytes(of: UInt32(truncatingIfNeeded: part.count), toByteOffset: 4 + index * 4, as: UInt32.self)
            part.withUnsafeBytes { if let start = $0.baseAddress { place.copyMemory(from: start, byteCount: part.count) } }
            place += (part.count + 3) & ~3
            for border in FlatPattern.borders(of: part) {
                place.storeBytes(of: border, as: UInt32.self)
                place += 4
            }
        }
        self.memory = UnsafeRawPointer(memory)
    }

    /// For each byte, how long the longest proper beginning of the part is that also ends there (Knuth, Morris, Pratt).
    private static func borders(of part: [UInt8]) -> [UInt32] {
        var borders: [UInt32] = Array(repeating: 0, count: part.count)
        for index in part.indices.dropFirst() {
            var length = Int(borders[index - 1])
            while length > 0, part[length] != part[index] { length = Int(borders[length - 1]) }
            borders[index] = part[length] == part[index] ? UInt32(truncatingIfNeeded: length + 1) : 0
        }
        return borders
    }

    /// Whether a text matches. Linear in the text.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        let count = Int(memory.load(as: UInt32.self))
        let first = Part(bytes: memory + 4 + count * 4, count: length(0))
        guard text.count >= first.count, isEqual(first, text, at: 0) else { return false }
        if count == 1 { return text.count == first.count }
        let end = text.count - length(count - 1)
        guard end >= first.count else { return false }
        var place = first.count
        var part = first
        for index in 1..<count - 1 {
            part = Part(bytes: part.end, count: length(index))
            guard let found = find(part, in: text, from: place, to: end) else { return false }
            place = found
        }
        return isEqual(Part(bytes: part.end, count: length(count - 1)), text, at: end)
    }

    private func length(_ index: Int) -> Int { Int(memory.load(fromByteOffset: 4 + index * 4, as: UInt32.self)) }

    private func isEqual(_ part: Part, _ text: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard part.count > 0, let start = text.baseAddress else { return true }
        return UnsafeRawBufferPointer(start: part.bytes, count: part.count)
            .isEqual(to: UnsafeRawBufferPointer(start: start + offset, count: part.count))
    }

    /// Where the first occurrence of a part ends.
    private func find(_ part: Part, in text: UnsafeRawBufferPointer, from first: Int, to end: Int) -> Int? {
        guard let start = text.baseAddress else { return part.count == 0 ? first : nil }
        var matched = 0
        var place = first
        while matched < part.count {
            guard place < end else { return nil }
            let byte = start.load(fromByteOffset: place, as: UInt8.self)
            while matched > 0, part.bytes.load(fromByteOffset: matched, as: UInt8.self) != byte {
                matched = Int(part.borders.load(fromByteOffset: (matched - 1) * 4, as: UInt32.self))
            }
            if part.bytes.load(fromByteOffset: matched, as: UInt8.self) == byte { matched += 1 }
            place += 1
        }
        return place
    }
}
