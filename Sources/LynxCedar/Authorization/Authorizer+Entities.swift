// Who may do it, and to what: questions about all entities of a type at once.

extension Authorizer {
    /// The resources of a type, among the entities, that a principal may do an action on.
    ///
    /// They are those for which ``isAuthorized(_:)-(Request)`` allows, found at less cost: the policies are evaluated once with the resource
    /// unknown, and each resource is then decided by what is left of them. Where nothing is left, or the policies that are left name
    /// the resources that they permit, the entities are not gone through.
    ///
    ///     authorizer.whichResources(ofType: "Photo", for: "User::\"alice\"", action: "Action::\"view\"")
    ///
    /// Takes time in the size of the policies, and for each resource in the size of what is left of them.
    ///
    /// - Returns: uids in ascending order.
    public func whichResources(
        ofType type: Name, for principal: EntityUID, action: EntityUID, context: Record = [:]
    ) -> [EntityUID] {
        let request = PartialRequest(
            principal: .known(principal), action: .known(action), resource: .unknown(type: type),
            context: PartialRecord(context))
        return uids(ofType: type, completing: \.resource, of: request, among: \.resource)
    }

    /// The principals of a type, among the entities, that may do an action on a resource.
    ///
    /// As ``whichResources(ofType:for:action:context:)``, and at the same cost.
    ///
    ///     authorizer.whichPrincipals(ofType: "User", action: "Action::\"view\"", resource: "Photo::\"cat.jpg\"")
    ///
    /// - Returns: uids in ascending order.
    public func whichPrincipals(
        ofType type: Name, action: EntityUID, resource: EntityUID, context: Record = [:]
    ) -> [EntityUID] {
        let request = PartialRequest(
            principal: .unknown(type: type), action: .known(action), resource: .known(resource),
            context: PartialRecord(context))
        return uids(ofType: type, completing: \.principal, of: request, among: \.principal)
    }

    /// The entities of a type that make an allowed request of one that lacks a single uid.
    ///
    /// - Parameters:
    ///   - place: the part of the request that is unknown.
    ///   - constraint: the part of a policy's scope that speaks of it.
    private func uids(
        ofType type: Name, completing place: WritableKeyPath<PartialRequest, PartialEntityUID>, of request: PartialRequest,
        among constraint: KeyPath<Policy, ScopeConstraint<EntityUID>>
    ) -> [EntityUID] {
        let response = response(to: request, schema: schemaIfConforming(request))
        if response.decision == .deny { return [] }
        let candidates = response.uidsNamed(by: constraint)?.filter { $0.type == type && entities[$0] != nil }
            ?? entities.lazy.map(\.uid).filter { $0.type == type }
        var completed = request
        let allowed = candidates.filter { uid in
            completed[keyPath: place] = .known(uid)
            return response.decision(with: evaluator(for: completed)) == .allow
        }
        return allowed.sorted()
    }

    /// The schema, where it foresees the request. Otherwise types say nothing of it.
    func schemaIfConforming(_ request: PartialRequest) -> Schema? {
        guard let schema, (try? schema.environment(of: request)) != nil else { return nil }
        return schema
    }
}

extension PartialResponse {
    /// The only uids that some permit can be satisfied for; `nil` when the permits do not name them all.
    fileprivate func uidsNamed(by constraint: KeyPath<Policy, ScopeConstraint<EntityUID>>) -> Set<EntityUID>? {
        if isAnyPermitSatisfied { return nil }
        var uids: Set<EntityUID> = []
        for policy in residuals.policies where policy.effect == .permit {
            guard case .equal(let uid) = policy[keyPath: constraint] else { return nil }
            uids.insert(uid)
        }
        return uids
    }
}
