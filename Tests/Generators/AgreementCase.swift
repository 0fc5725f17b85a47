import LynxCedar

/// Random policies, entities and requests, decided by the machine and by the simple semantics. The same seed gives the same case.
///
/// A third of the seeds have policies that are well typed for a schema, the others many policies without one.
public struct AgreementCase {
    /// What has been compared so far.
    public struct Tally {
        public fileprivate(set) var passed = 0
        public fileprivate(set) var failures: [String] = []
        /// How many answers had reasons, and how many had errors.
        public fileprivate(set) var satisfied = 0
        public fileprivate(set) var errors = 0
        /// How many policies there were, over all answers.
        public fileprivate(set) var policies = 0

        public init() {}
    }

    private let scenario: AgreementScenario?
    private let seed: UInt64
    private let dice: Dice

    public init(seed: UInt64) {
        self.seed = seed
        dice = Dice(seed: seed ^ 0x5EED)
        scenario = dice.chance(33) ? .typed(seed: seed, dice) : .crowded(dice)
    }

    /// Decides the requests as things are, and again after each of some changes of single policies and entities.
    public func run(_ tally: inout Tally, isVerbose: Bool = false) {
        guard let scenario, let entities = try? Entities(scenario.entities) else { return }
        if isVerbose { print(scenario.policies) }
        let authorizer = Authorizer(
            policies: scenario.policies, entities: entities, maximumNesting: scenario.maximumNesting, features: scenario.features)
        var run = AgreementRun(scenario: scenario, dice: dice, seed: seed, authorizer: authorizer, tally: tally)
        run.compareAll("as it is")
        let first = (authorizer, answers: scenario.requests.map { authorizer.isAuthorized($0) })
        for step in 0..<scenario.changeCount where !run.hasFailedOften {
            guard let change = run.change() else { continue }
            run.compareSome("step \(step): \(change)")
        }
        if scenario.changesManyParents { run.changeManyParents() }
        run.compareAll("in the end")
        run.compareWithOneMadeAtOnce()
        // Whoever holds on to an authorizer goes on with what it was.
        for (request, answer) in zip(scenario.requests, first.answers) where first.0.isAuthorized(request) != answer {
            run.fail("a change of a copy has changed the answer to \(request)")
        }
        tally = run.tally
    }
}

extension AgreementCase.Tally {
    mutating func note(_ expected: Response, policies: Int) {
        satisfied += expected.reasons.isEmpty ? 0 : 1
        errors += expected.errors.isEmpty ? 0 : 1
        self.policies += policies
        passed += 1
    }

    mutating func fail(_ message: String) { failures.append(message) }
}
