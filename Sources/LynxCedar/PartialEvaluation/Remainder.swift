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
        case bool
        /// An entity, of the given type where that is known.
        case entity(type: Name?)
        /// The context, or a record within it.
        case record(PartialRecord)
        /// A record expression, by its fields.
        case fields([Field])
    }

    struct Field {
        let name: CedarString
        let outcome: Outcome
    }

    /// The kinds of value that ``Knowledge`` tells apart.
    enum Form {
        case any, bool, entity, record
    }

    /// The kind of the value, as far as it is known.
    var form: Form {
        switch knowledge {
        case .nothing: .any
        case .bool: .bool
        case .entity: .entity
        case .record, .fields: .record
        }
    }
}

extension Remainder.Knowledge {
    /// Whether the value may turn out to be `value`.
    func allows(_ value: Value) -> Bool {
        switch (self, value) {
        case (.nothing, _): true
        case (.bool, .bool): true
        case (.entity(let type), .entity(let uid)): type == nil || type == uid.type
        case (.record, .record), (.fields, .record): true
        case (.bool, _), (.entity, _), (.record, _), (.fields, _): false
        }
    }
}
