/// Lists of numbers, each kept once: a list's place is its name.
struct OperandLists: Sendable {
    /// For each list the number of its operands, then these.
    private(set) var words = PagedArray<UInt32>()
    private var index = HashIndex()

    mutating func intern(_ list: [UInt32]) -> UInt32 {
        let hash = list.withUnsafeBytes { ContentHash.of($0) }
        if let place = index.find(hash, where: { isEqual($0, to: list) }) { return place }
        let place = UInt32(truncatingIfNeeded: words.count)
        words.append(UInt32(truncatingIfNeeded: list.count))
        for operand in list { words.append(operand) }
        index.insert(place, hash: hash)
        return place
    }

    func count(of list: UInt32) -> Int { Int(words[list]) }

    subscript(list: UInt32, index: Int) -> UInt32 { words[Int(list) + 1 + index] }

    private func isEqual(_ place: UInt32, to list: [UInt32]) -> Bool {
        count(of: place) == list.count && list.indices.allSatisfy { self[place, $0] == list[$0] }
    }
}
