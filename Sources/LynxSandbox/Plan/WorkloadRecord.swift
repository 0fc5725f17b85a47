import LynxCedar

/// What the loader writes for a cgroup: who it stands for, in the plan's numbers (`struct workload`).
public struct WorkloadRecord: Hashable, Sendable {
    /// 0 for a principal that no policy names.
    public let number: UInt32
    /// `enum workload_type`
    public let type: UInt32
    /// Bit n: in the plan's group n, at whatever distance.
    public let groups: [UInt64]

    public init(number: UInt32, type: UInt32, groups: [UInt64]) {
        self.number = number
        self.type = type
        self.groups = groups
    }
}

extension SandboxPlan {
    /// What is written for a principal.
    ///
    /// - Parameter entities: the store that says in which groups the principal is.
    /// - Returns: `nil` when the principal is of no type that workloads have.
    public func record(for principal: EntityUID, entities: Entities) -> WorkloadRecord? {
        let type: UInt32
        switch principal.type {
        case Principals.agent: type = 1
        case Principals.workload: type = 2
        default: return nil
        }
        let ancestors = entities.ancestors(of: principal)
        var words = Array(repeating: UInt64(0), count: 4)
        for (bit, group) in groups.enumerated() where ancestors.contains(group) { words[bit / 64] |= 1 << UInt64(bit % 64) }
        let number = principals.firstIndex(of: principal).map { UInt32($0 + 1) } ?? 0
        return WorkloadRecord(number: number, type: type, groups: words)
    }
}
