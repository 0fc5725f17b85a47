/// A boolean expression in C, with what is needed to lay it out over several lines.
indirect enum CodeExpression: Sendable {
    case term(String)
    case not(CodeExpression)
    case all([CodeExpression])
    case any([CodeExpression])

    static let yes = CodeExpression.term("1")
    static let no = CodeExpression.term("0")

    /// The disjunction, without a join of one.
    static func any(of parts: [CodeExpression]) -> CodeExpression {
        parts.count > 1 ? .any(parts) : parts.first ?? .no
    }

    static func all(of parts: [CodeExpression]) -> CodeExpression {
        parts.count > 1 ? .all(parts) : parts.first ?? .yes
    }

    /// The lines of the expression: one where it is short, otherwise an operand a line.
    func lines(width: Int = 110) -> [String] {
        let whole = text
        if whole.utf8.count <= width { return [whole] }
        switch self {
        case .term: return [whole]
        case .not(let operand): return operand.parenthesized(width, prefix: "!")
        case .all(let operands): return CodeExpression.lines(of: operands, "&&", width)
        case .any(let operands): return CodeExpression.lines(of: operands, "||", width)
        }
    }

    private static func lines(of operands: [CodeExpression], _ sign: String, _ width: Int) -> [String] {
        var lines: [String] = []
        for (index, operand) in operands.enumerated() {
            var part = operand.isJoin ? operand.parenthesized(width) : operand.lines(width: width)
            if index > 0 { part[0] = "\(sign) \(part[0])" }
            // Short terms share a line.
            if case .term = operand, let last = lines.last, index > 0, last.utf8.count + part[0].utf8.count < width, part.count == 1,
                !last.hasSuffix(")"), operands.count > 8
            {
                lines[lines.count - 1] = "\(last) \(part[0])"
            } else {
                lines += part
            }
        }
        return lines
    }

    private func parenthesized(_ width: Int, prefix: String = "") -> [String] {
        var lines = lines(width: width - 4)
        lines[0] = "\(prefix)(\(lines[0])"
        lines[lines.count - 1] += ")"
        return lines
    }

    private var isJoin: Bool {
        switch self {
        case .all, .any: true
        case .term, .not: false
        }
    }

    private var text: String {
        switch self {
        case .term(let text): text
        case .not(let operand): "!(\(operand.text))"
        case .all(let operands): operands.map(\.operandText).joined(separator: " && ")
        case .any(let operands): operands.map(\.operandText).joined(separator: " || ")
        }
    }

    private var operandText: String { isJoin ? "(\(text))" : text }
}
