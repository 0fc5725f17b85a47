/// The lists of attribute names that entities have, each kept once: an entity keeps the number of its list, and its values in that order.
struct ShapeTable: Sendable {
    struct Shape: BitwiseCopyable {
        /// The names' symbols, ascending.
        let names: UnsafePointer<UInt32>
        let count: Int

        /// Where in the list a name is.
        @inline(__always)
        func index(of symbol: UInt32) -> Int? {
            if count <= 12 {
                for index in 0..<count where names[index] == symbol { return index }
                return nil
            }
            var low = 0
            var high = count
            while low < high {
                let middle = (low + high) / 2
                if names[middle] < symbol { low = middle + 1 } else { high = middle }
            }
            return low < count && names[low] == symbol ? low : nil
        }

        fileprivate var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: names, count: count * 4) }
    }

    private(set) var shapes = PagedArray<Shape>()
    private var index = HashIndex()
    private var lists = BlockArena()

    /// - Parameter names: in ascending order.
    mutating func intern(_ names: [UInt32]) -> UInt32 {
        names.withUnsafeBytes { names in
            let hash = ContentHash.of(names)
            if let shape = index.find(hash, where: { shapes[$0].bytes.isEqual(to: names) }) { return shape }
            let list = lists.allocate(byteCount: names.count)
            if let source = names.baseAddress { list.copyMemory(from: source, byteCount: names.count) }
            let shape = UInt32(truncatingIfNeeded: shapes.count)
            shapes.append(Shape(names: UnsafePointer(list.bindMemory(to: UInt32.self, capacity: max(1, names.count / 4))), count: names.count / 4))
            index.insert(shape, hash: hash)
            return shape
        }
    }

    /// Size in memory, in bytes.
    var size: Int { shapes.size + index.size + lists.size }
}
