/// Where the parts of a structure begin that copies share: as many addresses are initialised as it has parts, which is at most `capacity`.
///
/// Written only by a structure that alone holds it.
final class AddressList<Address: BitwiseCopyable> {
    let base: UnsafeMutablePointer<Address>
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    /// - Precondition: `count` is at most both capacities.
    init(copying other: AddressList, count: Int, capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
        base.initialize(from: other.base, count: count)
    }

    deinit { base.deallocate() }
}
