/// Policies and entities at one moment, ready to decide.
final class AuthorizerSnapshot: Sendable {
    let policies: PolicySet
    /// The entities, and the numbers of all that the program mentions.
    let store: EntityStore
    let compiled: Program

    /// The same as addresses, which hold for as long as the values above do: those do not change.
    private nonisolated(unsafe) let view: UnsafeMutablePointer<SnapshotView>
    private nonisolated(unsafe) let changedParents: UnsafeMutableBufferPointer<UInt32>

    var features: LanguageFeatures { compiled.features }

    init(policies: PolicySet, store: EntityStore, compiled: Program) {
        self.policies = policies
        self.store = store
        self.compiled = compiled
        changedParents = .allocate(capacity: store.changedParents.count)
        _ = changedParents.initialize(from: store.changedParents)
        view = .allocate(capacity: 1)
        view.initialize(
            to: SnapshotView(
                program: ProgramView(compiled), entities: store.view(changed: UnsafeBufferPointer(changedParents)),
                numbers: RequestNumbers(store.numbers)))
    }

    /// Compiles all policies. Linear in their size.
    convenience init(policies: PolicySet, entities: Entities, maximumNesting: Int, features: LanguageFeatures) {
        var store = entities.store
        var program = Program(maximumNesting: maximumNesting, features: features)
        policies.policyList.forEachPlace { program.add($1, at: $0, &store.numbers) }
        self.init(policies: policies, store: store, compiled: program)
    }

    deinit {
        view.deallocate()
        changedParents.deallocate()
    }

    /// What the simple semantics is asked with.
    func evaluator(for request: Request) -> PartialEvaluator {
        PartialEvaluator(
            request: PartialRequest(request), entities: Entities(store: store), maximumNesting: compiled.maximumNesting,
            features: features)
    }

    func decide(_ request: Request) -> Response {
        let scratch = Scratch.ofThread
        scratch.pointee.begin(memoCount: view.pointee.program.memoCount)
        request.context.attributes.withUnsafeBufferPointer { Machine(view, request, context: $0, scratch).decide() }
        if !scratch.pointee.interpreted.isEmpty { interpret(scratch, request) }
        return .taken(from: scratch, self, request)
    }

    /// Decides the policies that the machine left to the simple semantics.
    private func interpret(_ scratch: UnsafeMutablePointer<Scratch>, _ request: Request) {
        let evaluator = evaluator(for: request)
        for place in scratch.pointee.interpreted.numbers {
            guard let policy = policies.policyList[place: Int(place)] else { continue }
            switch evaluator.evaluate(policy) {
            case .unsatisfied: break
            case .satisfied: if policy.effect == .forbid { scratch.pointee.forbids.append(place) } else { scratch.pointee.permits.append(place) }
            // Under a whole request nothing is left. Should that ever not hold, the answer is the safe one.
            case .residual where policy.effect == .forbid: scratch.pointee.forbids.append(place)
            case .residual, .error: scratch.pointee.errors.append(place)
            }
        }
    }
}
