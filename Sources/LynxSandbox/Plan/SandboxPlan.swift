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
        /// Whether it forbids sockets that are of no internet family.
        let forbidsOtherSockets: Bool
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
    /// Whether a policy that does not kill forbids system calls by name, which nothing can keep to.
    ///
    /// One that forbids all actions at once speaks of those that have a hook.
    let forbidsSystemCallsInVain: Bool

    /// The programs that some kernel takes which the plan is for.
    public func programs(of enforcement: Enforcement) -> [HookProgram] {
        enforcement.programs.filter { $0.before.map { kernel < $0 } ?? true }
    }

    /// Where those are attached, each place once, with the first kernel that has it.
    public func hooks(of enforcement: Enforcement) -> [(section: String, since: KernelVersion)] {
        var hooks: [(section: String, since: KernelVersion)] = []
        for program in programs(of: enforcement) {
            // A hook that only changed its shape has a program for each.
            if let place = hooks.firstIndex(where: { $0.section == program.section }) {
                hooks[place].since = min(hooks[place].since, program.since)
            } else {
                hooks.append((program.section, program.since))
            }
        }
        return hooks
    }

    /// The operations that policies speak of and that the plan's kernel cannot prevent, though later ones can.
    public var tooEarly: [(operation: Operation, since: KernelVersion)] {
        entries.compactMap { entry in
            let since = entry.enforcement.programs.filter { $0.use == .prevention }.map(\.since).min() ?? .oldest
            return entry.rules.isEmpty || since <= kernel ? nil : (entry.operation, since)
        }
    }

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
                policies: rule.policies.map { policies[$0].id },
                forbidsOtherSockets: rule.effect == .forbid && !rule.conjuncts.contains(where: \.isOfInternetSockets)
                    && rule.operations.contains(OperationSet(.createSocket)))
        }
        // A policy that reaches nothing else names system calls by their type, if not by the action.
        let speaksOfMore = Set(rules.filter { $0.operations.operations.contains { $0 != .systemCall } }.flatMap(\.policies))
        forbidsSystemCallsInVain = rules.contains { rule in
            guard rule.effect == .forbid, !rule.kills, rule.operations.contains(OperationSet(.systemCall)) else { return false }
            return rule.conjuncts.contains(where: \.asksForSystemCall)
                || rule.policies.contains { place in
                    let policy = policies[place]
                    return policy.action != .any || policy.conditions.contains { $0.body.mentions(.action) } || !speaksOfMore.contains(place)
                }
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
