import LynxCedar

/// Sandbox policies, compiled: C code that decides on an event, and what its tables hold.
public struct SandboxProgram: Sendable {
    /// The generated header, which defines `decide`.
    public let header: String
    /// What the loader fills the maps with.
    public let tables: [PolicyTable]
    public let plan: SandboxPlan
    /// The policies that are enforced: those that were given, and the base profile where one of them includes it.
    public let policies: PolicySet
    private let rules: [Rule]

    /// What seccomp can carry of the policies: a profile of the OCI runtime specification.
    public var seccompProfile: JSONValue { SeccompProfile(rules).json }

    /// Validates and lowers policies.
    ///
    /// - Parameters:
    ///   - given: policies against ``SandboxSchema``.
    ///   - entities: what literals in conditions refer to. The groups of principals are asked for when these are attached.
    ///   - kernel: the oldest kernel that is to run the program.
    /// - Throws: ``SandboxError``: policies that are not valid, or cannot be enforced exactly. All of them are reported.
    public init(
        _ given: PolicySet, entities: Entities = Entities(), kernel: KernelVersion = .oldest
    ) throws(SandboxError) {
        let schema: Schema
        let known: Entities
        do {
            schema = try SandboxSchema.schema()
            known = try entities.merging(schema.actionEntities.filter { !entities.contains($0.uid) })
        } catch {
            throw SandboxError([Diagnostic("the sandbox schema does not fit: \(error)")], isValidation: true)
        }
        let (policies, isBaseIncluded) = try BaseProfile.included(in: given)
        self.policies = policies
        let report = Validator(schema).validate(policies)
        guard report.passed else { throw SandboxError(report.errors.map(\.diagnostic), isValidation: true) }
        guard policies.templates.isEmpty || !policies.policies.isEmpty else {
            throw SandboxError([Diagnostic("there are templates and no policy", help: "link them")], isValidation: false)
        }

        let lowering = PolicyLowering(policies, entities: known, schema: schema)
        guard lowering.refusals.isEmpty else { throw SandboxError(lowering.refusals, isValidation: false) }
        let joining = RuleJoining(RuleMerging(lowering.rules).rules)
        let rules = joining.rules
        self.rules = rules
        let ordered = Array(policies.policies)
        let lookups: LookupPlan
        do throws(LookupPlan.Overload) {
            lookups = try LookupPlan(rules, joining.joins)
        } catch {
            throw SandboxError([error.diagnostic(of: ordered)], isValidation: false)
        }
        header = DecideHeader(rules, policies: ordered, plan: lookups).text
        tables = lookups.tables
        plan = SandboxPlan(
            rules, policies: ordered, lookups: lookups, kernel: kernel, isBaseIncluded: isBaseIncluded,
            warnings: report.warnings.map(\.diagnostic))
    }
}

/// Why policies could not be compiled for the kernel.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// Never empty.
    public let diagnostics: [Diagnostic]
    /// Whether the policies do not conform to the schema; otherwise they do, but the kernel cannot do what they say.
    public let isValidation: Bool

    init(_ diagnostics: [Diagnostic], isValidation: Bool) {
        self.diagnostics = diagnostics
        self.isValidation = isValidation
    }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

extension LookupPlan.Overload {
    fileprivate func diagnostic(of policies: [Policy]) -> Diagnostic {
        guard policies.indices.contains(policy) else {
            return Diagnostic("this cannot be enforced exactly: \(reason)", help: suggestion, code: "sandbox-refusal")
        }
        return Refusal(reason, suggestion: suggestion, at: policies[policy].span).diagnostic(in: policies[policy])
    }
}
