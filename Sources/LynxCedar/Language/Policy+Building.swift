extension PolicyStatement {
    /// A policy or template that permits.
    ///
    ///     let policy = Policy.permit("staff-view", principal: .in("Group::\"staff\""), action: .equal("Action::\"view\""))
    ///         .when(.resource["classification"].equals("public"))
    ///         .annotated("owner", "platform")
    public static func permit(
        _ id: PolicyID,
        principal: ScopeConstraint<Reference> = .any,
        action: ActionConstraint = .any,
        resource: ScopeConstraint<Reference> = .any
    ) -> Self {
        Self(id: id, effect: .permit, principal: principal, action: action, resource: resource)
    }

    /// A policy or template that forbids; see ``permit(_:principal:action:resource:)``.
    public static func forbid(
        _ id: PolicyID,
        principal: ScopeConstraint<Reference> = .any,
        action: ActionConstraint = .any,
        resource: ScopeConstraint<Reference> = .any
    ) -> Self {
        Self(id: id, effect: .forbid, principal: principal, action: action, resource: resource)
    }

    /// The same with one more `when` clause.
    public func when(_ body: Expression) -> Self { adding(Condition(.when, body)) }

    /// The same with one more `unless` clause.
    public func unless(_ body: Expression) -> Self { adding(Condition(.unless, body)) }

    /// The same with an annotation, in place of one that has the key already; without value in the bare form.
    ///
    /// - Precondition: `key` is an identifier.
    public func annotated(_ key: String, _ value: CedarString? = nil) -> Self {
        precondition(Name.isIdentifier(key), "'\(key)' is not an identifier")
        var copy = self
        let annotation = Annotation(key: key, value: value)
        if let index = copy.annotations.firstIndex(where: { $0.key == key }) {
            copy.annotations[index] = annotation
        } else {
            copy.annotations.append(annotation)
        }
        return copy
    }

    private func adding(_ condition: Condition) -> Self {
        var copy = self
        copy.conditions.append(condition)
        return copy
    }
}
