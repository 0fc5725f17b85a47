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

extension WorkloadRecord {
    /// How many groups fit (`struct workload`).
    private static let wordCount = 4

    /// - Parameters:
    ///   - entities: the store that says in which groups the principal is.
    ///   - principals: those that policies name; the first has number 1.
    ///   - groups: the same of groups; the first has bit 0.
    /// - Returns: `nil` when the principal is of no type that workloads have.
    init?(_ principal: EntityUID, entities: Entities, principals: [EntityUID], groups: [EntityUID]) {
        switch principal.type {
        case Principals.agent: type = 1
        case Principals.workload: type = 2
        default: return nil
        }
        let ancestors = entities.ancestors(of: principal)
        var words = Array(repeating: UInt64(0), count: WorkloadRecord.wordCount)
        for (bit, group) in groups.prefix(64 * words.count).enumerated() where ancestors.contains(group) { words[bit / 64] |= 1 << UInt64(bit % 64) }
        self.groups = words
        number = principals.firstIndex(of: principal).map { UInt32($0 + 1) } ?? 0
    }

    /// `struct workload` in event.h.
    func bytes(isAudited: Bool, generation: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: number)
        bytes.append(littleEndian: type)
        for word in groups { bytes.append(littleEndian: word) }
        bytes.append(littleEndian: UInt32(isAudited ? 1 : 0))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: generation))
        return bytes
    }
}

extension SandboxPlan {
    /// What is written for a principal.
    ///
    /// - Parameter entities: the store that says in which groups the principal is.
    /// - Returns: `nil` when the principal is of no type that workloads have.
    public func record(for principal: EntityUID, entities: Entities) -> WorkloadRecord? {
        WorkloadRecord(principal, entities: entities, principals: principals, groups: groups)
    }
}
