/// What the index of a program asks of its policies, as addresses.
///
/// A copy of the program would hold on to the index too, and every change of that would have to copy what the two share. Valid for as long as
/// the program lives and nothing of it changes but the index.
struct PolicyView {
    let policies: PagedArray<PolicyCode>.View
    let instructions: PagedArray<Instruction>.View
    let constants: PagedArray<FlatValue>.View
    private let operands: PagedArray<UInt32>.View

    init(_ program: borrowing Program) {
        policies = program.policies.view
        instructions = program.instructions.view
        constants = program.constants.view
        operands = program.operands.words.view
    }

    /// How many operands a list has: see ``OperandLists``.
    func operandCount(of list: UInt32) -> Int { Int(operands[list]) }

    func operand(_ list: UInt32, _ index: Int) -> UInt32 { operands[list + 1 + UInt32(truncatingIfNeeded: index)] }
}
