/// A program and the numbers it was compiled with, as addresses.
///
/// Valid for as long as the ``Program`` and the ``EntityStore`` they came from, or copies of these, live and do not change.
struct ProgramView {
    let instructions: PagedArray<Instruction>.View
    let operands: PagedArray<UInt32>.View
    let constants: PagedArray<FlatValue>.View
    let patterns: PagedArray<FlatPattern>.View
    let policies: PagedArray<PolicyCode>.View
    let nodes: PagedArray<ScopeIndex.Node>.View
    let cells: PagedArray<ScopeIndex.Cell>.View
    let children: HashIndex.Table
    let memoCount: Int

    init(_ program: borrowing Program) {
        instructions = program.instructions.view
        operands = program.operands.words.view
        constants = program.constants.view
        patterns = program.patterns.view
        policies = program.policies.view
        nodes = program.index.nodes.view
        cells = program.index.cells.view
        children = program.index.children.table
        memoCount = Int(program.memoCount)
    }

    @inline(__always)
    func child(of parent: UInt32, _ kind: ScopeIndex.Kind, _ key: UInt32) -> UInt32? {
        children.find(ScopeIndex.hash(kind, UInt64(key), of: parent)) { number in
            let node = nodes.address(number)
            return node.pointee.parent == parent && node.pointee.kind == kind && node.pointee.key == key
        }
    }

    /// The case of a switch that a value is.
    @inline(__always)
    func child(of parent: UInt32, for value: FlatValue) -> UInt32? {
        guard let key = ScopeIndex.caseKey(value) else { return nil }
        return children.find(ScopeIndex.hash(key.kind, key.hash, of: parent)) { number in
            let node = nodes.address(number)
            guard node.pointee.parent == parent, node.pointee.kind == key.kind else { return false }
            return key.kind == .constant ? constants[node.pointee.key] == value : node.pointee.key == value.number
        }
    }
}
