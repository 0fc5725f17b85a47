/// What an expression comes to when a part of the request may be unknown.
public enum PartialValue: Hashable, Sendable {
    /// The value, the same for every completion of the unknowns.
    case value(Value)
    /// What is left to evaluate once the unknowns are known.
    case residual(Expression)
}
