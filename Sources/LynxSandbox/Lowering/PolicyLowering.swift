import LynxCedar

/// Turns a policy set into rules: partial evaluation for each operation, then the decision form of what is left.
struct PolicyLowering {
    let policies: PolicySet
    /// With the schema's actions.
    let entities: Entities
    private(set) var rules: [Rule] = []
    private(set) var refusals: [Diagnostic] = []

    private let operations: [EntityUID: [Operation]]

    /// - Parameter entities: what literals refer to; the principals' places in their groups are asked for when a cgroup is attached.
    init(_ policies: PolicySet, entities: Entities, schema: Schema) {
        self.policies = policies
        self.entities = entities
        // An action or a group of them, with the operations that are in it.
        var operations: [EntityUID: [Operation]] = [:]
        for operation in Operation.allCases {
            for uid in [operation.action] + Array(entities.ancestors(of: operation.action)) {
                operations[uid, default: []].append(operation)
            }
        }
        self.operations = operations
        for (index, policy) in policies.policies.enumerated() { lower(policy, index) }
    }

    /// Operations for which an expression means the same.
    private struct Shape: Hashable {
        let kind: ResourceKind
        let extras: ContextExtras
        /// Where the resource itself is known.
        let operation: Operation?

        init(_ operation: Operation) {
            kind = operation.resourceKind
            extras = operation.contextExtras
            self.operation = operation.resourceKind == .facility ? operation : nil
        }
    }

    private mutating func lower(_ policy: Policy, _ index: Int) {
        let kills: Bool
        do throws(Refusal) {
            kills = try policy.kills
        } catch {
            refusals.append(error.diagnostic(in: policy))
            return
        }
        let asksForAction = policy.conditions.contains { $0.body.mentions(.action) }
        var outcomes: [EntityUID?: PolicyOutcome] = [:]
        // One entry a shape, or an operation where the policy asks for the action.
        var shapes: [(shape: Shape, operations: OperationSet, result: Result<Formula, Refusal>)] = []
        for operation in governed(by: policy.action) {
            let shape = Shape(operation)
            // What is left depends on the action only where the policy asks for it, and the resource only where that is known.
            if !asksForAction, let place = shapes.firstIndex(where: { $0.shape == shape }) {
                shapes[place].operations.formUnion(OperationSet(operation))
                continue
            }
            let key = asksForAction || shape.operation != nil ? operation.action : nil
            let outcome = outcomes[key] ?? evaluator(for: operation).evaluate(policy)
            outcomes[key] = outcome
            shapes.append((shape, OperationSet(operation), formula(outcome, shape, operation)))
        }
        var reported: Set<Refusal> = []
        for (_, operations, result) in shapes {
            switch result {
            case .success(let formula):
                add(formula, Rule(effect: policy.effect, kills: kills, operations: operations, conjuncts: [], policies: [index]))
            case .failure(let refusal):
                if reported.insert(refusal).inserted { refusals.append(refusal.diagnostic(in: policy)) }
            }
        }
    }

    /// The operations that a scope reaches, in the order of their numbers.
    private func governed(by constraint: ActionConstraint) -> [Operation] {
        switch constraint {
        case .any: Operation.allCases
        // An action group is no operation.
        case .equal(let uid): (operations[uid] ?? []).filter { $0.action == uid }
        case .in(let uids):
            uids.count == 1
                ? operations[uids[0]] ?? []
                : Array(Set(uids.flatMap { operations[$0] ?? [] })).sorted { $0.rawValue < $1.rawValue }
        }
    }

    private func evaluator(for operation: Operation) -> PartialEvaluator {
        PartialEvaluator(
            request: PartialRequest(
                principal: .unknown(), action: .known(operation.action),
                resource: operation.resourceKind == .facility
                    ? .known(EntityUID(type: operation.resourceKind.type, id: CedarString(operation.description))) : .unknown(),
                context: .unknown,
                // What is in no store may still be in the kernel's world, or be bound later.
                unknownEntities: .missing),
            entities: entities)
    }

    private func formula(_ outcome: PolicyOutcome, _ shape: Shape, _ operation: Operation) -> Result<Formula, Refusal> {
        switch outcome {
        case .satisfied: return .success(.always)
        case .unsatisfied, .error: return .success(.never)
        case .residual(let policy):
            let lowering = FormulaLowering(kind: shape.kind, extras: shape.extras, evaluator: evaluator(for: operation))
            do throws(Refusal) {
                return .success(try lowering.formula(for: policy))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Adds a rule for each alternative of a formula.
    private mutating func add(_ formula: Formula, _ rule: Rule) {
        switch formula {
        case .never:
            break
        case .any(let alternatives):
            for alternative in alternatives { add(alternative, rule) }
        case .all(let conjuncts):
            var rule = rule
            rule.conjuncts = Set(conjuncts)
            rules.append(rule)
        case .always:
            rules.append(rule)
        case .test, .not:
            var rule = rule
            rule.conjuncts = [formula]
            rules.append(rule)
        }
    }
}

extension Policy {
    /// Whether it is annotated `@enforce("kill")`.
    fileprivate var kills: Bool {
        get throws(Refusal) {
            guard let annotation = annotations.first(where: { $0.key == "enforce" }) else { return false }
            guard annotation.value == "kill" else {
                throw Refusal(
                    "`@enforce` takes `\"kill\"`", suggestion: "write `@enforce(\"kill\")`, or leave the annotation out", at: annotation.span)
            }
            guard effect == .forbid else {
                throw Refusal("only a forbid can kill", suggestion: "leave the annotation out", at: annotation.span)
            }
            return true
        }
    }
}
