/// What the evaluator makes of a subexpression: its value, or what is left of it.
enum Outcome {
    case value(Value)
    indirect case residual(Remainder)

    /// Whether it is a bool, provided that it has a value at all.
    var isBoolean: Bool {
        switch self {
        case .value(let value): value.kind == .bool
        case .residual(let remainder): remainder.form == .bool
        }
    }

    /// Whether it is an entity, provided that it has a value at all.
    var isEntity: Bool {
        switch self {
        case .value(let value): value.kind == .entity
        case .residual(let remainder): remainder.form == .entity
        }
    }

    /// Whether some completion of the unknowns might make it an error. Values never fail.
    var mayFail: Bool {
        switch self {
        case .value: false
        case .residual(let remainder): remainder.mayFail
        }
    }
}
