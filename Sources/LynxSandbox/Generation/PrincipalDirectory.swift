import LynxCedar

/// The numbers of the principals and groups that policies name: what a loader writes for a cgroup.
struct PrincipalDirectory {
    /// The principal with number n stands at place n - 1; 0 is every other.
    let principals: [EntityUID]
    /// The group with bit n stands at place n.
    let groups: [EntityUID]
    private let principalNumbers: [EntityUID: Int]
    private let groupNumbers: [EntityUID: Int]

    /// The bits of a workload (`GROUP_WORDS`).
    private static let maximumGroups = 256

    init(_ tests: [Test]) throws(LookupPlan.Overload) {
        var principals: Set<EntityUID> = []
        var groups: Set<EntityUID> = []
        for test in tests {
            switch test {
            case .principal(let uids): principals.formUnion(uids)
            case .group(let uids): groups.formUnion(uids)
            default: break
            }
        }
        guard groups.count <= PrincipalDirectory.maximumGroups else {
            throw .groups(count: groups.count, limit: PrincipalDirectory.maximumGroups)
        }
        self.principals = principals.sorted()
        self.groups = groups.sorted()
        principalNumbers = Dictionary(uniqueKeysWithValues: self.principals.enumerated().map { ($0.element, $0.offset + 1) })
        groupNumbers = Dictionary(uniqueKeysWithValues: self.groups.enumerated().map { ($0.element, $0.offset) })
    }

    /// 0 for a principal that no policy names.
    func number(of principal: EntityUID) -> Int { principalNumbers[principal] ?? 0 }

    func number(ofGroup group: EntityUID) -> Int? { groupNumbers[group] }
}
