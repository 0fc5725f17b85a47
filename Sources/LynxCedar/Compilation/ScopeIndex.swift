/// Finds the policies that a request can match, by the scopes of policies and then by the first of their conditions.
///
/// A tree: its levels ask for the action, the resource, the principal, and then for one condition after the other. A node keeps its policies
/// as a list until there are more than a few; then it hands them on to children by what they ask for at its level. So a
/// decision looks at the policies that match, and at a few neighbours, however many there are.
///
/// At a level of conditions, policies that begin with the same condition share a child, entered when it is true; those that begin
/// with `e == constant` for one `e` share a switch, whose cases are found by the value of `e`.
struct ScopeIndex: Sendable {
    enum Kind: UInt8, BitwiseCopyable {
        case root
        /// Policies that ask for nothing at this level.
        case any
        /// The key is an entity's number: the one, or it and what is below it.
        case equal, `in`
        /// The key is the symbol of a type's name.
        case `is`
        /// The key is an instruction: one that must be true, or one whose value chooses among cases.
        case test, `switch`
        /// The key is what the instruction of the switch must have as its value: a symbol, an entity's number, 0 or 1.
        case string, entity, bool
        /// The key is the number of the constant that the instruction of the switch must have as its value.
        case constant
    }

    struct Node: BitwiseCopyable {
        let parent: UInt32
        let key: UInt32
        let kind: Kind
        /// What its children ask for: 0 action, 1 resource, 2 principal, then conditions from the first.
        let level: UInt8
        var isSplit = false
        /// The kinds of children there are, as bits.
        var kinds: UInt16 = 0
        /// The policies that are not handed on, as a list of cells.
        var policies: UInt32 = 0
        var policyCount: UInt32 = 0
        /// The children other than by `equal` and `is`, as a list of nodes.
        var firstChild: UInt32 = 0
        var childCount: UInt32 = 0
        var nextSibling: UInt32 = 0
        var previousSibling: UInt32 = 0
        /// How many children there are of all kinds.
        var allChildren: UInt32 = 0
        /// The child for policies that ask for nothing.
        var any: UInt32 = 0

        @inline(__always)
        func has(_ kind: Kind) -> Bool { kinds & 1 << UInt16(kind.rawValue) != 0 }

        var isEmpty: Bool { policies == 0 && allChildren == 0 }
    }

    /// Up to three policies of a list: as memory comes in lines, few cells are looked at for many policies. 0 ends a list, as the first cell is in
    /// none. Only the first cell of a list may have room left.
    struct Cell: BitwiseCopyable {
        private(set) var first: UInt32
        private(set) var second = Cell.none
        private(set) var third = Cell.none
        var next: UInt32

        /// In place of a policy where there is none.
        static let none = UInt32.max

        init(_ policy: UInt32, next: UInt32) {
            first = policy
            self.next = next
        }

        var isFull: Bool { third != Cell.none }

        @inline(__always)
        func forEach(_ body: (UInt32) -> Void) {
            body(first)
            if second != Cell.none { body(second) }
            if third != Cell.none { body(third) }
        }

        /// - Precondition: the cell is not full.
        mutating func append(_ policy: UInt32) {
            if second == Cell.none { second = policy } else { third = policy }
        }

        /// - Returns: `nil` when there is one only.
        mutating func popLast() -> UInt32? {
            if third != Cell.none {
                defer { third = Cell.none }
                return third
            }
            guard second != Cell.none else { return nil }
            defer { second = Cell.none }
            return second
        }

        func has(_ policy: UInt32) -> Bool { first == policy || second == policy || third == policy }

        mutating func replace(_ policy: UInt32, by other: UInt32) {
            if first == policy { first = other }
            if second == policy { second = other }
            if third == policy { third = other }
        }
    }

    private(set) var nodes = PagedArray<Node>()
    private(set) var cells = PagedArray<Cell>()
    private(set) var children = HashIndex()
    private var freeCells: UInt32 = 0
    /// Nodes that are in no tree, as a list by `nextSibling`.
    private var freeNodes: UInt32 = 0

    /// How many policies a node keeps before it hands them on.
    private static let listed = 6
    /// The level behind which policies are no longer handed on: 24 conditions are asked for one after the other.
    private static let lastLevel: UInt8 = 3 + 24
    /// A policy that names more actions is kept with those that name none, and asked for its actions when its turn comes.
    static let actionsListed = 128

    init() {
        nodes.append(Node(parent: 0, key: 0, kind: .root, level: 0))
        cells.append(Cell(Cell.none, next: 0))
    }

    mutating func insert(_ policy: UInt32, _ code: PolicyCode, _ program: PolicyView) {
        insert(policy, code, program, at: 0)
    }

    mutating func remove(_ policy: UInt32, _ code: PolicyCode, _ program: PolicyView) {
        remove(policy, code, program, at: 0)
    }

    private mutating func insert(_ policy: UInt32, _ code: PolicyCode, _ program: PolicyView, at node: UInt32) {
        if !nodes[node].isSplit {
            keep(policy, at: node)
            if nodes[node].policyCount > ScopeIndex.listed && nodes[node].level < ScopeIndex.lastLevel { split(node, program) }
        } else {
            hand(policy, code, program, downFrom: node)
        }
    }

