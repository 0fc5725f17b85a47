/// Finds numbers by the hash of what they stand for: the table of a dictionary whose keys lie elsewhere.
///
/// Linear hashing (Litwin, 1980): segments of some hundred slots, which are split one after the other as the table grows. No insertion
/// moves more than two segments, and copies share segments, as ``PagedArray`` shares pages.
///
/// Finding, inserting and removing take `O(1)` expected.
struct HashIndex: @unchecked Sendable {
    // Sendable: segments are written only while a single index owns them, which `isKnownUniquelyReferenced` tells.

    private(set) var count = 0
    private var owners: ReferenceGroups<Segment>
    /// Where the slots of `owners` are.
    private var addresses: AddressList<Address>
    /// How many segments this round of splitting began with, less one.
    private var mask: UInt32 = 0
    /// The next segment to be split in this round.
    private var next: UInt32 = 0

    init() {
        let first = Segment(bits: 4)
        owners = ReferenceGroups()
        owners.append(first)
        addresses = AddressList(capacity: 1)
        addresses.base.initialize(to: first.address)
    }

    /// How many entries a segment has on average before the next one is split.
    private static var meanLoad: Int { 192 }

    /// The number that is stored under a hash and that `isMatch` accepts.
    @inline(__always)
    func find(_ hash: UInt64, where isMatch: (UInt32) -> Bool) -> UInt32? {
        table.find(hash, where: isMatch)
    }

    /// What a search needs, for as long as this index lives and does not change.
    var table: Table { Table(addresses: UnsafePointer(addresses.base), mask: mask, next: next) }

    /// Stores a number under a hash. It must not be there yet.
    mutating func insert(_ number: UInt32, hash: UInt64) {
        makeAddressesUnique()
        if count >= owners.count * HashIndex.meanLoad { splitNext() }
        let index = table.segment(for: hash.folded)
        makeUnique(segment: index)
        let segment = owners[index]
        segment.insert(Slot(hash: hash.folded, numberPlusOne: number + 1))
        // It may have grown.
        addresses.base[index] = segment.address
        count += 1
    }

    /// Takes out a number that is stored under a hash; does nothing if it is not.
    mutating func remove(_ number: UInt32, hash: UInt64) {
        makeAddressesUnique()
        let index = table.segment(for: hash.folded)
        makeUnique(segment: index)
        if owners[index].remove(Slot(hash: hash.folded, numberPlusOne: number + 1)) { count -= 1 }
    }

    /// Size in memory, in bytes.
    var size: Int {
        (0..<owners.count).reduce(0) { $0 + owners[$1].capacity * MemoryLayout<Slot>.stride + 72 }
    }

    private mutating func makeAddressesUnique() {
        if !isKnownUniquelyReferenced(&addresses) { addresses = AddressList(copying: addresses, count: owners.count, capacity: owners.count) }
    }

    private mutating func makeUnique(segment index: Int) {
        guard !owners.isUnique(index) else { return }
        let copy = Segment(copying: owners[index])
        owners[index] = copy
        addresses.base[index] = copy.address
    }

    /// - Precondition: nobody else holds the addresses.
    private mutating func splitNext() {
        let count = owners.count
        if count == addresses.capacity { addresses = AddressList(copying: addresses, count: count, capacity: count * 2) }
        let index = Int(next)
        let (lower, upper) = owners[index].split(by: mask + 1)
        owners[index] = lower
        addresses.base[index] = lower.address
        (addresses.base + count).initialize(to: upper.address)
        owners.append(upper)
        next += 1
        if next > mask {
            next = 0
            mask = mask << 1 | 1
        }
    }
}

extension HashIndex {
    /// An entry; free where it is zero.
    struct Slot: BitwiseCopyable, Equatable {
        let hash: UInt32
        let numberPlusOne: UInt32
    }

    /// Where a segment's slots begin, and how many they are: `1 << (32 - shift)`.
    struct Address: BitwiseCopyable {
        let slots: UnsafeMutablePointer<Slot>
        let shift: UInt32

        @inline(__always)
        func home(_ hash: UInt32) -> Int { Int((hash &* 0x9E37_79B1) >> shift) }

