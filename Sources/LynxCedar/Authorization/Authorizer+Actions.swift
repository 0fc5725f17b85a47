// What may be done: a question about all actions at once.

/// The actions that are allowed for a principal and a resource, as far as the context is known.
public struct AllowedActions: Hashable, Sendable {
    /// Those that are allowed whatever the context is.
    public let certain: [EntityUID]
    /// Those that may be allowed or not, depending on the context.
    public let possible: [EntityUID]
}

extension Authorizer {
    /// The actions that a principal may do on a resource.
    ///
    /// They are those for which ``isAuthorized(_:)-(Request)`` allows, found at less cost: the policies are evaluated once with the action
    /// unknown, and each action is then decided by what is left of them. Where nothing is left, the actions are not gone through.
    ///
    /// With a schema, the actions are those that it declares for such a principal, resource and context, in its order, and the context is
    /// taken to be one that conforms to it. Otherwise they are the actions among the entities, in ascending order.
    ///
    /// Takes time in the size of the policies, and for each action in the size of what is left of them.
    ///
    /// - Parameter context: what is known of it.
    public func whichActions(
        for principal: EntityUID, resource: EntityUID, context: PartialRecord = .unknown
    ) -> AllowedActions {
        let request = PartialRequest(
            principal: .known(principal), action: .unknown(), resource: .known(resource), context: context)
        let response = response(to: request, schema: nil)
        if response.decision == .deny { return AllowedActions(certain: [], possible: []) }
        var certain: [EntityUID] = []
        var possible: [EntityUID] = []
        for completed in completions(of: request) {
            guard case .known(let action) = completed.action else { continue }
            switch response.decision(with: evaluator(for: completed, schema: schema)) {
            case .allow?: certain.append(action)
            case nil: possible.append(action)
            case .deny?: break
            }
        }
        return AllowedActions(certain: certain, possible: possible)
    }

    /// The requests with an action in place of the unknown one; with a schema, those that it foresees.
    private func completions(of request: PartialRequest) -> [PartialRequest] {
        let actions = schema.map { $0.actions.map(\.uid) } ?? entities.lazy.map(\.uid).filter(\.isAction).sorted()
        return actions.compactMap { action in
            var completed = request
            completed.action = .known(action)
            guard let schema else { return completed }
            return (try? schema.environment(of: completed)).map { _ in completed }
        }
    }
}
