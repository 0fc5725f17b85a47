/// The tables in which a text is looked up, and what they are asked for: all sets of a field at once, and its classes for joins.
///
/// A value is a row of words: the bits of the sets, then the class for each join. A text that is found whole has what holds for it as the
/// beginning of others in its own entry, so that one hit is enough.
struct TextIndex {
    let field: TextField
    let numbers: SetNumbers
    /// How many joins ask for the field.
    let columnCount: Int
    /// The sizes of the keys of the tables of whole texts, ascending.
    private(set) var buckets: [Int] = []
    private(set) var hasTrie = false
    private(set) var automata: [AutomatonLayout] = []
    private(set) var tables: [PolicyTable] = []

    /// Patterns beyond this many automata are refused: each is one more walk through the text.
    private static let maximumAutomata = 32
    /// How much work it may be to find them all, so that too many are refused in seconds.
    private static let maximumWork = 1 << 26

    /// The words of a value.
    var wordCount: Int { numbers.wordCount + columnCount }

    /// - Parameter columns: the classes for each join that asks for the field.
    /// - Throws: when the patterns with wildcards are too many.
    init(_ field: TextField, _ numbers: SetNumbers, columns: [PrefixTree<UInt64>]) throws(TooManyPatterns) {
        self.field = field
        self.numbers = numbers
        columnCount = columns.count
        let setWords = numbers.wordCount
        let none = Array(repeating: UInt64(0), count: setWords + columns.count)
        var tree = PrefixTree<[UInt64]>()
        var entries: [Automaton.Entry] = []
        for (set, test) in numbers.tests.enumerated() {
            guard case .text(_, let patterns) = test else { continue }
            var own = none
            own[set / 64] = 1 << UInt64(set % 64)
            for pattern in patterns {
                if pattern.isIndexed(in: field) {
                    tree.insert(own, at: pattern) { words, more in for word in 0..<setWords { words[word] |= more[word] } }
                } else {
                    entries += TextIndex.automatonEntries(pattern, set)
                }
            }
        }
        for (column, classes) in columns.enumerated() {
            tree.merge(classes) { words, number in
                var all = words ?? none
                all[setWords + column] = number
                return all
            }
        }
        tree.close { words, above in
            for word in words.indices {
                if word < setWords {
                    words[word] |= above[word]
                } else if words[word] == 0 {
                    // The classes of a join are closed: what has none of its own is as what lies around it.
                    words[word] = above[word]
                }
            }
        }
        addHashes(tree.whole)
        addTrie(tree.beginnings, none)
        try addAutomata(entries)
    }

    private static func automatonEntries(_ pattern: TextPattern, _ set: Int) -> [Automaton.Entry] {
        switch pattern {
        case .exact(let text): [Automaton.Entry(parts: [text], isOfName: false, set: set)]
        case .under(let path):
            [
                Automaton.Entry(parts: [path], isOfName: false, set: set),
                Automaton.Entry(parts: [path + [UInt8(ascii: "/")], []], isOfName: false, set: set),
            ]
        case .glob(let parts): [Automaton.Entry(parts: parts, isOfName: false, set: set)]
        case .name(let parts): [Automaton.Entry(parts: parts, isOfName: true, set: set)]
        }
    }

    private func tableName(_ suffix: String) -> String { "\(field.rawValue.lowercased())_\(suffix)" }

    private mutating func addHashes(_ texts: [[UInt8]: [UInt64]]) {
        var bySize: [Int: [PolicyTable.Entry]] = [:]
        for (text, words) in texts {
            let key: [UInt8]
            if field.isPath {
                var size = 64
                while size < text.count + 1 { size *= 2 }
                key = text + [UInt8(ascii: "/")] + Array(repeating: 0, count: size - text.count - 1)
            } else {
                key = text + Array(repeating: 0, count: field.capacity + 1 - text.count)
            }
            bySize[key.count, default: []].append(PolicyTable.Entry(key: key, value: Array(littleEndian: words)))
        }
        buckets = bySize.keys.sorted()
        for size in buckets {
            tables.append(
                PolicyTable(
                    name: tableName("whole_\(size)"), kind: .hash, keySize: size, valueSize: 8 * wordCount, entries: bySize[size] ?? []))
        }
    }

    private mutating func addTrie(_ beginnings: [[UInt8]: PrefixTree<[UInt64]>.Beginning], _ none: [UInt64]) {
        guard !beginnings.isEmpty else { return }
        hasTrie = true
        let entries = beginnings.map { prefix, words in
            var key: [UInt8] = []
            key.append(littleEndian: UInt32(8 * prefix.count))
            key += prefix + Array(repeating: 0, count: TextPattern.maximumPrefix - prefix.count)
            var value: [UInt8] = []
            value.append(littleEndian: UInt64(prefix.count))
            value += Array(littleEndian: words.below ?? none) + Array(littleEndian: words.itself ?? none)
            return PolicyTable.Entry(key: key, value: value)
        }
        tables.append(
            PolicyTable(
                name: tableName("prefixes"), kind: .trie, keySize: 4 + TextPattern.maximumPrefix, valueSize: 8 + 16 * wordCount,
                entries: entries))
    }

    private mutating func addAutomata(_ entries: [Automaton.Entry]) throws(TooManyPatterns) {
        // What multiplies when it is joined are wildcards inside of patterns: those are kept together, and apart from the others.
        let entries = entries.sorted { ($0.parts.count, $1.isOfName ? 1 : 0) < ($1.parts.count, $0.isOfName ? 1 : 0) }
        var pending = entries.isEmpty ? [] : [entries[...]]
        var budget = TextIndex.maximumWork
        while let part = pending.popLast() {
            if let automaton = Automaton(Array(part), wordCount: numbers.wordCount, budget: &budget) {
                guard automata.count < TextIndex.maximumAutomata else { throw TooManyPatterns(field: field, count: entries.count) }
                let (table, layout) = PolicyTable.automaton(
                    automaton, name: tableName("automaton_\(automata.count)"), wordCount: numbers.wordCount)
                tables.append(table)
                automata.append(layout)
            } else {
                guard part.count > 1, budget > 0 else { throw TooManyPatterns(field: field, count: entries.count) }
                let middle = part.startIndex + part.count / 2
                pending += [part[middle...], part[..<middle]]
            }
        }
    }
}

/// The patterns with wildcards on one field are more than can be looked for in a bounded time.
struct TooManyPatterns: Error {
    let field: TextField
    let count: Int
}
