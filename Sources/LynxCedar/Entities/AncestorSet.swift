/// The ancestors of an entity: ascending numbers, in runs.
///
/// Where numbers stand close together a run is a bit for each number from its first to its last, elsewhere a list. Entities with the same parents share a set.
/// Asking for a member takes a look at each run, of which there are few, and in one that is a list `O(log n)`.
struct AncestorSet: BitwiseCopyable {
    // Memory: the number of members and that of runs (4 bytes each), the filter, the runs, then their words.
    // Invariant: written by `init(_:in:)`, and lives as long as the store's arena.
    let memory: UnsafeRawPointer

    private struct Run: BitwiseCopyable {
        var first: UInt32
        var last: UInt32
        /// From the set's beginning, in bytes.
        var offset: UInt32
        /// How many members a list has; 0 for bits.
        var listCount: UInt32
    }

    var count: Int { Int(memory.load(as: UInt32.self)) }
    private var runCount: Int { Int(memory.load(fromByteOffset: 4, as: UInt32.self)) }

    @inline(__always)
    private func run(_ index: Int) -> Run { memory.load(fromByteOffset: 16 + index &* 16, as: Run.self) }

    /// A bit for each member, one bit standing for many numbers: says of most numbers that are no members that they are none.
    @inline(__always)
    private static func filterBit(_ number: UInt32) -> UInt64 { 1 << UInt64((number &* 0x9E37_79B1) >> 26) }

    @inline(__always)
    func contains(_ number: UInt32) -> Bool {
        memory.load(fromByteOffset: 8, as: UInt64.self) & AncestorSet.filterBit(number) != 0 && isMember(number)
    }

    private func isMember(_ number: UInt32) -> Bool {
        for index in 0..<runCount {
            let run = run(index)
            guard number <= run.last else { continue }
            guard number >= run.first else { return false }
            return run.listCount == 0 ? isBitSet(number, run) : isListed(number, run)
        }
        return false
    }

    private func isBitSet(_ number: UInt32, _ run: Run) -> Bool {
        let bit = number - run.first
        let word = memory.load(fromByteOffset: Int(run.offset) + Int(bit >> 6) * 8, as: UInt64.self)
        return word >> UInt64(bit & 63) & 1 != 0
    }

    private func isListed(_ number: UInt32, _ run: Run) -> Bool {
        let list = memory + Int(run.offset)
        var low = 0
        var high = Int(run.listCount)
        while low < high {
            let middle = (low + high) / 2
            if list.load(fromByteOffset: middle * 4, as: UInt32.self) < number { low = middle + 1 } else { high = middle }
        }
        return low < Int(run.listCount) && list.load(fromByteOffset: low * 4, as: UInt32.self) == number
    }

    /// Calls `body` with each member, in ascending order.
    @inline(__always)
    func forEach(_ body: (UInt32) -> Void) {
        for index in 0..<runCount {
            let run = run(index)
            if run.listCount > 0 {
                for place in 0..<Int(run.listCount) { body(memory.load(fromByteOffset: Int(run.offset) + place * 4, as: UInt32.self)) }
                continue
            }
            for word in 0...Int((run.last - run.first) >> 6) {
                var bits = memory.load(fromByteOffset: Int(run.offset) + word * 8, as: UInt64.self)
                while bits != 0 {
                    body(run.first + UInt32(truncatingIfNeeded: word * 64 + bits.trailingZeroBitCount))
                    bits &= bits - 1
                }
            }
        }
    }
}

extension AncestorSet {
    /// Numbers that stand together, and whether bits are the shorter way to write them.
    private struct Stretch {
        var range: Range<Int>
        var isDense: Bool
    }

    /// How many bytes the set of some numbers takes.
    static func size(of numbers: [UInt32]) -> Int { size(of: numbers, stretches(of: numbers)) }

    private static func size(of numbers: [UInt32], _ stretches: [Stretch]) -> Int {
        stretches.reduce(16) { $0 + 16 + byteCount(of: $1, numbers) }
    }

    private static func byteCount(of stretch: Stretch, _ numbers: [UInt32]) -> Int {
        guard stretch.isDense else { return (stretch.range.count * 4 + 7) & ~7 }
        return (Int(numbers[stretch.range.upperBound - 1] - numbers[stretch.range.lowerBound]) >> 6 + 1) * 8
    }

    private static func stretches(of numbers: [UInt32]) -> [Stretch] {
        var stretches: [Stretch] = []
        var start = 0
        while start < numbers.count {
            var end = start + 1
            while end < numbers.count, numbers[end] - numbers[end - 1] <= 512 { end += 1 }
            let bits = Int(numbers[end - 1] - numbers[start]) / 8 + 8
            let isDense = end - start >= 16 && bits < (end - start) * 4
            if !isDense, let last = stretches.last, !last.isDense {
                stretches[stretches.count - 1].range = last.range.lowerBound..<end
            } else {
                stretches.append(Stretch(range: start..<end, isDense: isDense))
            }
            start = end
        }
        return stretches
    }

    /// - Parameter numbers: ascending, each once.
    init(_ numbers: [UInt32], in arena: inout BlockArena) {
        let stretches = AncestorSet.stretches(of: numbers)
        let size = AncestorSet.size(of: numbers, stretches)
        let memory = arena.allocate(byteCount: size)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        memory.storeBytes(of: UInt32(truncatingIfNeeded: numbers.count), as: UInt32.self)
        memory.storeBytes(of: UInt32(truncatingIfNeeded: stretches.count), toByteOffset: 4, as: UInt32.self)
        let filter = numbers.reduce(0) { $0 | AncestorSet.filterBit($1) }
        memory.storeBytes(of: filter, toByteOffset: 8, as: UInt64.self)
        var offset = 16 + stretches.count * 16
        for (index, stretch) in stretches.enumerated() {
            let first = numbers[stretch.range.lowerBound]
            let run = Run(
                first: first, last: numbers[stretch.range.upperBound - 1], offset: UInt32(truncatingIfNeeded: offset),
                listCount: stretch.isDense ? 0 : UInt32(truncatingIfNeeded: stretch.range.count))
            memory.storeBytes(of: run, toByteOffset: 16 + index * 16, as: Run.self)
            for (place, number) in numbers[stretch.range].enumerated() {
                if stretch.isDense {
                    let word = offset + Int((number - first) >> 6) * 8
                    let bits = memory.load(fromByteOffset: word, as: UInt64.self)
                    memory.storeBytes(of: bits | 1 << UInt64((number - first) & 63), toByteOffset: word, as: UInt64.self)
                } else {
                    memory.storeBytes(of: number, toByteOffset: offset + place * 4, as: UInt32.self)
                }
            }
            offset += AncestorSet.byteCount(of: stretch, numbers)
        }
        self.memory = UnsafeRawPointer(memory)
    }

    func isEqual(to numbers: [UInt32]) -> Bool {
        guard count == numbers.count else { return false }
        var isEqual = true
        var place = 0
        forEach { number in
            isEqual = isEqual && numbers[place] == number
            place += 1
        }
        return isEqual
    }
}
