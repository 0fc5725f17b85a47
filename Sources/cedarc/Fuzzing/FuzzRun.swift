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
        self.schema = schema
        self.features = features
        self.generator = generator
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
            let evaluator = fuzzCase.evaluator(schema: schema, features: features)
        else { return }
        let answer = FuzzRun.note(evaluator, in: &policies)
        for (policy, error) in answer.errors { note(error, of: policy, fuzzCase) }
        guard var others else { return }
        // Out of the property while it changes, so that the change is made in place.
        self.others = []
        let other = FuzzRun.note(evaluator, in: &others)
        self.others = others
        if answer.answer.decision != other.answer.decision {
            note(answer.answer, other.answer, fuzzCase)
        }
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
    /// Evaluates every policy and notes what it came to.
    private static func note(
        _ evaluator: PartialEvaluator, in policies: inout [PolicyUnderTest]
    ) -> (answer: Answer, errors: [(Policy, EvaluationError)]) {
        var satisfied: [Policy] = []
        var errors: [(Policy, EvaluationError)] = []
        for index in policies.indices {
            guard evaluator.evaluate(policies[index].scope) == .satisfied else { continue }
            policies[index].matched += 1
            policies[index].branches.note(evaluator)
            switch evaluator.evaluate(policies[index].policy) {
            case .satisfied:
                policies[index].satisfied += 1
                satisfied.append(policies[index].policy)
            case .error(let error):
                policies[index].failed += 1
                errors.append((policies[index].policy, error))
            case .unsatisfied, .residual:
                break
            }
        }
        return (Answer(satisfied), errors)
    }

    private mutating func note(_ error: EvaluationError, of policy: Policy, _ fuzzCase: FuzzCase) {
        if let index = faults.firstIndex(where: { $0.policy.id == policy.id && $0.error.isLike(error) }) {
            faults[index].count += 1
            return
        }
        guard faults.count < FuzzRun.maximumFindings else { return }
        let (schema, features) = (schema, features)
        let shrinker = CaseShrinker(schema: schema) { smaller in
            guard let evaluator = smaller.evaluator(schema: schema, features: features),
                case .error(let other) = evaluator.evaluate(policy)
            else { return false }
            return other.isLike(error)
        }
        let witness = shrinker.shrink(fuzzCase)
        // The message of the smaller case is the one to tell: it names what is in it.
        guard let evaluator = witness.evaluator(schema: schema, features: features),
            case .error(let shown) = evaluator.evaluate(policy)
        else { return }
        faults.append(Fault(policy: policy, error: shown, witness: witness))
    }

    private mutating func note(_ answer: Answer, _ other: Answer, _ fuzzCase: FuzzCase) {
        differenceCount += 1
        if let index = differences.firstIndex(where: { $0.answer == answer && $0.other == other }) {
            differences[index].count += 1
            return
        }
        guard differences.count < FuzzRun.maximumFindings, let others else { return }
        let sets = [policies.map(\.policy), others.map(\.policy)]
        let (schema, features) = (schema, features)
        func answers(to fuzzCase: FuzzCase) -> [(answer: Answer, errors: Set<String>)]? {
            guard let evaluator = fuzzCase.evaluator(schema: schema, features: features) else { return nil }
            return sets.map { FuzzRun.answer(of: $0, evaluator) }
        }
        let errors = answers(to: fuzzCase)?.map(\.errors) ?? []
        let shrinker = CaseShrinker(schema: schema) { smaller in
            guard let answers = answers(to: smaller) else { return false }
            // A case in which the sets differ for want of an entity would show something else.
            return answers.map(\.answer) == [answer, other] && zip(answers, errors).allSatisfy { $0.errors.isSubset(of: $1) }
        }
        differences.append(Difference(answer: answer, other: other, witness: shrinker.shrink(fuzzCase)))
    }

    private static func answer(of policies: [Policy], _ evaluator: PartialEvaluator) -> (answer: Answer, errors: Set<String>) {
        var satisfied: [Policy] = []
        var errors: Set<String> = []
        for policy in policies {
            switch evaluator.evaluate(policy) {
            case .satisfied: satisfied.append(policy)
            case .error(let error): errors.insert("\(policy.id): \(error.kind.label)")
            case .unsatisfied, .residual: break
            }
        }
        return (Answer(satisfied), errors)
    }
}

extension FuzzRun.Answer {
    /// Any satisfied forbid denies; otherwise any satisfied permit allows; otherwise the answer is deny.
    fileprivate init(_ satisfied: [Policy]) {
        let forbids = satisfied.filter { $0.effect == .forbid }
        decision = forbids.isEmpty && !satisfied.isEmpty ? .allow : .deny
        reasons = (forbids.isEmpty ? satisfied : forbids).map(\.id)
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
