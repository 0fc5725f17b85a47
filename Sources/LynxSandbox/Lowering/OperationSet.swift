/// A set of operations; the bits are their numbers.
struct OperationSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(_ operation: Operation) {
        rawValue = 1 << UInt64(operation.rawValue)
    }

    init(_ operations: some Sequence<Operation>) {
        rawValue = operations.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    var operations: [Operation] { Operation.allCases.filter { contains(OperationSet($0)) } }

    /// The operations on a kind of resource.
    static func on(_ kind: ResourceKind) -> OperationSet {
        OperationSet(Operation.allCases.filter { $0.resourceKind == kind })
    }
}
