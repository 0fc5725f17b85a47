/// How two flat values of one store stand to each other in the order that its sets are kept in.
///
/// An order of numbers rather than of texts, so it is not ``CanonicalOrder`` and nobody outside sees it.
enum FlatOrder {
    case less, equal, greater

    @inline(__always)
    init<Operand: Comparable>(_ lhs: Operand, _ rhs: Operand) {
        self = lhs < rhs ? .less : lhs == rhs ? .equal : .greater
    }

    /// Linear in the smaller of the two values.
    init(_ lhs: FlatValue, _ rhs: FlatValue) {
        guard lhs.tag == rhs.tag else {
            self.init(lhs.tag.rawValue, rhs.tag.rawValue)
            return
        }
        switch lhs.tag {
        case .error, .bool, .string, .entity: self.init(lhs.payload, rhs.payload)
        case .long, .decimal, .datetime, .duration: self.init(lhs.signed, rhs.signed)
        case .text: self.init(lhs.textBytes, rhs.textBytes)
        case .ip: self = FlatOrder.ofWords(lhs.block, rhs.block, count: 3)
        case .foreignEntity, .set, .record:
            guard lhs.count == rhs.count else {
                self.init(lhs.count, rhs.count)
                return
            }
            self = FlatOrder.ofParts(lhs, rhs)
        }
    }

    private init(_ lhs: UnsafeRawBufferPointer, _ rhs: UnsafeRawBufferPointer) {
        self = lhs.isEqual(to: rhs) ? .equal : lhs.precedes(rhs) ? .less : .greater
    }

    private static func ofWords(_ lhs: UnsafeRawPointer, _ rhs: UnsafeRawPointer, count: Int) -> FlatOrder {
        for index in 0..<count {
            let order = FlatOrder(
                lhs.load(fromByteOffset: index * 8, as: UInt64.self), rhs.load(fromByteOffset: index * 8, as: UInt64.self))
            if order != .equal { return order }
        }
        return .equal
    }

    private static func ofParts(_ lhs: FlatValue, _ rhs: FlatValue) -> FlatOrder {
        let parts =
            switch lhs.tag {
            case .set: lhs.size
            case .record: lhs.size * 2
            default: 2
            }
        for index in 0..<parts {
            let order = FlatOrder(FlatValue.load(index, from: lhs.block), FlatValue.load(index, from: rhs.block))
            if order != .equal { return order }
        }
        return .equal
    }
}

extension FlatValue {
    /// Sorts values in a block, `width` of them an item by the first of each, and drops items that are equal to the one before.
    ///
    /// Heap sort: in place, and `O(n log n)` whatever a request brings.
    ///
    /// - Returns: how many items are left.
    static func sort(_ block: UnsafeMutableRawPointer, count: Int, width: Int) -> Int {
        guard count > 1 else { return count }
        func precedes(_ first: Int, _ second: Int) -> Bool {
            FlatOrder(load(first * width, from: block), load(second * width, from: block)) == .less
        }
        func swap(_ first: Int, _ second: Int) {
            for part in 0..<width {
                let value = block.load(fromByteOffset: (first * width + part) * 16, as: FlatValue.self)
                let other = block.load(fromByteOffset: (second * width + part) * 16, as: FlatValue.self)
                block.storeBytes(of: other, toByteOffset: (first * width + part) * 16, as: FlatValue.self)
                block.storeBytes(of: value, toByteOffset: (second * width + part) * 16, as: FlatValue.self)
            }
        }
        func sift(_ start: Int, _ end: Int) {
            var parent = start
            while parent * 2 + 1 < end {
                var child = parent * 2 + 1
                if child + 1 < end, precedes(child, child + 1) { child += 1 }
                guard precedes(parent, child) else { return }
                swap(parent, child)
                parent = child
            }
        }
        let isSorted = (1..<count).allSatisfy { precedes($0 - 1, $0) }
        if isSorted { return count }
        for start in stride(from: count / 2 - 1, through: 0, by: -1) { sift(start, count) }
        for end in stride(from: count - 1, to: 0, by: -1) {
            swap(0, end)
            sift(0, end)
        }
        var distinct = 1
        for index in 1..<count where load(index * width, from: block) != load((distinct - 1) * width, from: block) {
            if index != distinct { swap(index, distinct) }
            distinct += 1
        }
        return distinct
    }
}
