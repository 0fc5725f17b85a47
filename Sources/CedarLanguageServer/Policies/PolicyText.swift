import LynxCedar

/// A text of policies as tokens, cut into statements: what can be said of it also while it does not parse.
struct PolicyText {
    let source: SourceText
    let tokens: [Token]
    private(set) var statements: [Statement] = []

    /// From the first annotation or the effect to the `;`, by indices of tokens.
    struct Statement {
        var tokens: Range<Int>
        /// The `permit` or `forbid`.
        var effect: Int?
        /// The `)` that ends the scope.
        var scopeEnd: Int?
    }

    /// Linear in the size of the text.
    init(_ source: SourceText) {
        self.source = source
        tokens = source.tokens()
        findStatements()
    }

    func text(_ index: Int) -> Substring { source.substring(tokens[index].span) }

    func kind(_ index: Int) -> Token.Kind? { tokens.indices.contains(index) ? tokens[index].kind : nil }

    /// From the start of one token to the end of another.
    func span(_ range: ClosedRange<Int>) -> SourceSpan {
        SourceSpan(tokens[range.lowerBound].start..<tokens[range.upperBound].end)
    }

    // MARK: Statements

    private mutating func findStatements() {
        var current = Statement(tokens: 0..<0)
        var depth = 0
        func isEffect(_ index: Int) -> Bool {
            kind(index) == .identifier && kind(index + 1) == .leftParenthesis && ["permit", "forbid"].contains(text(index))
                && kind(index - 1) != .dot
        }
        func close(_ statement: Statement, before end: Int) -> Statement? {
            guard statement.tokens.lowerBound < end else { return nil }
            var statement = statement
            statement.tokens = statement.tokens.lowerBound..<end
            return statement
        }
        for index in tokens.indices {
            // Neither an annotation nor an effect can stand within a statement: one there starts the next, and a `;` was forgotten.
            if current.effect != nil, tokens[index].kind == .at || isEffect(index) {
                if let statement = close(current, before: index) { statements.append(statement) }
                current = Statement(tokens: index..<index)
            }
            if current.effect == nil, isEffect(index) {
                current.effect = index
                depth = 0
            }
            switch tokens[index].kind {
            case .leftParenthesis: depth += 1
            case .rightParenthesis:
                depth -= 1
                if depth == 0, current.effect != nil, current.scopeEnd == nil { current.scopeEnd = index }
            case .semicolon:
                if let statement = close(current, before: index + 1) { statements.append(statement) }
                current = Statement(tokens: index + 1..<index + 1)
            default: break
            }
        }
        if let statement = close(current, before: tokens.count) { statements.append(statement) }
    }

    /// The statement that a token belongs to.
    func statement(ofToken index: Int) -> Statement? {
        var low = 0
        var high = statements.count
        while low < high {
            let middle = (low + high) / 2
            if statements[middle].tokens.upperBound <= index { low = middle + 1 } else { high = middle }
        }
        return low < statements.count && statements[low].tokens.contains(index) ? statements[low] : nil
    }

    func span(_ statement: Statement) -> SourceSpan { span(statement.tokens.lowerBound...statement.tokens.upperBound - 1) }

    // MARK: Tokens at a place

    /// The last token that ends at a place or before it.
    func lastToken(endingBy offset: Int) -> Int? {
        var low = 0
        var high = tokens.count
        while low < high {
            let middle = (low + high) / 2
            if Int(tokens[middle].end) <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// The token that a place lies in, or else the one that ends there.
    func token(at offset: Int) -> Int? {
        let last = lastToken(endingBy: offset)
        let next = (last ?? -1) + 1
        if next < tokens.count, Int(tokens[next].start) <= offset { return next }
        guard let last, Int(tokens[last].end) == offset else { return nil }
        return last
    }

    /// Whether a place lies in a comment, which goes from `//` to the end of the line.
    func isComment(_ offset: Int) -> Bool {
        let start = lastToken(endingBy: offset).map { tokens[$0].end } ?? 0
        guard Int(start) < offset else { return false }
        let between = source.substring(SourceSpan(start..<UInt32(clamping: offset)))
        let line = between.utf8.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.last
        return line.map { Substring($0).contains("//") } ?? false
    }
}
