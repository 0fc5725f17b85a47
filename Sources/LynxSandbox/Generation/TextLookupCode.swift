/// The function that looks a text up in all tables of its field.
struct TextLookupCode {
    private let index: TextIndex

    init(_ index: TextIndex) {
        self.index = index
    }

    var lines: [String] {
        let field = index.field
        let words = index.wordCount
        let name = field.rawValue.lowercased()
        let capacity = field.capacityName
        var lines = index.automata.map {
            "SANDBOX_AUTOMATON(\($0.name), \($0.shift), \($0.cellCount), \(index.numbers.wordCount), \(capacity))"
        }
        lines += [
            "",
            "static __always_inline void \(field.setsName)_of(const struct event *event, __u64 *sets)",
            "{",
            "\tconst __u64 *found = 0;",
            "",
        ]
        if field.isPath {
            if !index.buckets.isEmpty {
                lines.append("\tswitch (bucket_of(event->\(name).length)) {")
                for size in index.buckets {
                    lines += ["\tcase \(size):", "\t\tfound = bpf_map_lookup_elem(&\(name)_whole_\(size), \(field.bytes));", "\t\tbreak;"]
                }
                lines.append("\t}")
            }
        } else {
            lines += index.buckets.map { "\tfound = bpf_map_lookup_elem(&\(name)_whole_\($0), \(field.bytes));" }
        }
        if index.hasTrie {
            lines += [
                "\tif (!found) {",
                "\t\tfound = bpf_map_lookup_elem(&\(name)_prefixes, &event->\(name).prefix);",
                "\t\t/* Behind the length: the sets of what is below, then those of the directory itself. */",
                "\t\tif (found)",
                "\t\t\tfound += found[0] == event->\(name).length + 1 ? \(words + 1) : 1;",
                "\t}",
            ]
        }
        if !index.buckets.isEmpty || index.hasTrie { lines += ["\tif (found) {"] + add(from: "found", words) + ["\t}"] }
        for automaton in index.automata {
            let length = field.isPath ? "event->\(name).length" : "short_length(\(field.bytes), \(capacity))"
            lines += ["\tfound = \(automaton.name)_sets(\(field.bytes), \(length));", "\tif (found) {"]
            lines += add(from: "found", index.numbers.wordCount) + ["\t}"]
        }
        return lines + ["}", ""]
    }

    private func add(from found: String, _ count: Int) -> [String] {
        (0..<count).map { "\t\tsets[\($0)] |= \(found)[\($0)];" }
    }
}
