// Changes of a single policy or entity. Each gives this authorizer a new snapshot and leaves the ones that others hold as they
// are: whoever decides by a copy goes on with what was there when it was made, and nobody waits.

extension Authorizer {
    /// Adds a policy.
    ///
    /// Linear in its size, and independent of how many there are, apart from copying lists of pages.
    ///
    /// - Throws: ``PolicySetError`` as ``PolicySet/add(_:)-(Policy)`` does. The authorizer is then unchanged.
    public mutating func add(_ policy: Policy) throws(PolicySetError) {
        var policies = snapshot.policies
        try policies.add(policy)
        change(to: policies, removing: nil, adding: policy.id)
    }

    /// Removes a static policy. As ``add(_:)`` in cost.
    ///
    /// - Throws: ``PolicySetError`` as ``PolicySet/removePolicy(_:)`` does. The authorizer is then unchanged.
    @discardableResult
    public mutating func removePolicy(_ id: PolicyID) throws(PolicySetError) -> Policy {
        let place = snapshot.policies.policyList.place(of: id)
        var policies = snapshot.policies
        let policy = try policies.removePolicy(id)
        change(to: policies, removing: place, adding: nil)
        return policy
    }

    /// Puts a static policy in place of the one with its id, behind the others. As ``add(_:)`` in cost.
    ///
    /// - Throws: ``PolicySetError`` as ``PolicySet/removePolicy(_:)`` does. The authorizer is then unchanged.
    public mutating func replace(_ policy: Policy) throws(PolicySetError) {
        let place = snapshot.policies.policyList.place(of: policy.id)
        var policies = snapshot.policies
        try policies.removePolicy(policy.id)
        try policies.add(policy)
        change(to: policies, removing: place, adding: policy.id)
    }

    private mutating func change(to policies: PolicySet, removing removed: Int?, adding added: PolicyID?) {
        var program = snapshot.compiled
        var store = snapshot.store
        if let removed { program.remove(at: removed) }
        if let added, let place = policies.policyList.place(of: added), let policy = policies.policyList[place: place] {
            program.add(policy, at: place, &store.numbers)
        }
        snapshot = AuthorizerSnapshot(policies: policies, store: store, compiled: program)
    }

    /// Puts an entity in, in place of the one with its uid if there is one.
    ///
    /// As ``Entities/upsert(_:)`` in cost, apart from copying lists of pages.
    ///
    /// - Throws: ``EntitiesError/cycle(_:)`` when the entity would be its own ancestor. The authorizer is then unchanged.
    public mutating func upsert(_ entity: Entity) throws(EntitiesError) {
        var entities = self.entities
        try entities.upsert(entity)
        snapshot = AuthorizerSnapshot(policies: snapshot.policies, store: entities.store, compiled: snapshot.compiled)
    }

    /// Removes an entity, as ``Entities/remove(_:)`` does.
    @discardableResult
    public mutating func removeEntity(_ uid: EntityUID) -> Entity? {
        var entities = self.entities
        let removed = entities.remove(uid)
        snapshot = AuthorizerSnapshot(policies: snapshot.policies, store: entities.store, compiled: snapshot.compiled)
        return removed
    }

    /// Decides a request that brings entities of its own: they stand in for those with the same uids, for this request. Of several with one
    /// uid the last counts.
    ///
    /// Linear in the size of the pages that they and those with the same uids lie in, some 256 entities each, and independent
    /// of how many entities the authorizer has, apart from copying lists of pages.
    ///
    /// - Throws: ``EntitiesError/cycle(_:)`` when an entity would be its own ancestor.
    public func isAuthorized(
        _ request: Request, with entities: some Sequence<Entity>
    ) throws(EntitiesError) -> Response {
        try overlaid(with: entities).isAuthorized(request)
    }

    /// An authorizer for several requests that bring the same entities of their own. As ``isAuthorized(_:with:)`` in cost, and throws what that throws;
    /// each request then costs what ``isAuthorized(_:)-(Request)`` costs.
    public func overlaid(with entities: some Sequence<Entity>) throws(EntitiesError) -> Authorizer {
        let entities = try self.entities.overlaid(with: entities)
        var overlaid = self
        overlaid.snapshot = AuthorizerSnapshot(policies: snapshot.policies, store: entities.store, compiled: snapshot.compiled)
        return overlaid
    }
}
