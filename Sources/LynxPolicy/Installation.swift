import LynxIdentity

/// What the decision point and the token exchange decide by. It is put in force as a whole.
public struct Installation: Sendable {
    public let policies: PolicySnapshot
    public let destinations: DestinationTable
    public let validator: TokenValidator
    public let callers: CallerResolver
    public let issuer: TokenIssuer

    public init(
        policies: PolicySnapshot, destinations: DestinationTable, validator: TokenValidator, callers: CallerResolver, issuer: TokenIssuer
    ) {
        self.policies = policies
        self.destinations = destinations
        self.validator = validator
        self.callers = callers
        self.issuer = issuer
    }
}
