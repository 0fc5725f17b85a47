import LynxCedar

/// What a compiled sandbox does: for each operation where it is stopped, how, by which policies, and what it is known not to see.
public struct SandboxPlan: Sendable {
    /// What is said of one operation.
    public struct Entry: Sendable {
        public let operation: Operation
        public let enforcement: Enforcement
        /// The rules that reach it, by number.
        public let rules: [Int]
        /// The policies that reach it, in the order of their set.
        public let policies: [PolicyID]
        /// Whether a policy may have the process killed.
        public let mayKill: Bool
    }

    /// A rule of the generated code; its number is what an event reports.
    public struct RuleSummary: Sendable {
        public let number: Int
        public let effect: Effect
        public let kills: Bool
        public let operations: [Operation]
        public let policies: [PolicyID]
    }

    public let kernel: KernelVersion
    public let entries: [Entry]
    public let rules: [RuleSummary]
    /// The principals that policies name: the first has number 1.
    public let principals: [EntityUID]
    /// The groups that policies name: the first has bit 0.
    public let groups: [EntityUID]
    /// The tables with the number of their entries.
    public let tables: [(name: String, kind: PolicyTable.Kind, entryCount: Int)]
    public let policyCount: Int
    /// Whether the policies include the base profile.
    public let isBaseIncluded: Bool
    /// What the validator found odd.
    public let warnings: [Diagnostic]

    init(
        _ rules: [Rule], policies: [Policy], lookups: LookupPlan, kernel: KernelVersion, isBaseIncluded: Bool, warnings: [Diagnostic]
    ) {
        policyCount = policies.count
        self.isBaseIncluded = isBaseIncluded
        self.kernel = kernel
        self.warnings = warnings
        principals = lookups.directory.principals
        groups = lookups.directory.groups
        tables = lookups.tables.map { ($0.name, $0.kind, $0.entries.count) }
        self.rules = rules.enumerated().map { index, rule in
            RuleSummary(
                number: index + 1, effect: rule.effect, kills: rule.kills, operations: rule.operations.operations,
                policies: rule.policies.map { policies[$0].id })
        }
        entries = Operation.allCases.map { operation in
            let reaching = rules.enumerated().filter { $0.element.operations.contains(OperationSet(operation)) }
            let places = Set(reaching.flatMap(\.element.policies)).sorted()
            let mayKill = reaching.contains { $0.element.kills }
            return Entry(
                operation: operation, enforcement: Enforcement(operation, kills: mayKill), rules: reaching.map { $0.offset + 1 },
                policies: places.map { policies[$0].id }, mayKill: mayKill)
        }
    }
}
