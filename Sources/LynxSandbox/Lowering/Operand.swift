import LynxCedar

/// What an expression that is no truth value comes to, by what the kernel knows.
enum Operand {
    case constant(Value)
    case principal
    case resource
    case text(TextField)
    /// The last component of the path.
    case name
    case number(Arithmetic)
    /// The name of a number.
    case code(CodeField)
    case address
    case flags
    case set([Operand])
    case truth(Truth)
}

/// An operand with what must hold for it to be the one: of the cases of an expression at most one holds.
struct OperandCase {
    let condition: Formula
    let operand: Operand

    init(_ operand: Operand, if condition: Formula = .always) {
        self.condition = condition
        self.operand = operand
    }
}

/// What an expression comes to, case by case.
struct OperandCases {
    let cases: [OperandCase]
    /// Whether one of the cases holds for every event; where none does, the expression is an error.
    let areExhaustive: Bool

    init(_ cases: [OperandCase], areExhaustive: Bool) {
        self.cases = cases
        self.areExhaustive = areExhaustive
    }

    init(_ operand: Operand) {
        self.init([OperandCase(operand)], areExhaustive: true)
    }

    /// An attribute that an event may lack.
    init(_ operand: Operand, where presence: Presence) {
        self.init([OperandCase(operand, if: .test(.present(presence)))], areExhaustive: false)
    }

    /// The truth of a statement about the operand.
    func truth(_ statement: (Operand) throws(Refusal) -> Truth) throws(Refusal) -> Truth {
        var result: [(guard: Formula, truth: Truth)] = []
        for entry in cases { result.append((entry.condition, try statement(entry.operand))) }
        return .cases(result, areExhaustive: areExhaustive)
    }

    /// The same cases, with a truth value that may be an error in two: where it is true and where it is false.
    var withoutFailures: OperandCases {
        var areExhaustive = areExhaustive
        let cases = cases.flatMap { entry -> [OperandCase] in
            guard case .truth(let truth) = entry.operand, !truth.isTotal else { return [entry] }
            areExhaustive = false
            return [
                OperandCase(.truth(.always), if: .all(of: [entry.condition, truth.holds])),
                OperandCase(.truth(.never), if: .all(of: [entry.condition, truth.fails])),
            ]
        }
        return OperandCases(cases, areExhaustive: areExhaustive)
    }
}
