/// Who is a member of whom, among the types or the actions of a schema.
struct Hierarchy<Member: Hashable & Sendable>: Sendable {
    private var parents: [Member: [Member]] = [:]
    private var children: [Member: [Member]] = [:]

    init(_ members: some Sequence<(member: Member, parents: [Member])>) {
        for (member, parents) in members {
            self.parents[member] = parents
            for parent in parents { children[parent, default: []].append(member) }
        }
    }

    /// Everything that can be reached through parents. Without the member itself, unless it is its own ancestor.
    func ancestors(of member: Member) -> Set<Member> { Hierarchy.reachable(from: member, through: parents) }

    /// Everything that can be reached through children. Without the member itself, unless it is its own descendant.
    func descendants(of member: Member) -> Set<Member> { Hierarchy.reachable(from: member, through: children) }

    private static func reachable(from member: Member, through edges: [Member: [Member]]) -> Set<Member> {
        var reached: Set<Member> = []
        var pending = edges[member] ?? []
        while let next = pending.popLast() {
            guard reached.insert(next).inserted else { continue }
            pending.append(contentsOf: edges[next] ?? [])
        }
        return reached
    }

    /// Ways from members through their parents back to them, on each of which the same member is first and last.
    ///
    /// None exactly if no member is its own ancestor; not all where cycles have members in common, and no more than `limit`.
    /// Linear in the number of members and of their parents, with a further pass for each cycle, and no deeper in the stack
    /// for a longer way.
    func cycles(among members: some Sequence<Member>, limit: Int) -> [[Member]] {
        var cycles: [[Member]] = []
        // `true` while the search goes through the ancestors, `false` once all of them have been seen.
        var isOnPath: [Member: Bool] = [:]
        for start in members where isOnPath[start] == nil {
            isOnPath[start] = true
            var path: [(member: Member, rest: ArraySlice<Member>)] = [(start, (parents[start] ?? [])[...])]
            while var step = path.popLast() {
                guard let parent = step.rest.popFirst() else {
                    isOnPath[step.member] = false
                    continue
                }
                path.append(step)
                switch isOnPath[parent] {
                case true?:
                    cycles.append(Array(path.map(\.member).drop { $0 != parent }) + [parent])
                    if cycles.count == limit { return cycles }
                case false?: break
                case nil:
                    isOnPath[parent] = true
                    path.append((parent, (parents[parent] ?? [])[...]))
                }
            }
        }
        return cycles
    }
}

extension Schema {
    /// The types that ancestors of an entity of that type can be of. A type is among them when its entities can be members
    /// of one another.
    ///
    /// Linear in the number of those types and of the ``EntityType/memberOf`` of these.
    public func ancestors(ofEntityType name: Name) -> Set<Name> { entityTypeHierarchy.ancestors(of: name) }

    /// The types whose entities can be descendants of an entity of that type.
    public func descendants(ofEntityType name: Name) -> Set<Name> { entityTypeHierarchy.descendants(of: name) }

    /// All groups that an action is in, directly or through others; without itself.
    public func ancestors(ofAction uid: EntityUID) -> Set<EntityUID> { actionHierarchy.ancestors(of: uid) }

    /// All actions of a group, directly or through others; without itself.
    public func descendants(ofAction uid: EntityUID) -> Set<EntityUID> { actionHierarchy.descendants(of: uid) }
}
