import LynxCedar

/// Which ways the evaluation of a policy's conditions has taken.
///
/// A branch is a condition, an operand of `&&` or `||`, or what stands after `if`; each can be seen true and seen false. What evaluation
/// passes over, as `b` in `false && b`, is not seen.
struct ConditionBranches {
    /// A place where conditions go one way or the other.
    struct Branch {
        let expression: Expression
        var isSeenTrue = false
        var isSeenFalse = false
    }

    private(set) var branches: [Branch] = []
    private let conditions: [(kind: Condition.Kind, number: Int, node: Node)]

    /// An expression as far as it decides what is evaluated.
    private indirect enum Node {
        /// Operands with the numbers of their branches.
        case and([(Int, Node)])
        case or([(Int, Node)])
        case not(Node)
        case conditional(if: (Int, Node), then: Node, else: Node)
        case other(Expression)
    }

    init(_ conditions: [Condition]) {
        var branches: [Branch] = []
        self.conditions = conditions.map { condition in
            let (number, node) = ConditionBranches.numbered(condition.body, &branches)
            return (condition.kind, number, node)
        }
        self.branches = branches
    }

    /// The node with a branch of its own, unless it is decided by what it consists of.
    private static func numbered(_ expression: Expression, _ branches: inout [Branch]) -> (number: Int, node: Node) {
        let number = branches.count
        branches.append(Branch(expression: expression))
        return (number, node(expression, &branches))
    }

    private static func node(_ expression: Expression, _ branches: inout [Branch]) -> Node {
        switch expression.kind {
        case .and(let operands): return .and(operands.map { numbered($0, &branches) })
        case .or(let operands): return .or(operands.map { numbered($0, &branches) })
        case .unary(.not, let operand): return .not(node(operand, &branches))
        case .conditional(if: let condition, then: let then, else: let otherwise):
            let first = numbered(condition, &branches)
            return .conditional(if: first, then: node(then, &branches), else: node(otherwise, &branches))
        default: return .other(expression)
        }
    }
}

extension ConditionBranches {
    /// Evaluates the conditions in their order, as far as evaluation goes, and notes which way each branch goes.
    mutating func note(_ evaluator: PartialEvaluator) {
        for (kind, number, node) in conditions {
            guard let isTrue = follow(node, evaluator) else { return }
            note(isTrue, number)
            guard isTrue == (kind == .when) else { return }
        }
    }

    private mutating func note(_ isTrue: Bool, _ branch: Int) {
        guard branches.indices.contains(branch) else { return }
        if isTrue { branches[branch].isSeenTrue = true } else { branches[branch].isSeenFalse = true }
    }

    /// - Returns: `nil` where the expression has no truth value.
    private mutating func follow(_ node: Node, _ evaluator: PartialEvaluator) -> Bool? {
        switch node {
        case .and(let operands): return follow(operands, until: false, evaluator)
        case .or(let operands): return follow(operands, until: true, evaluator)
        case .not(let operand): return follow(operand, evaluator).map { !$0 }
        case .conditional(if: let condition, then: let then, else: let otherwise):
            guard let isTrue = follow(condition.1, evaluator) else { return nil }
            note(isTrue, condition.0)
            return follow(isTrue ? then : otherwise, evaluator)
        case .other(let expression):
            guard case .value(.bool(let isTrue)) = try? evaluator.evaluate(expression) else { return nil }
            return isTrue
        }
    }

    private mutating func follow(_ operands: [(Int, Node)], until end: Bool, _ evaluator: PartialEvaluator) -> Bool? {
        for (number, operand) in operands {
            guard let isTrue = follow(operand, evaluator) else { return nil }
            note(isTrue, number)
            if isTrue == end { return end }
        }
        return !end
    }
}
