/// What a boolean expression comes to: where it holds, and where it does not. Elsewhere it is an error.
struct Truth: Sendable {
    let holds: Formula
    /// `nil` stands for the negation of ``holds``: the expression cannot fail.
    private let failsExplicitly: Formula?

    init(_ holds: Formula) {
        self.holds = holds
        failsExplicitly = nil
    }

    init(holds: Formula, fails: Formula) {
        self.holds = holds
        failsExplicitly = fails
    }

    var fails: Formula { failsExplicitly ?? holds.negated }
    /// Whether there is an answer for every event.
    var isTotal: Bool { failsExplicitly == nil }

    static let always = Truth(.always)
    static let never = Truth(.never)

    var negated: Truth {
        guard let failsExplicitly else { return Truth(holds.negated) }
        return Truth(holds: failsExplicitly, fails: holds)
    }

    /// Cedar's `&&`: what stands behind an operand that does not hold is not evaluated.
    static func conjunction(_ operands: [Truth]) -> Truth {
        let holds = Formula.all(of: operands.map(\.holds))
        if operands.allSatisfy(\.isTotal) { return Truth(holds) }
        // What may fail must have held for a later operand to count; what cannot is a case of its own when it does not.
        var reached: [Formula] = []
        var fails: [Formula] = []
        for operand in operands {
            fails.append(.all(of: reached + [operand.fails]))
            if !operand.isTotal { reached.append(operand.holds) }
        }
        return Truth(holds: holds, fails: .any(of: fails))
    }

    /// Cedar's `||`
    static func disjunction(_ operands: [Truth]) -> Truth {
        conjunction(operands.map(\.negated)).negated
    }

    static func conditional(_ condition: Truth, then: Truth, else otherwise: Truth) -> Truth {
        func choice(_ yes: Formula, _ no: Formula) -> Formula {
            .any(of: [.all(of: [condition.holds, yes]), .all(of: [condition.fails, no])])
        }
        let holds = choice(then.holds, otherwise.holds)
        if condition.isTotal && then.isTotal && otherwise.isTotal { return Truth(holds) }
        return Truth(holds: holds, fails: choice(then.fails, otherwise.fails))
    }

    /// The alternatives of which at most one holds, each with what follows then; where none holds there is an error, unless one always does.
    static func cases(_ cases: [(guard: Formula, truth: Truth)], areExhaustive: Bool) -> Truth {
        let holds = Formula.any(of: cases.map { .all(of: [$0.guard, $0.truth.holds]) })
        if areExhaustive && cases.allSatisfy(\.truth.isTotal) { return Truth(holds) }
        return Truth(holds: holds, fails: .any(of: cases.map { .all(of: [$0.guard, $0.truth.fails]) }))
    }
}
