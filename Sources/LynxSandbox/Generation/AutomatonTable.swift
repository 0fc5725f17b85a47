extension PolicyTable {
    /// The automaton as the one value of an array: the classes of the 256 bytes, the cells (the row of the next state, by row and class), then
    /// the sets of each state. Rows are a power of two wide and the states a power of two, so that masks keep every index in bounds.
    ///
    /// - Returns: the table, and how its value is laid out.
    static func automaton(_ automaton: Automaton, name: String, wordCount: Int) -> (table: PolicyTable, layout: AutomatonLayout) {
        func powerOfTwo(atLeast count: Int) -> Int {
            var bits = 0
            while 1 << bits < count { bits += 1 }
            return bits
        }
        let shift = powerOfTwo(atLeast: automaton.classCount)
        let stateBits = powerOfTwo(atLeast: automaton.transitions.count)
        var value = automaton.classes
        var cells = Array(repeating: UInt32(0), count: 1 << (stateBits + shift))
        for (state, row) in automaton.transitions.enumerated() {
            for (index, next) in row.enumerated() { cells[state << shift | index] = next << UInt32(shift) }
        }
        value.reserveCapacity(value.count + cells.count * 4)
        for cell in cells { value.append(littleEndian: cell) }
        var sets = automaton.accepting.flatMap(\.words)
        sets += Array(repeating: 0, count: (1 << stateBits) * wordCount - sets.count)
        for word in sets { value.append(littleEndian: word) }
        let table = PolicyTable(
            name: name, kind: .array, keySize: 4, valueSize: value.count, entries: [Entry(key: [0, 0, 0, 0], value: value)])
        return (table, AutomatonLayout(name: name, shift: shift, stateBits: stateBits))
    }
}

/// How the value of an automaton's table is laid out.
struct AutomatonLayout: Hashable {
    let name: String
    /// The logarithm of a row's width.
    let shift: Int
    /// The logarithm of the number of states, rounded up.
    let stateBits: Int

    var cellCount: Int { 1 << (shift + stateBits) }
}
