/// The answer to a request.
///
/// What the machine found is kept as places of policies, and with them the authorizer's policies and entities as they were: keep the
/// reasons and errors rather than the response where answers are kept for long.
public struct Response: Sendable {
    public let decision: Decision
    private let findings: Findings

    /// What the answer rests on. The machine's findings are places of policies, which become ids and errors when they are read.
    private enum Findings: Sendable {
        case none
        case given(reasons: [PolicyID], errors: [PolicyError])
        /// A single reason and no error: what most answers rest on.
        case reason(UInt32, SnapshotHandle)
        case found(FoundPolicies)
    }

    public init(decision: Decision, reasons: [PolicyID] = [], errors: [PolicyError] = []) {
        self.decision = decision
        findings = reasons.isEmpty && errors.isEmpty ? .none : .given(reasons: reasons, errors: errors)
    }

    /// The policies that decided, in the order of the set: for allow the satisfied permits, for deny the satisfied forbids, if any.
    ///
    /// `O(n)` in their number, each time.
    public var reasons: [PolicyID] {
        switch findings {
        case .none: []
        case .given(let reasons, errors: _): reasons
        case .reason(let place, let handle): handle.authorizerSnapshot?.ids(of: CollectionOfOne(place)) ?? []
        case .found(let found): found.reasons
        }
    }

    /// The policies that could not be evaluated, in the order of the set, each with its error.
    ///
    /// The errors are worked out when they are asked for, by evaluating these policies once more: keep what you read.
    public var errors: [PolicyError] {
        switch findings {
        case .none, .reason: []
        case .given(reasons: _, let errors): errors
        case .found(let found): found.errors
        }
    }
}

extension Response {
    /// Takes the machine's findings out of the scratch.
    static func taken(
        from scratch: UnsafeMutablePointer<Scratch>, _ snapshot: AuthorizerSnapshot, _ request: Request
    ) -> Response {
        let isForbidden = !scratch.pointee.forbids.isEmpty
        let decision: Decision = !isForbidden && !scratch.pointee.permits.isEmpty ? .allow : .deny
        let count = isForbidden ? scratch.pointee.forbids.count : scratch.pointee.permits.count
        guard scratch.pointee.errors.isEmpty, count <= 1 else {
            return Response(decision, .found(.taken(from: scratch, snapshot, request, isForbidden: isForbidden)))
        }
        guard count == 1 else { return Response(decision, .none) }
        let place = isForbidden ? scratch.pointee.forbids[0] : scratch.pointee.permits[0]
        return Response(decision, .reason(place, scratch.pointee.handle(of: snapshot)))
    }

    private init(_ decision: Decision, _ findings: Findings) {
        self.decision = decision
        self.findings = findings
    }
}

extension Response {
    /// Decides on the outcomes of policies, given in the order of their set: any satisfied forbid denies, otherwise any satisfied permit
    /// allows, otherwise the answer is deny.
    init(_ outcomes: some Sequence<(policy: Policy, outcome: PolicyOutcome)>) {
        var permits: [PolicyID] = []
        var forbids: [PolicyID] = []
        var errors: [PolicyError] = []
        for (policy, outcome) in outcomes {
            switch outcome {
            case .unsatisfied:
                break
            case .satisfied:
                switch policy.effect {
                case .permit: permits.append(policy.id)
                case .forbid: forbids.append(policy.id)
                }
            case .error(let error):
                errors.append(PolicyError(error, in: policy))
            case .residual(let residual):
                // Under a whole request nothing is left. Should that ever not hold, the answer is the safe one.
                let rest = Expression.and(residual.conditions.map(\.body))
                errors.append(PolicyError(EvaluationError(.unknown(rest)), in: policy))
                if policy.effect == .forbid { forbids.append(policy.id) }
            }
        }
        if !forbids.isEmpty {
            self.init(decision: .deny, reasons: forbids, errors: errors)
        } else if !permits.isEmpty {
            self.init(decision: .allow, reasons: permits, errors: errors)
        } else {
            self.init(decision: .deny, errors: errors)
        }
    }
}

extension Response: Hashable {
    public static func == (lhs: Response, rhs: Response) -> Bool {
        lhs.decision == rhs.decision && lhs.reasons == rhs.reasons && lhs.errors == rhs.errors
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(decision)
        hasher.combine(reasons)
        hasher.combine(errors)
    }
}