    private mutating func split(_ node: UInt32, _ program: PolicyView) {
        var policies: [UInt32] = []
        var cell = nodes[node].policies
        while cell != 0 {
            cells[cell].forEach { policies.append($0) }
            let next = cells[cell].next
            free(cell)
            cell = next
        }
        nodes[node].policies = 0
        nodes[node].policyCount = 0
        nodes[node].isSplit = true
        for policy in policies.reversed() { hand(policy, program.policies[policy], program, downFrom: node) }
    }

    private mutating func hand(_ policy: UInt32, _ code: PolicyCode, _ program: PolicyView, downFrom node: UInt32) {
        let level = nodes[node].level
        let count = ScopeIndex.wayCount(code, program, at: level)
        if count == 0 && level >= 3 { keep(policy, at: node) }
        for index in 0..<count {
            let way = ScopeIndex.way(index, code, program, at: level)
            var child = self.child(of: node, way.first, level: level + 1)
            if let second = way.second { child = self.child(of: child, second, level: level + 1) }
            insert(policy, code, program, at: child)
        }
    }

    private mutating func remove(_ policy: UInt32, _ code: PolicyCode, _ program: PolicyView, at node: UInt32) {
        if !nodes[node].isSplit {
            drop(policy, at: node)
            return
        }
        let level = nodes[node].level
        let count = ScopeIndex.wayCount(code, program, at: level)
        if count == 0 { drop(policy, at: node) }
        for index in 0..<count {
            let way = ScopeIndex.way(index, code, program, at: level)
            var child = find(way.first, of: node)
            if let second = way.second { child = child.flatMap { find(second, of: $0) } }
            guard let child else { continue }
            remove(policy, code, program, at: child)
            takeOut(child, way.second ?? way.first)
            if way.second != nil, let between = find(way.first, of: node) { takeOut(between, way.first) }
        }
    }

    /// Takes a node out of the tree if nothing is left in it: what nobody asks for any more must not be asked for.
    private mutating func takeOut(_ node: UInt32, _ step: Step) {
        guard nodes[node].isEmpty else { return }
        let parent = nodes[node].parent
        nodes[parent].allChildren -= 1
        if step.kind == .any {
            nodes[parent].any = 0
        } else {
            children.remove(node, hash: ScopeIndex.hash(step.kind, step.hash, of: parent))
            if step.kind.isListed { unlink(node, from: parent) }
        }
        nodes[node].nextSibling = freeNodes
        freeNodes = node
    }

    private mutating func unlink(_ node: UInt32, from parent: UInt32) {
        let (previous, next) = (nodes[node].previousSibling, nodes[node].nextSibling)
        if previous == 0 { nodes[parent].firstChild = next } else { nodes[previous].nextSibling = next }
        if next != 0 { nodes[next].previousSibling = previous }
        nodes[parent].childCount -= 1
    }

    // MARK: Lists

    private mutating func keep(_ policy: UInt32, at node: UInt32) {
        nodes[node].policyCount += 1
        let head = nodes[node].policies
        if head != 0, !cells[head].isFull {
            cells[head].append(policy)
        } else if freeCells != 0 {
            nodes[node].policies = freeCells
            let next = cells[freeCells].next
            cells[freeCells] = Cell(policy, next: head)
            freeCells = next
        } else {
            nodes[node].policies = UInt32(truncatingIfNeeded: cells.count)
            cells.append(Cell(policy, next: head))
        }
    }

    private mutating func drop(_ policy: UInt32, at node: UInt32) {
        let head = nodes[node].policies
        var cell = head
        while cell != 0, !cells[cell].has(policy) { cell = cells[cell].next }
        guard cell != 0 else { return }
        nodes[node].policyCount -= 1
        // The last of the first cell takes its place, so that only the first cell has room.
        if let last = cells[head].popLast() {
            if last != policy { cells[cell].replace(policy, by: last) }
        } else {
            let last = cells[head].first
            if last != policy { cells[cell].replace(policy, by: last) }
            nodes[node].policies = cells[head].next
            free(head)
        }
    }

    private mutating func free(_ cell: UInt32) {
        cells[cell].next = freeCells
        freeCells = cell
    }

    // MARK: Ways down

    private struct Step: BitwiseCopyable {
        let kind: Kind
        let key: UInt32
        /// What the key is found by: itself, or the hash of the constant.
        let hash: UInt64

        init(_ kind: Kind, _ key: UInt32, hash: UInt64? = nil) {
            self.kind = kind
            self.key = key
            self.hash = hash ?? UInt64(key)
        }
    }

    /// One step down, or two for a case of a switch.
    private struct Way: BitwiseCopyable {
        let first: Step
        var second: Step?

        init(_ first: Step, _ second: Step? = nil) {
            self.first = first
            self.second = second
        }

        init(_ kind: Kind, _ key: UInt32 = 0) { self.init(Step(kind, key)) }
    }

