import LynxCedar

// The tables of addresses, numbers and principals. A value is a row of words: the bits of the sets, then the class for each join.
extension PolicyTable {
    /// The longest matching range carries what the ranges around it do.
    static func addresses(_ numbers: SetNumbers, columns: [FacetClasses]) -> PolicyTable {
        let setWords = numbers.wordCount
        let words = words(numbers, columns) { test -> [AddressRange] in
            if case .address(let ranges) = test { Array(ranges) } else { [] }
        } classes: {
            if case .ranges(let classes) = $0 { classes } else { [:] }
        }
        let lengths = Set(words.keys.map(\.prefixLength)).sorted(by: >)
        // The nearest first: a join's classes are closed, and what has none of its own is as what lies around it.
        let entries = words.map { range, own in
            var all = own
            for length in lengths where length < range.prefixLength {
                guard let around = words[range.widened(to: length)] else { continue }
                for word in all.indices {
                    if word < setWords { all[word] |= around[word] } else if all[word] == 0 { all[word] = around[word] }
                }
            }
            var key: [UInt8] = []
            key.append(littleEndian: UInt32(32 + range.prefixLength))
            key.append(littleEndian: UInt32(range.isIPv4 ? 4 : 6))
            key += range.octets + Array(repeating: 0, count: 16 - range.octets.count)
            return Entry(key: key, value: Array(littleEndian: all))
        }
        return PolicyTable(name: "addresses", kind: .trie, keySize: 24, valueSize: 8 * (setWords + columns.count), entries: entries)
    }

    /// A table by a number of 64 bits.
    static func numbers(_ numbers: SetNumbers, columns: [FacetClasses], name: String) -> PolicyTable {
        let words = words(numbers, columns) { test -> [UInt64] in
            if case .number(_, let values) = test { values.map { UInt64(bitPattern: $0) } } else { [] }
        } classes: {
            if case .numbers(let classes) = $0 { classes } else { [:] }
        }
        return PolicyTable(
            name: name, kind: .hash, keySize: 8, valueSize: 8 * (numbers.wordCount + columns.count),
            entries: words.map { Entry(key: Array(littleEndian: [$0]), value: Array(littleEndian: $1)) })
    }

    static func principals(_ numbers: SetNumbers, columns: [FacetClasses], _ directory: PrincipalDirectory) -> PolicyTable {
        let words = words(numbers, columns) { test -> [EntityUID] in
            if case .principal(let uids) = test { Array(uids) } else { [] }
        } classes: {
            if case .principals(let classes) = $0 { classes } else { [:] }
        }
        let entries = words.map { uid, words in
            var key: [UInt8] = []
            key.append(littleEndian: UInt32(directory.number(of: uid)))
            return Entry(key: key, value: Array(littleEndian: words))
        }
        return PolicyTable(
            name: "principals", kind: .hash, keySize: 4, valueSize: 8 * (numbers.wordCount + columns.count), entries: entries)
    }

    /// By value, the bits of the sets that name it and its classes.
    private static func words<Value: Hashable>(
        _ numbers: SetNumbers, _ columns: [FacetClasses], members: (Test) -> [Value], classes: (FacetClasses) -> [Value: UInt64]
    ) -> [Value: [UInt64]] {
        let setWords = numbers.wordCount
        let none = Array(repeating: UInt64(0), count: setWords + columns.count)
        var words: [Value: [UInt64]] = [:]
        for (set, test) in numbers.tests.enumerated() {
            for value in members(test) { words[value, default: none][set / 64] |= 1 << UInt64(set % 64) }
        }
        for (column, facetClasses) in columns.enumerated() {
            for (value, number) in classes(facetClasses) { words[value, default: none][setWords + column] = number }
        }
        return words
    }
}

// The tables of joins.
extension PolicyTable {
    /// The classes that two have in common.
    static func join(_ step: [UInt64: UInt64], name: String) -> PolicyTable {
        PolicyTable(
            name: name, kind: .hash, keySize: 8, valueSize: 8,
            entries: step.map { Entry(key: Array(littleEndian: [$0]), value: Array(littleEndian: [$1])) })
    }

    /// What the last two classes come to: a word that is not zero, or the bits of groups.
    static func join(_ ends: [UInt64: Set<EntityUID>], asksForGroups: Bool, name: String, _ directory: PrincipalDirectory) -> PolicyTable {
        let wordCount = asksForGroups ? PrincipalDirectory.groupWords : 1
        let entries = ends.map { key, groups in
            var words = BitSet(wordCount: wordCount)
            if asksForGroups {
                for group in groups { if let number = directory.number(ofGroup: group) { words.insert(number) } }
            } else {
                words.insert(0)
            }
            return Entry(key: Array(littleEndian: [key]), value: Array(littleEndian: words.words))
        }
        return PolicyTable(name: name, kind: .hash, keySize: 8, valueSize: 8 * wordCount, entries: entries)
    }
}
