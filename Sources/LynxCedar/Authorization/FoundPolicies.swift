/// What an answer rests on, where that is more than one reason: the places of the policies, in one piece of memory.
///
/// The reasons come first, then the policies in error, each as the machine found them: in any order, and perhaps twice, as a policy
/// that names several actions may be found by more than one.
struct FoundPolicies: @unchecked Sendable {
    // Sendable: the memory is written once, before anybody else has it.
    private let places: ManagedBuffer<Header, UInt32>

    private struct Header {
        let reasonCount: Int
        let errorCount: Int
        let handle: SnapshotHandle
        /// What the errors are worked out for; `nil` where there are none.
        let request: Request?
    }

    /// Takes the machine's findings out of the scratch.
    static func taken(
        from scratch: UnsafeMutablePointer<Scratch>, _ snapshot: AuthorizerSnapshot, _ request: Request, isForbidden: Bool
    ) -> FoundPolicies {
        let reasons = (isForbidden ? scratch.pointee.forbids : scratch.pointee.permits).numbers
        let errors = scratch.pointee.errors.numbers
        let header = Header(
            reasonCount: reasons.count, errorCount: errors.count, handle: scratch.pointee.handle(of: snapshot),
            request: errors.isEmpty ? nil : request)
        let found = ManagedBuffer<Header, UInt32>.create(minimumCapacity: reasons.count + errors.count) { _ in header }
        found.withUnsafeMutablePointerToElements { places in
            for (index, place) in reasons.enumerated() { (places + index).initialize(to: place) }
            for (index, place) in errors.enumerated() { (places + reasons.count + index).initialize(to: place) }
        }
        return FoundPolicies(places: found)
    }

    /// In the order of the set.
    var reasons: [PolicyID] {
        places.withUnsafeMutablePointers { header, places in
            let places = UnsafeBufferPointer(start: places, count: header.pointee.reasonCount)
            return header.pointee.handle.authorizerSnapshot?.ids(of: FoundPolicies.ordered(places)) ?? []
        }
    }

    /// In the order of the set. Worked out anew each time.
    var errors: [PolicyError] {
        places.withUnsafeMutablePointers { header, places in
            guard let request = header.pointee.request, let snapshot = header.pointee.handle.authorizerSnapshot else { return [] }
            let evaluator = snapshot.evaluator(for: request)
            let places = UnsafeBufferPointer(start: places + header.pointee.reasonCount, count: header.pointee.errorCount)
            return FoundPolicies.ordered(places).compactMap { place in
                snapshot.policies.policyList[place: Int(place)].map { FoundPolicies.error(of: $0, by: evaluator) }
            }
        }
    }

    /// Places in the order of the set, none twice.
    private static func ordered(_ places: UnsafeBufferPointer<UInt32>) -> [UInt32] {
        var ordered: [UInt32] = []
        for place in places.sorted() where place != ordered.last { ordered.append(place) }
        return ordered
    }

    private static func error(of policy: Policy, by evaluator: PartialEvaluator) -> PolicyError {
        switch evaluator.evaluate(policy) {
        case .error(let error):
            PolicyError(error, in: policy)
        case .residual(let residual):
            PolicyError(EvaluationError(.unknown(Expression.and(residual.conditions.map(\.body)))), in: policy)
        // The machine and the simple semantics agree, which tests hold them to. Were they not to, the error must not be lost.
        case .satisfied, .unsatisfied:
            PolicyError(EvaluationError(.unknown(Expression.and(policy.conditions.map(\.body)))), in: policy)
        }
    }
}

extension SnapshotHandle {
    /// The handles of answers are those of authorizers' snapshots.
    var authorizerSnapshot: AuthorizerSnapshot? { snapshot as? AuthorizerSnapshot }
}

extension AuthorizerSnapshot {
    func ids(of places: some Sequence<UInt32>) -> [PolicyID] {
        places.compactMap { policies.policyList[place: Int($0)]?.id }
    }
}
