/// An operation that a kernel does not prevent, and why.
public struct EnforcementGap: Hashable, Sendable {
    /// `nil` for what keeps workloads inside whatever their policies say.
    public let operation: Operation?
    /// A clause, such as `this kernel has no hook lsm/key_alloc`.
    public let reason: String

    public init(operation: Operation?, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    /// The gaps in a line for each reason.
    public static func lines(_ gaps: [EnforcementGap]) -> [String] {
        var reasons: [String] = []
        var names: [String: [String]] = [:]
        for gap in gaps {
            if names[gap.reason] == nil { reasons.append(gap.reason) }
            names[gap.reason, default: []].append(gap.operation?.description ?? "ways out of the cgroup")
        }
        return reasons.map { "\(names[$0, default: []].joined(separator: ", ")): \($0)" }
    }
}

extension Operation {
    /// - Parameter name: the action's id.
    init?(named name: String) {
        guard let found = Operation.allCases.first(where: { $0.description == name }) else { return nil }
        self = found
    }
}
