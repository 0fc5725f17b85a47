import LynxCedar

/// Tries policies out on random cases and keeps what is worth telling.
struct FuzzRun {
    let schema: Schema
    let features: LanguageFeatures
    private(set) var policies: [PolicyUnderTest]
    /// The other set, where there is one to compare with.
    private(set) var others: [PolicyUnderTest]?
    private(set) var faults: [Fault] = []
    private(set) var differences: [Difference] = []
    /// How many cases the sets decided differently.
    private(set) var differenceCount = 0
    private let generator: FuzzCaseGenerator
    /// The sets as users decide by them: the first, and the other one where there is one.
    private let authorizer: Authorizer
    private let otherAuthorizer: Authorizer?
    /// The policies that only one of the sets has, by their place in both one after the other: where the sets differ, it is here.
    private let changed: [Int]

    /// An error that a policy of the set can have.
    struct Fault {
        let policy: Policy
        let error: EvaluationError
        var count = 1
        var witness: FuzzCase
    }

    /// A way in which the sets differ.
    struct Difference {
        let answer: Answer
        let other: Answer
        var count = 1
        var witness: FuzzCase
    }

    /// What a set of policies says to a case.
    struct Answer: Hashable {
        let decision: Decision
        let reasons: [PolicyID]

        fileprivate init(_ response: Response) {
            decision = response.decision
            reasons = response.reasons
        }
    }

    /// How many errors and how many differences are kept, each with a case that shows it.
    private static let maximumFindings = 20

    /// - Throws: when the schema foresees no request.
    init(_ policies: PolicySet, against others: PolicySet?, schema: Schema, features: LanguageFeatures) throws(Failure) {
        let validator = Validator(schema, features: features)
        var literals = LiteralPool()
        for policy in policies.policies { literals.add(policy) }
        for policy in others?.policies.map({ $0 }) ?? [] { literals.add(policy) }
        guard let generator = FuzzCaseGenerator(schema, literals: literals) else {
            throw Failure("the schema foresees no request: no action applies to a principal and a resource")
        }
        guard let actions = try? Entities(schema.actionEntities) else {
            throw Failure("an action of the schema is its own ancestor")
        }
        self.schema = schema
        self.features = features
        self.generator = generator
        authorizer = Authorizer(policies: policies, entities: actions, features: features)
        otherAuthorizer = others.map { Authorizer(policies: $0, entities: actions, features: features) }
        self.policies = policies.policies.map { PolicyUnderTest($0, validator: validator) }
        self.others = others.map { $0.policies.map { PolicyUnderTest($0, validator: validator) } }
        changed = others.map { FuzzRun.changed(policies, $0) } ?? []
    }

    private static func changed(_ policies: PolicySet, _ others: PolicySet) -> [Int] {
        let contents = (Set(policies.policies), Set(others.policies))
        let first = policies.policies.enumerated().filter { !contents.1.contains($0.element) }.map(\.offset)
        let second = others.policies.enumerated().filter { !contents.0.contains($0.element) }.map(\.offset)
        return first + second.map { $0 + policies.policies.count }
    }

    /// Tries one more case.
    mutating func tryCase(_ random: inout SeededRandom) {
        guard let fuzzCase = generator.makeCase(for: target(&random), &random),
            let evaluator = fuzzCase.evaluator(schema: schema, features: features), let response = fuzzCase.response(of: authorizer)
        else { return }
        let errors = response.errors
        FuzzRun.note(response, errors, evaluator, in: &policies)
        for error in errors { note(error, fuzzCase) }
        guard var others, let other = otherAuthorizer.flatMap({ fuzzCase.response(of: $0) }) else { return }
        // Out of the property while it changes, so that the change is made in place.
        self.others = []
        FuzzRun.note(other, other.errors, evaluator, in: &others)
        self.others = others
        if response.decision != other.decision { note(Answer(response), Answer(other), fuzzCase) }
    }

    /// Mostly a policy that has something left to show.
    private func target(_ random: inout SeededRandom) -> PolicyUnderTest? {
        if random.chance(50), let index = random.any(of: changed) { return policy(at: index) }
        let count = policies.count + (others?.count ?? 0)
        var choice = policy(at: random.below(count))
        for _ in 0..<5 where (choice?.satisfied ?? 0) > 10 && random.chance(80) { choice = policy(at: random.below(count)) }
        return choice
    }

