import LynxCedar

// The tables of addresses, numbers and principals.
extension PolicyTable {
    /// The longest matching range carries what the ranges around it do.
    static func addresses(_ numbers: SetNumbers) -> PolicyTable {
        var sets: [AddressRange: BitSet] = [:]
        for (set, test) in numbers.tests.enumerated() {
            guard case .address(let ranges) = test else { continue }
            for range in ranges { sets[range, default: BitSet(wordCount: numbers.wordCount)].insert(set) }
        }
        // Around a range are those of its own prefixes, of which there are as many as it has bits.
        let entries = sets.map { range, own in
            var all = own
            for length in 0..<range.prefixLength {
                if let around = sets[range.widened(to: length)] { all.formUnion(around) }
            }
            var key: [UInt8] = []
            key.append(littleEndian: UInt32(32 + range.prefixLength))
            key.append(littleEndian: UInt32(range.isIPv4 ? 4 : 6))
            key += range.octets + Array(repeating: 0, count: 16 - range.octets.count)
            return Entry(key: key, value: Array(littleEndian: all.words))
        }
        return PolicyTable(name: "addresses", kind: .trie, keySize: 24, valueSize: 8 * numbers.wordCount, entries: entries)
    }

    static func numbers(_ numbers: SetNumbers, name: String) -> PolicyTable {
        var sets: [Int64: BitSet] = [:]
        for (set, test) in numbers.tests.enumerated() {
            guard case .number(_, let values) = test else { continue }
            for value in values { sets[value, default: BitSet(wordCount: numbers.wordCount)].insert(set) }
        }
        return PolicyTable(
            name: name, kind: .hash, keySize: 8, valueSize: 8 * numbers.wordCount,
            entries: sets.map { Entry(key: Array(littleEndian: [UInt64(bitPattern: $0)]), value: Array(littleEndian: $1.words)) })
    }

    static func principals(_ numbers: SetNumbers, _ directory: PrincipalDirectory) -> PolicyTable {
        var sets: [Int: BitSet] = [:]
        for (set, test) in numbers.tests.enumerated() {
            guard case .principal(let uids) = test else { continue }
            for uid in uids { sets[directory.number(of: uid), default: BitSet(wordCount: numbers.wordCount)].insert(set) }
        }
        let entries = sets.map { number, bits in
            var key: [UInt8] = []
            key.append(littleEndian: UInt32(number))
            return Entry(key: key, value: Array(littleEndian: bits.words))
        }
        return PolicyTable(name: "principals", kind: .hash, keySize: 4, valueSize: 8 * numbers.wordCount, entries: entries)
    }
}

extension AddressRange {
    /// The range of all addresses that share the first `length` bits.
    fileprivate func widened(to length: Int) -> AddressRange {
        let octets = octets.enumerated().map { index, octet -> UInt8 in
            let bits = min(max(length - 8 * index, 0), 8)
            return bits == 0 ? 0 : octet & (0xff << UInt8(8 - bits))
        }
        return AddressRange(isIPv4: isIPv4, octets: octets, prefixLength: length)
    }
}
