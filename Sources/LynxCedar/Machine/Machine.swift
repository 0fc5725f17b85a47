/// Decides one request by a program.
///
/// Nothing here counts references or allocates: values are 16 bytes, what they point to lies in the snapshot or in the thread's
/// ``Scratch``, and both outlive the machine.
struct Machine {
    let snapshot: UnsafePointer<SnapshotView>
    let scratch: UnsafeMutablePointer<Scratch>
    let action: Participant
    let principal: Participant
    let resource: Participant
    let context: UnsafeBufferPointer<Record.Attribute>
    /// Whether the action is in no group: then being found by `in` shows that it is the one that a policy names.
    private let isActionAlone: Bool

    /// The principal, the action or the resource of the request.
    struct Participant {
        let value: FlatValue
        /// The entity's number, or the highest there is for one that nothing in the snapshot mentions.
        let number: UInt32
        /// The symbol of the type, or the highest there is.
        let type: UInt32

        init(_ uid: EntityUID, _ snapshot: UnsafePointer<SnapshotView>, _ scratch: UnsafeMutablePointer<Scratch>) {
            guard let number = snapshot.pointee.numbers.entity(uid) else {
                self = Participant.unnumbered(uid, snapshot.pointee.numbers, scratch)
                return
            }
            self.init(value: .entity(number), number: number, type: snapshot.pointee.numbers.keys.address(number).pointee.type)
        }

        private init(value: FlatValue, number: UInt32, type: UInt32) {
            self.value = value
            self.number = number
            self.type = type
        }

        @inline(never)
        private static func unnumbered(
            _ uid: EntityUID, _ numbers: RequestNumbers, _ scratch: UnsafeMutablePointer<Scratch>
        ) -> Participant {
            var numbers = numbers
            var writer = FlatWriter(into: scratch.pointee.allocate(byteCount: FlatSize.of(uid)))
            let value = writer.write(uid, &numbers)
            return Participant(value: value, number: .max, type: numbers.symbol(uid.type.description) ?? .max)
        }
    }

    /// The scratch's decision must have begun: what has no number is written there.
    init(
        _ snapshot: UnsafePointer<SnapshotView>, _ request: Request, context: UnsafeBufferPointer<Record.Attribute>,
        _ scratch: UnsafeMutablePointer<Scratch>
    ) {
        self.snapshot = snapshot
        self.scratch = scratch
        self.context = context
        principal = Participant(request.principal, snapshot, scratch)
        action = Participant(request.action, snapshot, scratch)
        resource = Participant(request.resource, snapshot, scratch)
        isActionAlone = (snapshot.pointee.entities.row(action.number)?.pointee.parentCount ?? 0) == 0
    }

    @inline(__always)
    var program: ProgramView { snapshot.pointee.program }

    @inline(__always)
    var entities: EntityView { snapshot.pointee.entities }

    @inline(__always)
    var numbers: RequestNumbers { snapshot.pointee.numbers }

    /// Where walks up the hierarchy are made.
    var walk: UnsafeMutablePointer<HierarchyWalk> { scratch.pointee.walk }

    /// Finds the policies that count, into the scratch.
    func decide() { visit(0) }

    // MARK: The index

    private func visit(_ number: UInt32) {
        let node = program.nodes.address(number)
        guard node.pointee.isSplit else {
            list(node)
            return
        }
        switch node.pointee.level {
        case 0: visitChildren(of: number, node, for: action)
        case 1: visitChildren(of: number, node, for: resource)
        case 2: visitChildren(of: number, node, for: principal)
        default:
            list(node)
            visitConditions(of: number, node)
        }
    }

    private func visitChildren(of number: UInt32, _ node: UnsafePointer<ScopeIndex.Node>, for participant: Participant) {
        if node.pointee.any != 0 { visit(node.pointee.any) }
        if node.pointee.has(.is), participant.type != .max, let child = program.child(of: number, .is, participant.type) { visit(child) }
        // What a policy names has a number.
        guard participant.number != .max else { return }
        if node.pointee.has(.equal), let child = program.child(of: number, .equal, participant.number) { visit(child) }
        guard node.pointee.has(.in) else { return }
        if let child = program.child(of: number, .in, participant.number) { visit(child) }
        guard let row = entities.row(participant.number), row.pointee.parentCount > 0 else { return }
        if node.pointee.childCount <= 8 || Int(node.pointee.childCount) < entities.ancestorCount(participant.number, row) {
            visitGroups(of: node, with: participant.number)
        } else {
            visitAncestors(of: number, node, participant.number)
        }
    }

    private static let lookedUpTogether = 8

    /// Visits the children by `in` whose entity is an ancestor, by looking at each child.
    private func visitGroups(of node: UnsafePointer<ScopeIndex.Node>, with participant: UInt32) {
        var child = node.pointee.firstChild
        while child != 0 {
            let group = program.nodes.address(child)
            if group.pointee.key != participant, entities.isMember(participant, of: group.pointee.key, walk) { visit(child) }
            child = group.pointee.nextSibling
        }
    }