    private func policy(at index: Int) -> PolicyUnderTest? {
        if index < policies.count { return policies[index] }
        guard let others, index - policies.count < others.count else { return nil }
        return others[index - policies.count]
    }
}

extension FuzzRun {
    /// Notes what each policy came to, and follows the conditions of those whose scope matched.
    ///
    /// - Parameter errors: those of the response, which works them out anew each time.
    private static func note(
        _ response: Response, _ errors: [PolicyError], _ evaluator: PartialEvaluator, in policies: inout [PolicyUnderTest]
    ) {
        let (reasons, failed) = (Set(response.reasons), Set(errors.map(\.policy)))
        for index in policies.indices {
            guard evaluator.evaluate(policies[index].scope) == .satisfied else { continue }
            let policy = policies[index].policy
            policies[index].matched += 1
            policies[index].branches.note(evaluator)
            if failed.contains(policy.id) {
                policies[index].failed += 1
            } else if reasons.contains(policy.id) || isPassedOver(policy, response) && evaluator.evaluate(policy) == .satisfied {
                policies[index].satisfied += 1
            }
        }
    }

    /// Whether a response says nothing of the policy even if it is satisfied: a permit where something forbids.
    private static func isPassedOver(_ policy: Policy, _ response: Response) -> Bool {
        policy.effect == .permit && response.decision == .deny
    }

    private mutating func note(_ error: PolicyError, _ fuzzCase: FuzzCase) {
        if let index = faults.firstIndex(where: { $0.policy.id == error.policy && $0.error.isLike(error.error) }) {
            faults[index].count += 1
            return
        }
        guard faults.count < FuzzRun.maximumFindings, let policy = authorizer.policies.policy(error.policy) else { return }
        let authorizer = authorizer
        func shown(by fuzzCase: FuzzCase) -> EvaluationError? {
            fuzzCase.response(of: authorizer)?.errors.first { $0.policy == error.policy }?.error
        }
        let shrinker = CaseShrinker(schema: schema) { shown(by: $0)?.isLike(error.error) == true }
        let witness = shrinker.shrink(fuzzCase)
        // The message of the smaller case is the one to tell: it names what is in it.
        guard let shown = shown(by: witness) else { return }
        faults.append(Fault(policy: policy, error: shown, witness: witness))
    }

    private mutating func note(_ answer: Answer, _ other: Answer, _ fuzzCase: FuzzCase) {
        differenceCount += 1
        if let index = differences.firstIndex(where: { $0.answer == answer && $0.other == other }) {
            differences[index].count += 1
            return
        }
        guard differences.count < FuzzRun.maximumFindings, let otherAuthorizer else { return }
        let authorizers = [authorizer, otherAuthorizer]
        func responses(to fuzzCase: FuzzCase) -> [Response] { authorizers.compactMap { fuzzCase.response(of: $0) } }
        let errors = responses(to: fuzzCase).map { FuzzRun.labels($0.errors) }
        let shrinker = CaseShrinker(schema: schema) { smaller in
            let responses = responses(to: smaller)
            // A case in which the sets differ for want of an entity would show something else.
            return responses.map(Answer.init) == [answer, other]
                && zip(responses, errors).allSatisfy { FuzzRun.labels($0.errors).isSubset(of: $1) }
        }
        differences.append(Difference(answer: answer, other: other, witness: shrinker.shrink(fuzzCase)))
    }

    private static func labels(_ errors: [PolicyError]) -> Set<String> {
        Set(errors.map { "\($0.policy): \($0.error.kind.label)" })
    }
}

extension EvaluationError {
    /// Whether it is of the same kind and at the same place, whatever entity or value it is about.
    fileprivate func isLike(_ other: EvaluationError) -> Bool {
        span == other.span && kind.label == other.kind.label
    }
}

extension EvaluationError.Kind {
    fileprivate var label: String {
        switch self {
        case .type: "type"
        case .entityMissing: "entity"
        case .attributeMissing(let name, _, _, _): "attribute \(name.literal)"
        case .tagMissing: "tag"
        case .overflow: "overflow"
        case .extensionFunction(let function, _): "\(function)"
        case .argumentCount: "arguments"
        case .nestingTooDeep: "nesting"
        case .unknown: "unknown"
        }
    }
}
