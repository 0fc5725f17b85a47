/// A deterministic automaton that runs over a text once and tells which sets of patterns it is in.
///
/// Patterns are read as byte strings: in UTF-8 a wildcard for any scalars is one for any bytes, since no scalar's bytes occur inside another's.
struct Automaton {
    /// A pattern with the number of the set that it belongs to.
    struct Entry {
        /// The literal parts between wildcards; a single part is the whole text.
        let parts: [[UInt8]]
        /// Whether a slash starts anew: the pattern is one of the last component.
        let isOfName: Bool
        let set: Int
    }

    /// By state and class of bytes, where to go.
    let transitions: [[UInt32]]
    /// By state, the sets that a text is in which ends there.
    let accepting: [BitSet]
    /// By byte, its class.
    let classes: [UInt8]
    let classCount: Int

    /// How many states there may be, and how much work it may be to find them; products of patterns grow without bounds.
    private static let maximumStates = 1 << 12
    private static let maximumWork = 1 << 22

    /// - Parameter budget: how much work is left for all automata of a field; what is done is taken from it.
    /// - Returns: `nil` when there would be too many states.
    init?(_ entries: [Entry], wordCount: Int, budget: inout Int) {
        // Bytes that no pattern names are alike.
        let slash = UInt8(ascii: "/")
        let usesSlash = entries.contains(where: \.isOfName)
        var named = Set(entries.flatMap { $0.parts.joined() })
        if usesSlash { named.insert(slash) }
        var classes = Array(repeating: UInt8(0), count: 256)
        // 255 of them leave a class for the rest; more do not occur in UTF-8.
        guard named.count < 255 else { return nil }
        for (index, byte) in named.sorted().enumerated() { classes[Int(byte)] = UInt8(index + 1) }
        self.classes = classes
        classCount = named.count + 1

        guard Automaton.leastWork(entries, classCount) <= Automaton.maximumWork else { return nil }
        let positions = Positions(entries, classes: classes)
        let slashClass = usesSlash ? classes[Int(slash)] : nil
        var numbers: [[Int32]: UInt32] = [positions.start: 0]
        var states = [positions.start]
        var transitions: [[UInt32]] = []
        var work = 0
        while transitions.count < states.count {
            let state = states[transitions.count]
            work += state.count * classCount
            budget -= state.count * classCount
            guard budget >= 0, work <= Automaton.maximumWork, states.count <= Automaton.maximumStates else { return nil }
            func number(of next: [Int32]) -> UInt32 {
                if let number = numbers[next] { return number }
                let number = UInt32(states.count)
                numbers[next] = number
                states.append(next)
                return number
            }
            let (others, named) = positions.successors(of: state, slash: slashClass)
            var row = Array(repeating: number(of: others), count: classCount)
            for (byte, next) in named { row[Int(byte)] = number(of: next) }
            transitions.append(row)
        }
        self.transitions = transitions
        accepting = states.map { state in
            var sets = BitSet(wordCount: wordCount)
            for position in state { if let set = positions.acceptedSet(at: position) { sets.insert(set) } }
            return sets
        }
    }

    /// A bound that is found without trying: each beginning of what follows a wildcard at the start is a state of its own, and each state has two
    /// places in every such pattern, at a wildcard and behind it.
    private static func leastWork(_ entries: [Entry], _ classCount: Int) -> Int {
        let floating = entries.filter { $0.parts.count > 1 && $0.parts[0].isEmpty }
        var beginnings: Set<ArraySlice<UInt8>> = []
        for entry in floating { for length in entry.parts[1].indices { beginnings.insert(entry.parts[1][...length]) } }
        return 2 * floating.count * beginnings.count * classCount
    }

    /// Follows a text; for tests.
    func sets(of text: [UInt8]) -> BitSet {
        var state = 0
        for byte in text { state = Int(transitions[state][Int(classes[Int(byte)])]) }
        return accepting[state]
    }
}

