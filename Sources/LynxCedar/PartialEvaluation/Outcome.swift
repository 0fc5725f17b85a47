/// What the evaluator makes of a subexpression: its value, or what is left of it.
enum Outcome {
    case value(Value)
    indirect case residual(Remainder)

    /// The kind of its value, as far as it is known, provided that it has a value at all.
    var kind: Value.Kind? {
        switch self {
        case .value(let value): value.kind
        case .residual(let remainder): remainder.kind
        }
    }

    /// What is known of its value, provided that it has one.
    var knowledge: Remainder.Knowledge {
        switch self {
        case .value(.entity(let uid)): .entity(uid.type)
        case .value(let value): .kind(value.kind)
        case .residual(let remainder): remainder.knowledge
        }
    }

    /// The types that an entity, or all elements of a set of entities, are of.
    ///
    /// - Returns: `nil` when they are not known, or when it is something else.
    var entityTypes: Set<Name>? {
        switch self {
        case .value(let value): value.entityTypes
        case .residual(let remainder):
            switch remainder.knowledge {
            case .entity(let type): [type]
            case .entities(let types): types
            default: nil
            }
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

extension Value {
    /// The types of an entity, or of the elements of a set of entities; `nil` of anything else.
    fileprivate var entityTypes: Set<Name>? {
        switch self {
        case .entity(let uid):
            return [uid.type]
        case .set(let set):
            var types: Set<Name> = []
            for element in set.elements {
                guard case .entity(let uid) = element else { return nil }
                types.insert(uid.type)
            }
            return types
        default:
            return nil
        }
    }
}
