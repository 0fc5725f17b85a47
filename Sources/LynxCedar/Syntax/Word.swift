/// A word of Cedar's policies with what it means at the places where it means something.
struct Word {
    enum Meaning {
        case variable(Variable)
        case effect(Effect)
        case condition(Condition.Kind)
        /// An operator that is written as a method.
        case method(BinaryOperator)
        case isEmpty
        case function(ExtensionFunction)
        case reservedNamespace
        case none
    }

    let text: String
    let meaning: Meaning

    init(_ text: String) {
        self.text = text
        self.meaning = Word.meaning(of: text)
    }

    private static func meaning(of text: String) -> Meaning {
        if let variable = Variable(rawValue: text) { return .variable(variable) }
        if let effect = Effect(rawValue: text) { return .effect(effect) }
        if let kind = Condition.Kind(rawValue: text) { return .condition(kind) }
        if let operation = BinaryOperator(rawValue: text), operation.isMethod { return .method(operation) }
        if text == "isEmpty" { return .isEmpty }
        if let function = ExtensionFunction(rawValue: text) { return .function(function) }
        return text == Name.reservedNamespace ? .reservedNamespace : .none
    }

    var variable: Variable? {
        if case .variable(let variable) = meaning { variable } else { nil }
    }

    var effect: Effect? {
        if case .effect(let effect) = meaning { effect } else { nil }
    }

    var condition: Condition.Kind? {
        if case .condition(let kind) = meaning { kind } else { nil }
    }

    var isReservedNamespace: Bool {
        if case .reservedNamespace = meaning { true } else { false }
    }
}
