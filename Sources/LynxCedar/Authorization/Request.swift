/// What is to be decided: whether a principal may do an action on a resource, in a context.
///
///     Request(
///         principal: "User::\"alice\"", action: "Action::\"view\"", resource: "Photo::\"cat.jpg\"",
///         context: ["mfa": true])
public struct Request: Hashable, Sendable {
    public var principal: EntityUID
    public var action: EntityUID
    public var resource: EntityUID
    public var context: Record

    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: Record = [:]) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}
