/// A residual under construction, and what is known of its value all the same.
///
/// The knowledge is what makes folding exact: `e && false` is false only when `e` is sure to be a bool, and `{a: 1, b: e}.a` is 1 only when
/// `e` is sure to have a value.
struct Remainder {
    let expression: Expression
    let knowledge: Knowledge
    /// Whether some completion of the unknowns might make it an error.
    let mayFail: Bool

    init(_ expression: Expression, _ knowledge: Knowledge = .nothing, mayFail: Bool = true) {
        self.expression = expression
        self.knowledge = knowledge
        self.mayFail = mayFail
    }

    /// What is known of the value, provided that there is one.
    enum Knowledge {
        case nothing
        case kind(Value.Kind)
        /// An entity of that type.
        case entity(Name)
        /// A set of entities, each of one of these types.
        case entities(Set<Name>)
        /// What a schema declares so; never an entity or a set of entities.
        case type(SchemaType)
        /// The context, or a record within it, with the type that a schema gives it.
        case record(PartialRecord, RecordType?)
        /// A record expression, by its fields.
        case fields([Field])

        static var bool: Knowledge { .kind(.bool) }
        static var long: Knowledge { .kind(.long) }
    }

    struct Field {
        let name: CedarString
        let outcome: Outcome
    }

    /// The kind of the value, as far as it is known.
    var kind: Value.Kind? { knowledge.kind }
}

extension Remainder.Knowledge {
    /// What is known of the values that a schema gives a type.
    init(_ type: SchemaType) {
        switch type {
        case .entity(let name): self = .entity(name)
        case .set(.entity(let name)): self = .entities([name])
        default: self = .type(type)
        }
    }

    var kind: Value.Kind? {
        switch self {
        case .nothing: nil
        case .kind(let kind): kind
        case .entity: .entity
        case .entities: .set
        case .type(let type): type.kind
        case .record, .fields: .record
        }
    }

    /// Whether the value may turn out to be `value`.
    func allows(_ value: Value) -> Bool {
        if let kind, kind != value.kind { return false }
        if case .entity(let type) = self, case .entity(let uid) = value { return type == uid.type }
        return true
    }

    /// Whether the value may be equal to one of which that is known.
    func allows(_ other: Remainder.Knowledge) -> Bool {
        if let kind, let otherKind = other.kind, kind != otherKind { return false }
        if case .entity(let type) = self, case .entity(let otherType) = other { return type == otherType }
        return true
    }

    /// What is known of a value of which either that or something else is known.
    func or(_ other: Remainder.Knowledge) -> Remainder.Knowledge {
        if case .entity(let type) = self, case .entity(let otherType) = other, type == otherType { return self }
        if let kind, kind == other.kind { return .kind(kind) }
        return .nothing
    }
}
