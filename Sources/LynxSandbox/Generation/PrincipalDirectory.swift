import LynxCedar

/// The numbers of the principals and groups that policies name: what a loader writes for a cgroup.
struct PrincipalDirectory {
    /// The principal with number n stands at place n - 1; 0 is every other.
    let principals: [EntityUID]
    /// The group with bit n stands at place n.
    let groups: [EntityUID]
    private let principalNumbers: [EntityUID: Int]
    private let groupNumbers: [EntityUID: Int]

    /// The words of a workload's bits (`GROUP_WORDS`).
    static let groupWords = 4
    private static let maximumGroups = 64 * groupWords

    /// - Parameter tests: with a policy that each is of.
    init(_ tests: [(Test, policy: Int)], _ joins: [Join]) throws(LookupPlan.Overload) {
        var principals: Set<EntityUID> = []
        var groups: Set<EntityUID> = []
        for (test, policy) in tests {
            switch test {
            case .principal(let uids): principals.formUnion(uids)
            case .group(let uids): groups.formUnion(uids)
            case .joined(let number):
                for case .principals(let classes) in joins[number].classes { principals.formUnion(classes.keys) }
                for end in joins[number].ends.values { groups.formUnion(end) }
            default: break
            }
            guard groups.count <= PrincipalDirectory.maximumGroups else {
                throw LookupPlan.Overload(
                    "with it the policies name more than the \(PrincipalDirectory.maximumGroups) groups that the kernel can tell apart",
                    suggestion: "put groups that are treated alike into one", policy: policy)
            }
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