/// The places in patterns at which a text can stand, numbered through all patterns.
private struct Positions {
    private enum Step {
        case literal(UInt8)
        case wildcard
        case end(set: Int)
    }

    private var steps: [Step] = []
    /// By position, the first of its pattern.
    private var starts: [Int32] = []
    private var isOfName: [Bool] = []
    /// By position, the set of its pattern.
    private var sets: [Int32] = []
    /// By set, the wildcard before the end of its first pattern that has one there: whatever follows, the text stays in the set.
    private var lasting: [Int32: Int32] = [:]
    /// The places at which the patterns begin.
    private(set) var start: [Int32] = []

    init(_ entries: [Automaton.Entry], classes: [UInt8]) {
        for entry in entries {
            let first = Int32(steps.count)
            var pattern: [Step] = []
            for (index, part) in entry.parts.enumerated() {
                if index > 0 { pattern.append(.wildcard) }
                pattern += part.map { .literal(classes[Int($0)]) }
            }
            pattern.append(.end(set: entry.set))
            steps += pattern
            starts += Array(repeating: first, count: pattern.count)
            isOfName += Array(repeating: entry.isOfName, count: pattern.count)
            sets += Array(repeating: Int32(entry.set), count: pattern.count)
            if entry.parts.count > 1, entry.parts[entry.parts.count - 1].isEmpty, !entry.isOfName, lasting[Int32(entry.set)] == nil {
                lasting[Int32(entry.set)] = first + Int32(pattern.count) - 2
            }
            start += closure(of: first)
        }
        start = reduced(start)
    }

    /// A position with those that a wildcard there lets pass.
    private func closure(of position: Int32) -> [Int32] {
        if case .wildcard = steps[Int(position)] { [position, position + 1] } else { [position] }
    }

    func acceptedSet(at position: Int32) -> Int? {
        if case .end(let set) = steps[Int(position)] { set } else { nil }
    }

    /// The states that follow a state: where most bytes lead, and for classes of bytes that lead elsewhere.
    func successors(of state: [Int32], slash: UInt8?) -> (others: [Int32], named: [UInt8: [Int32]]) {
        var others: [Int32] = []
        var named: [UInt8: [Int32]] = [:]
        if let slash {
            // A slash ends all that is of one name, and begins the next.
            named[slash] = start.filter { isOfName[Int($0)] }
        }
        for position in state {
            switch steps[Int(position)] {
            case .literal(let byte):
                if byte == slash && isOfName[Int(position)] { continue }
                named[byte, default: []] += closure(of: position + 1)
            case .wildcard:
                others += [position, position + 1]
                if let slash, !isOfName[Int(position)] { named[slash, default: []] += [position, position + 1] }
            case .end: break
            }
        }
        for byte in named.keys where byte != slash { named[byte, default: []] += others }
        return (reduced(others), named.mapValues(reduced))
    }

    /// The state in canonical form, without what a later wildcard of the same pattern makes needless, and without patterns of a set in which
    /// the text stays whatever follows.
    private func reduced(_ state: [Int32]) -> [Int32] {
        var result: [Int32] = []
        var pattern: Int32 = -1
        var isCovered = false
        var last: Int32 = -1
        var lastingSets: Set<Int32> = []
        // From the end: the last wildcard comes first.
        for position in state.sorted(by: >) where position != last {
            last = position
            if starts[Int(position)] != pattern {
                pattern = starts[Int(position)]
                isCovered = false
            }
            if isCovered { continue }
            result.append(position)
            if case .wildcard = steps[Int(position)] {
                isCovered = true
                if case .end = steps[Int(position) + 1], !isOfName[Int(position)] { lastingSets.insert(sets[Int(position)]) }
            }
        }
        guard !lastingSets.isEmpty else { return result.reversed() }
        result.removeAll { lastingSets.contains(sets[Int($0)]) }
        for set in lastingSets { if let wildcard = lasting[set] { result += [wildcard, wildcard + 1] } }
        return result.sorted()
    }
}