    /// The same by looking at each ancestor.
    private func visitAncestors(of number: UInt32, _ node: UnsafePointer<ScopeIndex.Node>, _ participant: UInt32) {
        // The list is made once a request, and not touched by what is visited: that is about other participants.
        var ancestors = scratch.pointee.ancestors(of: participant, as: node.pointee.level, in: entities)[...]
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Machine.lookedUpTogether) { children in
            // First all are found and then all are visited: what finding one waits for in memory does not wait for what is done with another.
            while !ancestors.isEmpty {
                var count = 0
                for ancestor in ancestors.prefix(children.count) {
                    guard let child = program.child(of: number, .in, ancestor) else { continue }
                    children.initializeElement(at: count, to: child)
                    count += 1
                }
                for index in 0..<count { visit(children[index]) }
                ancestors = ancestors.dropFirst(children.count)
            }
        }
    }

    private func visitConditions(of number: UInt32, _ node: UnsafePointer<ScopeIndex.Node>) {
        var child = node.pointee.firstChild
        while child != 0 {
            let group = program.nodes.address(child)
            let value = value(of: group.pointee.key)
            if value.isError {
                fail(child)
            } else if group.pointee.kind == .switch {
                if let match = program.child(of: child, for: value) { visit(match) }
            } else if value.isTrue {
                visit(child)
            } else if !value.isFalse {
                fail(child)
            }
            child = group.pointee.nextSibling
        }
    }

    // MARK: Policies

    private func list(_ node: UnsafePointer<ScopeIndex.Node>) {
        var cell = node.pointee.policies
        while cell != 0 {
            let entry = program.cells.address(cell)
            entry.pointee.forEach { check($0, from: node.pointee.level) }
            cell = entry.pointee.next
        }
    }

    /// Whether what the way through the index has not shown of a policy's scope holds.
    @inline(__always)
    private func isInScope(_ code: UnsafePointer<PolicyCode>, from level: UInt8) -> Bool {
        level >= code.pointee.shownFrom && isActionAlone || isWholeScope(code, from: level)
    }

    private func isWholeScope(_ code: UnsafePointer<PolicyCode>, from level: UInt8) -> Bool {
        // What the way here has shown least comes first; a list of actions lies elsewhere in memory.
        guard isInScope(code.pointee.principal, principal, isShown: level > 2), isInScope(code.pointee.resource, resource, isShown: level > 1)
        else { return false }
        switch code.pointee.actionScope {
        case .equal: return action.number == code.pointee.action
        case .in: return isActionIn(code.pointee.action, from: level)
        case .any, .is, .isIn: return true
        }
    }

    private func isActionIn(_ list: UInt32, from level: UInt8) -> Bool {
        let count = program.operands[list]
        // Longer lists are not in the index: see `ScopeIndex.actionsListed`.
        if level > 0 && count <= UInt32(ScopeIndex.actionsListed) { return true }
        guard action.number != .max else { return false }
        for index in 0..<count where program.operands[list + 1 + index] == action.number { return true }
        guard let row = entities.row(action.number), row.pointee.parentCount > 0 else { return false }
        for index in 0..<count where entities.isMember(action.number, of: program.operands[list + 1 + index], walk) { return true }
        return false
    }

    private func isInScope(_ place: PolicyCode.Place, _ participant: Participant, isShown: Bool) -> Bool {
        switch place.scope {
        case .any: true
        case .equal: isShown || participant.number == place.entity
        case .is: isShown || participant.type == place.type
        case .in: isShown || isMember(participant, of: place.entity)
        case .isIn: participant.type == place.type && (isShown || isMember(participant, of: place.entity))
        }
    }

    private func isMember(_ participant: Participant, of entity: UInt32) -> Bool {
        participant.number != .max && entities.isMember(participant.number, of: entity, walk)
    }

    private func check(_ policy: UInt32, from level: UInt8) {
        let code = program.policies.address(policy)
        guard isInScope(code, from: level) else { return }
        if code.pointee.isInterpreted {
            scratch.pointee.interpreted.append(policy)
            return
        }
        let count = program.operands[code.pointee.conditions]
        var index = level > 3 ? UInt32(level - 3) : 0
        while index < count {
            let value = value(of: program.operands[code.pointee.conditions + 1 + index])
            guard value.isTrue else {
                if !value.isFalse { scratch.pointee.errors.append(policy) }
                return
            }
            index += 1
        }
        if code.pointee.isForbid { scratch.pointee.forbids.append(policy) } else { scratch.pointee.permits.append(policy) }
    }

    /// Notes all policies below a node as errors: the condition that they share is one.
    private func fail(_ number: UInt32) {
        let node = program.nodes.address(number)
        var cell = node.pointee.policies
        while cell != 0 {
            let entry = program.cells.address(cell)
            entry.pointee.forEach { policy in
                if isInScope(program.policies.address(policy), from: node.pointee.level) { scratch.pointee.errors.append(policy) }
            }
            cell = entry.pointee.next
        }
        var child = node.pointee.firstChild
        while child != 0 {
            fail(child)
            child = program.nodes.address(child).pointee.nextSibling
        }
    }
}
