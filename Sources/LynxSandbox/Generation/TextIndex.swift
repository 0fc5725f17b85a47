/// The tables in which a text is looked up, and what they are asked for: all sets of a field at once.
struct TextIndex {
    let field: TextField
    let numbers: SetNumbers
    /// The sizes of the keys of the tables of whole texts, ascending.
    private(set) var buckets: [Int] = []
    private(set) var hasTrie = false
    private(set) var automata: [AutomatonLayout] = []
    private(set) var tables: [PolicyTable] = []

    /// Patterns beyond this many automata are refused: each is one more walk through the text.
    private static let maximumAutomata = 32
    /// What a trie can tell apart (`TEXT_PREFIX_CAPACITY`).
    private static let maximumPrefix = 256

    /// - Throws: when the patterns with wildcards are too many.
    init(_ field: TextField, _ numbers: SetNumbers) throws(TooManyPatterns) {
        self.field = field
        self.numbers = numbers
        var exact: [[UInt8]: BitSet] = [:]
        var prefixes: [[UInt8]: Prefix] = [:]
        var entries: [Automaton.Entry] = []
        let wordCount = numbers.wordCount
        for (set, test) in numbers.tests.enumerated() {
            guard case .text(_, let patterns) = test else { continue }
            for pattern in patterns {
                switch pattern {
                case .exact(let text) where field.isPath:
                    exact[text, default: BitSet(wordCount: wordCount)].insert(set)
                case .exact(let text):
                    entries.append(Automaton.Entry(parts: [text], isOfName: false, set: set))
                case .under(let path):
                    let key = path.last == UInt8(ascii: "/") ? path : path + [UInt8(ascii: "/")]
                    if key.count <= TextIndex.maximumPrefix {
                        prefixes[key, default: Prefix(wordCount)].insert(set, includingItself: true)
                    } else {
                        entries.append(Automaton.Entry(parts: [path], isOfName: false, set: set))
                        entries.append(Automaton.Entry(parts: [key, []], isOfName: false, set: set))
                    }
                case .glob(let parts):
                    if field.isPath, parts.count == 2, parts[1].isEmpty, parts[0].count <= TextIndex.maximumPrefix {
                        prefixes[parts[0], default: Prefix(wordCount)].insert(set, includingItself: false)
                    } else {
                        entries.append(Automaton.Entry(parts: parts, isOfName: false, set: set))
                    }
                case .name(let parts):
                    entries.append(Automaton.Entry(parts: parts, isOfName: true, set: set))
                }
            }
        }
        addHashes(exact)
        addTrie(prefixes)
        try addAutomata(entries)
    }

    /// The sets of the texts that begin with a prefix, by whether the prefix takes the slash behind the text.
    private struct Prefix {
        /// Of texts that go on behind the prefix, or end with it.
        var below: BitSet
        /// Of the text that is the prefix without its last slash.
        var itself: BitSet

        init(_ wordCount: Int) {
            below = BitSet(wordCount: wordCount)
            itself = below
        }

        mutating func insert(_ set: Int, includingItself: Bool) {
            below.insert(set)
            if includingItself { itself.insert(set) }
        }
    }

    private func tableName(_ suffix: String) -> String { "\(field.rawValue.lowercased())_\(suffix)" }

    private mutating func addHashes(_ texts: [[UInt8]: BitSet]) {
        var bySize: [Int: [PolicyTable.Entry]] = [:]
        for (text, sets) in texts {
            var size = 64
            while size < text.count + 1 { size *= 2 }
            let key = text + [UInt8(ascii: "/")] + Array(repeating: 0, count: size - text.count - 1)
            bySize[size, default: []].append(PolicyTable.Entry(key: key, value: Array(littleEndian: sets.words)))
        }
        buckets = bySize.keys.sorted()
        for size in buckets {
            tables.append(
                PolicyTable(
                    name: tableName("whole_\(size)"), kind: .hash, keySize: size, valueSize: 8 * numbers.wordCount,
                    entries: bySize[size] ?? []))
        }
    }

    /// The longest match carries what its shorter ones do.
    private mutating func addTrie(_ prefixes: [[UInt8]: Prefix]) {
        guard !prefixes.isEmpty else { return }
        hasTrie = true
        var open: [(key: [UInt8], below: BitSet)] = []
        var entries: [PolicyTable.Entry] = []
        for (key, prefix) in prefixes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            while let last = open.last, !key.starts(with: last.key) { open.removeLast() }
            var prefix = prefix
            if let above = open.last {
                prefix.below.formUnion(above.below)
                prefix.itself.formUnion(above.below)
            }
            open.append((key, prefix.below))
            var bytes: [UInt8] = []
            bytes.append(littleEndian: UInt32(8 * key.count))
            bytes += key + Array(repeating: 0, count: TextIndex.maximumPrefix - key.count)
            var value: [UInt8] = []
            value.append(littleEndian: UInt64(key.count))
            value += Array(littleEndian: prefix.below.words) + Array(littleEndian: prefix.itself.words)
            entries.append(PolicyTable.Entry(key: bytes, value: value))
        }
        tables.append(
            PolicyTable(
                name: tableName("prefixes"), kind: .trie, keySize: 4 + TextIndex.maximumPrefix,
                valueSize: 8 + 16 * numbers.wordCount, entries: entries))
    }

    private mutating func addAutomata(_ entries: [Automaton.Entry]) throws(TooManyPatterns) {
        // What multiplies when it is joined are wildcards inside of patterns: those are kept together, and apart from the others.
        let entries = entries.sorted { ($0.parts.count, $1.isOfName ? 1 : 0) < ($1.parts.count, $0.isOfName ? 1 : 0) }
        var pending = entries.isEmpty ? [] : [entries[...]]
        while let part = pending.popLast() {
            if let automaton = Automaton(Array(part), wordCount: numbers.wordCount) {
                guard automata.count < TextIndex.maximumAutomata else { throw TooManyPatterns(field: field, count: entries.count) }
                let (table, layout) = PolicyTable.automaton(
                    automaton, name: tableName("automaton_\(automata.count)"), wordCount: numbers.wordCount)
                tables.append(table)
                automata.append(layout)
            } else {
                guard part.count > 1 else { throw TooManyPatterns(field: field, count: entries.count) }
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
