/// Turns policies, token by token, into documents that are laid out as the reference implementation's formatter does.
///
/// It reads the text by the grammar that the parser has found it to follow. Where a token is not what the grammar says it is nevertheless
/// written, and whoever compares the results will see what became of it.
///
/// A comment goes where its token goes: those before the token on lines of their own, the one behind it to the end of the line.
struct PolicyLayout {
    private(set) var tokens: CommentedTokens
    private(set) var position = 0
    var document: LayoutDocument
    let indentation: Int

    init(_ tokens: CommentedTokens, width: Int, indentation: Int) {
        self.tokens = tokens
        self.document = LayoutDocument(width: width)
        self.indentation = indentation
    }

    /// The text of all policies.
    mutating func policies() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(tokens.bytes.count)
        var buffer: [UInt8] = []
        while kind != nil {
            if !output.isEmpty { output += [UInt8(ascii: "\n"), UInt8(ascii: "\n")] }
            layOutPolicy()
            buffer.removeAll(keepingCapacity: true)
            document.render(tokens.bytes, into: &buffer)
            EmptyLines.remove(from: buffer, into: &output)
        }
        // An empty text stays empty.
        if !tokens.bytes.isEmpty { output.append(UInt8(ascii: "\n")) }
        for comment in tokens.closing {
            output += tokens.bytes[comment]
            output.append(UInt8(ascii: "\n"))
        }
        return output
    }

    private mutating func layOutPolicy() {
        let start = position
        document.removeAll()
        policy()
        // The comments of commas that are not written, which the reference's formatter loses, go to the brackets behind them.
        guard tokens.passOn(in: start..<position) else { return }
        position = start
        document.removeAll()
        policy()
    }

    // MARK: Tokens

    /// `nil` at the end.
    var kind: Token.Kind? { kind(ahead: 0) }

    func kind(ahead: Int) -> Token.Kind? {
        position + ahead < tokens.tokens.count ? tokens.tokens[position + ahead].kind : nil
    }

    private func isWord(ahead: Int) -> Bool {
        position + ahead < tokens.tokens.count && tokens.tokens[position + ahead].isWord
    }

    /// What stands behind a token that has no comment there.
    enum Separator {
        case nothing, space, line, hardLine
    }

    /// Writes the current token with its comments and goes on to the next.
    mutating func token(then separator: Separator = .nothing) {
        let comments = tokens.take(position)
        token(comments, then: separator)
    }

    /// Writes the current token with comments that may be another's.
    mutating func token(_ comments: CommentedTokens.Comments, then separator: Separator = .nothing) {
        append(leading: comments.leading)
        appendText()
        append(trailing: comments.trailing, else: separator)
    }

    /// Writes the current token without its comments and goes on to the next.
    private mutating func appendText() {
        guard position < tokens.tokens.count else { return }
        let token = tokens.tokens[position]
        var start = Int(token.start)
        if token.kind == .number {
            let digits = tokens.bytes[start..<Int(token.end) - 1]
            start = digits.firstIndex { $0 != UInt8(ascii: "0") } ?? digits.endIndex
        }
        document.text(start..<Int(token.end), of: tokens.bytes)
        position += 1
    }

    mutating func append(leading comments: [Range<Int>]) {
        guard !comments.isEmpty else { return }
        document.hardLine()
        for comment in comments {
            document.comment(comment, of: tokens.bytes)
        }
    }

    private mutating func append(trailing comment: Range<Int>?, else separator: Separator) {
        if let comment {
            document.space()
            document.comment(comment, of: tokens.bytes)
            return
        }
        switch separator {
        case .nothing: break
        case .space: document.space()
        case .line: document.line()
        case .hardLine: document.hardLine()
        }
    }

    mutating func takeComments() -> CommentedTokens.Comments { tokens.take(position) }

    mutating func takeLeadingComments() -> [Range<Int>] { tokens.takeLeading(position) }

    /// Goes past a token that is not written.
    mutating func skipToken() { position += 1 }

    // MARK: Policies

    private mutating func policy() {
        while kind == .at { annotation() }
        append(leading: takeLeadingComments())
        document.open()
        token()
        document.line()
        token()
        document.close()
        scope()
        if kind == .comma { skipTrailingComma(then: followedByCondition(ahead: 1) ? .hardLine : .nothing) } else {
            token(then: followedByCondition(ahead: 0) ? .hardLine : .nothing)
        }
        while isWord(ahead: 0) {
            condition()
            if isWord(ahead: 0) { document.hardLine() }
        }
        token()
    }

    private func followedByCondition(ahead: Int) -> Bool { isWord(ahead: ahead + 1) }

    /// The comma behind the last element of the scope goes, and its comments stay.
    private mutating func skipTrailingComma(then separator: Separator) {
        let comments = takeComments()
        skipToken()
        token(comments, then: separator)
    }

    private mutating func annotation() {
        token()
        token()
        guard kind == .leftParenthesis else { return document.hardLine() }
        token()
        token()
        token(then: .hardLine)
    }

    // MARK: Scope

    /// What stands between the parentheses: on one line where no variable is constrained, otherwise a line for each.
    private mutating func scope() {
        let isUnconstrained =
            isWord(ahead: 0) && kind(ahead: 1) == .comma && isWord(ahead: 2) && kind(ahead: 3) == .comma && isWord(ahead: 4)
            && (kind(ahead: 5) == .comma || kind(ahead: 5) == .rightParenthesis)
        let separator: Separator = isUnconstrained ? .space : .hardLine
        if isUnconstrained { document.open() }
        document.indent(indentation)
        if !isUnconstrained { document.hardLine() }
        variable()
        while kind == .comma, kind(ahead: 1) != .rightParenthesis {
            token(then: separator)
            variable()
        }
        document.outdent(indentation)
        if isUnconstrained { document.close() } else { document.hardLine() }
    }

    /// `principal is TYPE in ENTITY`, with or without its parts.
    private mutating func variable() {
        let comments = takeComments()
        append(leading: comments.leading)
        let whole = document.mark()
        let left = document.mark()
        token(CommentedTokens.Comments(trailing: comments.trailing))
        if kind == .is { typeTest() }
        guard kind == .in || kind == .equal else { return }
        document.line()
        token()
        document.group(from: left)
        document.indent(indentation)
        document.line()
        expression()
        document.outdent(indentation)
        document.group(from: whole)
    }

    private mutating func typeTest() {
        document.open()
        document.indent(indentation)
        document.open()
        document.line()
        token()
        document.close()
        document.line()
        sum()
        document.outdent(indentation)
        document.close()
    }

    // MARK: Conditions

    /// `when { EXPRESSION }`
    private mutating func condition() {
        let comments = takeComments()
        append(leading: comments.leading)
        document.open()
        token(CommentedTokens.Comments(trailing: comments.trailing), then: .line)
        let brace = takeComments()
        append(leading: brace.leading)
        appendText()
        document.open()
        document.indent(indentation)
        append(trailing: brace.trailing, else: .line)
        append(leading: takeLeadingComments())
        document.open()
        expression()
        document.close()
        document.outdent(indentation)
        document.line()
        token()
        document.close()
        document.close()
    }
}
