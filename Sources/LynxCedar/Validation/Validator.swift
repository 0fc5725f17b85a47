import OrderedCollections

/// Checks policies against a schema, before any request is decided by them.
///
/// A policy set that passes strict validation has no errors in the evaluation of requests that conform to the schema, but for
/// arithmetic overflow and for attributes and tags of entities that are missing from the entities. (Language reference, "Policy
/// validation".)
///
///     let report = Validator(schema).validate(policies)
///     for finding in report.errors { print(finding.diagnostic) }
public struct Validator: Sendable {
    public let schema: Schema
    public let mode: Mode
    /// How far policies may go from the entities of the request (RFC 76); `nil` for any distance.
    public let level: Int?
    /// The parts of the language that policies are checked in.
    public let features: LanguageFeatures

    public enum Mode: String, CaseIterable, Hashable, Sendable {
        /// What can be compared, put into one set or come of one `if` must be of one type.
        case strict
        /// Types may differ where values are compared or put together; operands must still fit, and what may be missing be tested for.
        case permissive
    }

    public init(_ schema: Schema, mode: Mode = .strict, level: Int? = nil, features: LanguageFeatures = []) {
        self.schema = schema
        self.mode = mode
        self.level = level
        self.features = features
    }

    /// Checks all policies, templates and links.
    ///
    /// Takes time in the sizes of the policies, each times the number of request environments that its scope leaves; environments
    /// that the scope rules out cost nothing. Takes memory in the size of one policy and of what is found.
    public func validate(_ policies: PolicySet) -> ValidationReport {
        var findings: [ValidationFinding] = []
        for template in policies.templates { findings += self.findings(in: template) }
        for policy in policies.policies {
            if let link = policy.link {
                var checker = ScopeChecker(schema)
                checker.check(link: policy, link)
                findings += checker.faults.map { finding($0, in: policy) }
            } else {
                findings += self.findings(in: policy)
            }
        }
        return ValidationReport(
            errors: findings.filter { $0.kind.rule.severity == .error },
            warnings: findings.filter { $0.kind.rule.severity == .warning })
    }

    private func findings<Reference>(in policy: PolicyStatement<Reference>) -> [ValidationFinding] {
        var scopeChecker = ScopeChecker(schema)
        scopeChecker.check(policy)
        var typeFaults = typeFaults(in: policy)
        // A policy that names what is not there, or to which no action applies, can hardly be true; to say so would tell nothing new.
        if !scopeChecker.faults.isEmpty { typeFaults.removeAll { $0.kind == .impossiblePolicy } }
        let faults = scopeChecker.faults + typeFaults + SuspiciousTexts(in: policy).faults
        let ordered = faults.enumerated().sorted {
            let (lhs, rhs) = ($0.element.span?.lowerBound ?? 0, $1.element.span?.lowerBound ?? 0)
            return lhs == rhs ? $0.offset < $1.offset : lhs < rhs
        }
        return ordered.map { finding($0.element, in: policy) }
    }

    func finding<Reference>(_ fault: TypeChecker.Fault, in policy: PolicyStatement<Reference>) -> ValidationFinding {
        ValidationFinding(policy: policy.id, kind: fault.kind, span: fault.span, source: policy.source)
    }

    /// What is wrong with the types, in all environments that the scope leaves.
    private func typeFaults<Reference>(in policy: PolicyStatement<Reference>) -> [TypeChecker.Fault] {
        let impossible = TypeChecker.Fault(kind: .impossiblePolicy, span: policy.span)
        var environments = schema.environments(of: policy, mode: mode).makeIterator()
        guard let first = environments.next() else { return [impossible] }
        var checker = TypeChecker(
            PolicyTerms(policy), schema: SchemaTypes(schema, features: features), mode: mode, environment: first)
        var levelFaults = OrderedSet<TypeChecker.Fault>()
        var isEverTrue = false
        // Environments with the same types are the same to a policy that does not ask for the action. One where nothing is wrong stands for
        // them; where something is, the finding may name the action.
        let asksForAction = level != nil || policy.conditions.contains { $0.body.mentions(.action) }
        var faultless: [RequestEnvironment] = []
        var next: RequestEnvironment? = first
        while let environment = next {
            if !asksForAction, faultless.contains(where: environment.hasTypes(of:)) {
                next = environments.next()
                continue
            }
            checker.environment = environment
            let faultCount = checker.faults.count
            let verdict = checker.check()
            if checker.faults.count == faultCount, verdict.hasTypes { faultless.append(environment) }
            if case .neverTrue = verdict {} else { isEverTrue = true }
            if let level, verdict.hasTypes {
                var levels = LevelChecker(checker, allowed: level)
                levels.check()
                levelFaults.append(contentsOf: levels.faults)
            }
            next = environments.next()
        }
        return checker.faults + levelFaults + (isEverTrue ? [] : [impossible])
    }
}

extension TypeChecker.Verdict {
    /// Whether what the checker knows of the terms can be relied on.
    fileprivate var hasTypes: Bool {
        if case .illTyped = self { false } else { true }
    }
}

extension RequestEnvironment {
    /// Whether principal, resource and context are of the same types as in another environment.
    fileprivate func hasTypes(of other: RequestEnvironment) -> Bool {
        principal == other.principal && resource == other.resource && action.context == other.action.context
    }
}
