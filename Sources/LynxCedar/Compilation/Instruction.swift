/// One operation of a ``Program``, with the places of its operands.
///
/// An instruction's number names its value: equal expressions of all policies are one instruction, evaluated at most once a request.
struct Instruction: BitwiseCopyable {
    let operation: Operation
    /// Of a call; of no meaning elsewhere.
    let function: ExtensionFunction
    /// The first operand's instruction, or what the operation says.
    let first: UInt32
    let second: UInt32
    /// Where the value is kept during a request, plus one; 0 for an instruction that has a single use or costs next to nothing.
    var memo: UInt32

    enum Operation: UInt8, BitwiseCopyable {
        /// Always an error: what the compiler evaluated and found to be one.
        case fail
        /// `first` is the number of a constant.
        case constant
        case principal, action, resource, context
        /// `first` is an operand list.
        case and, or, conditional
        case not, negate, isEmpty
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case add, subtract, multiply
        case `in`, contains, containsAll, containsAny, getTag, hasTag
        /// `second` is the name's symbol.
        case attribute, has
        /// The same of the context, `first` being unused.
        case contextAttribute, contextHas
        /// `second` is the number of a pattern.
        case like
        /// `second` is the type's symbol.
        case isType
        /// `first` is an operand list; of a record, of symbols and instructions by turns, and `second` is 1 where a name comes twice.
        case set, record, call
    }

    init(_ operation: Operation, _ first: UInt32 = 0, _ second: UInt32 = 0, function: ExtensionFunction = .decimal) {
        self.operation = operation
        self.function = function
        self.first = first
        self.second = second
        self.memo = 0
    }

    func isSame(as other: Instruction) -> Bool {
        operation == other.operation && function == other.function && first == other.first && second == other.second
    }

    var hash: UInt64 {
        ContentHash.combine(
            UInt64(operation.rawValue) << 8 | (operation == .call ? function.number : 0), UInt64(first) << 32 | UInt64(second))
    }

    /// Whether looking the value up would cost about as much as finding it.
    var isCheap: Bool {
        switch operation {
        case .fail, .constant, .principal, .action, .resource: true
        default: false
        }
    }
}

extension ExtensionFunction {
    private static let numbers: [ExtensionFunction: UInt64] = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, UInt64($0)) })

    fileprivate var number: UInt64 { ExtensionFunction.numbers[self] ?? 0 }
}