        @inline(__always)
        var mask: Int { (1 << Int(32 - shift)) - 1 }
    }

    /// The segments by number. Those below `next` have been split in this round, in which there were `mask + 1` at first.
    struct Table: BitwiseCopyable {
        let addresses: UnsafePointer<Address>
        let mask: UInt32
        let next: UInt32

        @inline(__always)
        func segment(for hash: UInt32) -> Int {
            let segment = hash & mask
            return Int(segment < next ? hash & (mask << 1 | 1) : segment)
        }

        @inline(__always)
        func find(_ hash: UInt64, where isMatch: (UInt32) -> Bool) -> UInt32? {
            let hash = hash.folded
            let address = addresses[segment(for: hash)]
            var position = address.home(hash)
            while true {
                let slot = address.slots[position]
                // A segment is never full: a free slot ends every search.
                guard slot.numberPlusOne != 0 else { return nil }
                if slot.hash == hash, isMatch(slot.numberPlusOne - 1) { return slot.numberPlusOne - 1 }
                position = (position + 1) & address.mask
            }
        }
    }
}

extension UInt64 {
    @inline(__always)
    fileprivate var folded: UInt32 { UInt32(truncatingIfNeeded: self ^ self >> 32) }
}

/// Slots with linear probing.
private final class Segment {
    private(set) var address: HashIndex.Address
    private var count = 0

    init(bits: UInt32) {
        address = Segment.allocate(bits: bits)
    }

    init(copying other: Segment) {
        address = Segment.allocate(bits: 32 - other.address.shift)
        address.slots.update(from: other.address.slots, count: other.capacity)
        count = other.count
    }

    deinit { address.slots.deallocate() }

    private static func allocate(bits: UInt32) -> HashIndex.Address {
        let slots = UnsafeMutablePointer<HashIndex.Slot>.allocate(capacity: 1 << Int(bits))
        slots.initialize(repeating: HashIndex.Slot(hash: 0, numberPlusOne: 0), count: 1 << Int(bits))
        return HashIndex.Address(slots: slots, shift: 32 - bits)
    }

    var capacity: Int { address.mask + 1 }

    func insert(_ slot: HashIndex.Slot) {
        if (count + 1) * 5 > capacity * 4 { grow() }
        place(slot)
        count += 1
    }

    func remove(_ slot: HashIndex.Slot) -> Bool {
        var position = address.home(slot.hash)
        while address.slots[position] != slot {
            guard address.slots[position].numberPlusOne != 0 else { return false }
            position = (position + 1) & address.mask
        }
        // What stands behind moves up, unless it would then stand before its home.
        var probe = position
        while true {
            probe = (probe + 1) & address.mask
            let moved = address.slots[probe]
            guard moved.numberPlusOne != 0 else { break }
            let distance = (probe - address.home(moved.hash)) & address.mask
            guard distance >= (probe - position) & address.mask else { continue }
            address.slots[position] = moved
            position = probe
        }
        address.slots[position] = HashIndex.Slot(hash: 0, numberPlusOne: 0)
        count -= 1
        return true
    }

    /// The entries without and with a bit of the hash set.
    func split(by bit: UInt32) -> (Segment, Segment) {
        // As large as this one was, less one doubling: few entries have to move again.
        let bits = max(4, 31 - address.shift)
        let halves = (Segment(bits: bits), Segment(bits: bits))
        for position in 0..<capacity where address.slots[position].numberPlusOne != 0 {
            let slot = address.slots[position]
            (slot.hash & bit == 0 ? halves.0 : halves.1).insert(slot)
        }
        return halves
    }

    private func grow() {
        let old = address
        address = Segment.allocate(bits: 33 - old.shift)
        for position in 0...old.mask where old.slots[position].numberPlusOne != 0 { place(old.slots[position]) }
        old.slots.deallocate()
    }

    private func place(_ slot: HashIndex.Slot) {
        var position = address.home(slot.hash)
        while address.slots[position].numberPlusOne != 0 { position = (position + 1) & address.mask }
        address.slots[position] = slot
    }
}
