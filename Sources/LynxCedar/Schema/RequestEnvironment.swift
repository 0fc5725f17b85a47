/// The types that a request can have: an action, and a principal and a resource type that it applies to.
///
/// A schema foresees the requests of these environments and no others.
public struct RequestEnvironment: Sendable {
    public let principal: Name
    public let action: Schema.Action
    public let resource: Name

    public init(principal: Name, action: Schema.Action, resource: Name) {
        self.principal = principal
        self.action = action
        self.resource = resource
    }
}

extension Schema {
    /// All environments, action by action in the order of their declarations.
    public var requestEnvironments: some Sequence<RequestEnvironment> {
        actions.lazy.flatMap { action in
            action.principalTypes.lazy.flatMap { principal in
                action.resourceTypes.lazy.map { resource in
                    RequestEnvironment(principal: principal, action: action, resource: resource)
                }
            }
        }
    }
}
