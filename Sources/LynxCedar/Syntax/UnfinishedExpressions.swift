/// What is left open while an expression is read: brackets, operators whose right side is being read, and the operands of both.
///
/// The parser keeps these here and not in calls of its own, so that text that nests takes no stack however deep it goes. All but names are
/// trivial values in arrays that are used again for the next expression.
struct UnfinishedExpressions {
    var brackets: [Bracket] = []
    var operators: [Operator] = []
    /// The left sides of operators and the elements of brackets.
    var operands: [Expression] = []
    /// The functions that are called and the types that are tested for.
    var names: [Name] = []
    /// The names of the fields of open records, and where each stands.
    var fields: [CedarString] = []
    var fieldPlaces: [FirstPlaces<CedarString>] = []

    /// Something that holds whole expressions and is not closed.
    struct Bracket {
        enum Kind {
            /// The text around all brackets.
            case outermost
            case parenthesis, set, record
            case method, function
            /// The three parts of `if`.
            case condition, then, otherwise
        }

        var kind: Kind
        /// Where it starts; for a call, where the function or the receiver does.
        let start: UInt32
        /// The name of a method, the end of a function's name, the name of the field that is being read.
        var token: Token
        /// How many operators and operands were open before it; a method's receiver is not one of them.
        let operators: Int
        let operands: Int
        /// The height of the highest tree in it so far.
        var height: Int
    }

    /// An operator whose right side is being read.
    struct Operator {
        enum Kind: Equatable {
            case prefix(UnaryOperator)
            /// A `not` that has been reported.
            case negated
            /// `&&` or `||`, with all operands up to here.
            case chain
            /// A comparison or calculation.
            case binary
            /// `is TYPE in`
            case isIn
        }

        let kind: Kind
        let precedence: Precedence
        let token: Token
        /// Where its left side starts; for a prefix, where it does itself.
        let start: UInt32
        /// How many operands were open before it.
        let operands: Int
        /// The height of the highest of its operands so far.
        var height: Int
        /// Whether it follows a relation, which has been reported.
        var isChained = false
    }

    /// How tightly an operator binds.
    enum Precedence: Int, Comparable {
        case or, and, relation, additive, multiplicative, prefix

        static func < (lhs: Precedence, rhs: Precedence) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    mutating func removeAll() {
        brackets.removeAll(keepingCapacity: true)
        operators.removeAll(keepingCapacity: true)
        operands.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        fieldPlaces.removeAll(keepingCapacity: true)
    }

    /// Takes the operands from a place on.
    mutating func takeOperands(from start: Int) -> [Expression] {
        let taken = Array(operands[start...])
        operands.removeSubrange(start...)
        return taken
    }
}
