/// A set of small numbers, as the words of a table's value.
struct BitSet: Hashable, Sendable {
    private(set) var words: [UInt64]

    /// - Parameter wordCount: how many words the set has for good.
    init(wordCount: Int) {
        words = Array(repeating: 0, count: wordCount)
    }

    mutating func insert(_ number: Int) {
        words[number / 64] |= 1 << UInt64(number % 64)
    }

    mutating func formUnion(_ other: BitSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
}