    /// How many ways a policy is handed on from a level.
    private static func wayCount(_ code: PolicyCode, _ program: PolicyView, at level: UInt8) -> Int {
        switch level {
        case 0 where code.actionScope == .in:
            let count = program.operandCount(of: code.action)
            return count <= actionsListed ? count : 1
        case 0, 1, 2: return 1
        default: return Int(level) - 3 < program.operandCount(of: code.conditions) ? 1 : 0
        }
    }

    /// One of the ways on which a policy is handed on from a level.
    private static func way(_ index: Int, _ code: PolicyCode, _ program: PolicyView, at level: UInt8) -> Way {
        switch level {
        case 0:
            switch code.actionScope {
            // Actions asked for by `==` and by `in` stand together, as most have no groups: see `Machine.isActionAlone`.
            case .equal: return Way(.in, code.action)
            case .in where program.operandCount(of: code.action) <= actionsListed: return Way(.in, program.operand(code.action, index))
            case .in, .any, .is, .isIn: return Way(.any)
            }
        // Resources tend to have fewer ancestors than principals have groups.
        case 1: return way(code.resource)
        case 2: return way(code.principal)
        default:
            let condition = program.operand(code.conditions, Int(level) - 3)
            return switchWay(condition, program) ?? Way(.test, condition)
        }
    }

    private static func way(_ place: PolicyCode.Place) -> Way {
        switch place.scope {
        case .any: Way(.any)
        case .equal: Way(.equal, place.entity)
        case .in, .isIn: Way(.in, place.entity)
        case .is: Way(.is, place.type)
        }
    }

    /// The way of a condition `e == constant`.
    private static func switchWay(_ condition: UInt32, _ program: PolicyView) -> Way? {
        let instruction = program.instructions[condition]
        guard instruction.operation == .equal else { return nil }
        func constant(_ number: UInt32) -> FlatValue? {
            let instruction = program.instructions[number]
            return instruction.operation == .constant ? program.constants[instruction.first] : nil
        }
        for (value, other) in [(instruction.second, instruction.first), (instruction.first, instruction.second)] {
            let number = program.instructions[value].first
            guard let value = constant(value), let key = ScopeIndex.caseKey(value) else { continue }
            let step = key.kind == .constant ? Step(.constant, number, hash: key.hash) : Step(key.kind, value.number)
            return Way(Step(.switch, other), step)
        }
        return nil
    }

    /// How a value is looked for among the cases of a switch; `nil` where it is in none.
    @inline(__always)
    static func caseKey(_ value: FlatValue) -> (kind: Kind, hash: UInt64)? {
        switch value.tag {
        case .string: (.string, UInt64(value.number))
        case .entity: (.entity, UInt64(value.number))
        case .bool: (.bool, UInt64(value.number))
        case .long, .decimal, .datetime, .duration: (.constant, value.payload)
        case .ip: (.constant, ContentHash.of(UnsafeRawBufferPointer(start: value.block, count: 24)))
        default: nil
        }
    }

    // MARK: Children

    /// - Parameter key: the key; of a constant, its hash.
    static func hash(_ kind: Kind, _ key: UInt64, of parent: UInt32) -> UInt64 {
        ContentHash.combine(UInt64(parent) << 8 | UInt64(kind.rawValue), key)
    }

    private func find(_ step: Step, of parent: UInt32) -> UInt32? {
        if step.kind == .any { return nodes[parent].any == 0 ? nil : nodes[parent].any }
        return children.find(ScopeIndex.hash(step.kind, step.hash, of: parent)) {
            nodes[$0].parent == parent && nodes[$0].kind == step.kind && nodes[$0].key == step.key
        }
    }

    private mutating func child(of parent: UInt32, _ step: Step, level: UInt8) -> UInt32 {
        if let child = find(step, of: parent) { return child }
        let child = newNode(Node(parent: parent, key: step.key, kind: step.kind, level: level))
        nodes[parent].kinds |= 1 << UInt16(step.kind.rawValue)
        nodes[parent].allChildren += 1
        if step.kind == .any {
            nodes[parent].any = child
            return child
        }
        if step.kind.isListed {
            let next = nodes[parent].firstChild
            nodes[child].nextSibling = next
            if next != 0 { nodes[next].previousSibling = child }
            nodes[parent].firstChild = child
            nodes[parent].childCount += 1
        }
        children.insert(child, hash: ScopeIndex.hash(step.kind, step.hash, of: parent))
        return child
    }

    private mutating func newNode(_ node: Node) -> UInt32 {
        guard freeNodes != 0 else {
            nodes.append(node)
            return UInt32(truncatingIfNeeded: nodes.count - 1)
        }
        let number = freeNodes
        freeNodes = nodes[number].nextSibling
        nodes[number] = node
        return number
    }
}

extension ScopeIndex.Kind {
    /// Whether children of this kind stand in their parent's list.
    fileprivate var isListed: Bool {
        switch self {
        case .in, .test, .switch, .string, .entity, .bool, .constant: true
        case .root, .any, .equal, .is: false
        }
    }
}
