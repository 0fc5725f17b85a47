/// Gives policies and schemas the one layout that they all share, and keeps every comment.
///
/// Policies are laid out as the reference implementation's formatter does. What has been formatted, formatting leaves as it is.
///
///     let formatter = Formatter()
///     try formatter.format(policies: SourceText("permit(principal,action,resource)when{true};"))
///     // permit (principal, action, resource)
///     // when { true };
public struct Formatter: Sendable {
    /// Columns that a line should not go beyond.
    public let width: Int
    /// Columns of a level of indentation.
    public let indentation: Int
    let maximumNesting: Int

    /// Wider levels would let deep nesting make a text many times its size.
    public static let maximumIndentation = 80

    /// - Parameters:
    ///   - width: columns that a line should not go beyond; what cannot be broken does.
    ///   - indent: columns of a level of indentation, at most ``maximumIndentation``.
    ///   - maximumNesting: levels of nesting that are accepted.
    public init(width: Int = 80, indent: Int = 2, maximumNesting: Int = NestingLimit.standard) {
        self.width = max(0, width)
        self.indentation = min(max(0, indent), Formatter.maximumIndentation)
        self.maximumNesting = maximumNesting
    }

    /// Formats policies and templates in Cedar syntax.
    ///
    /// - Returns: the text, which ends with a newline.
    /// - Throws: ``ParseError`` with every fault of the text; also when the result would not have the same policies and the same
    ///   comments, which is a fault of the formatter.
    /// - Complexity: linear in the size of the text.
    public func format(policies source: SourceText) throws(ParseError) -> String {
        try format(policies: source) { tokens in
            var layout = PolicyLayout(tokens, width: width, indentation: indentation)
            return layout.policies()
        }
    }

    /// Formats a schema in Cedar syntax; see ``format(policies:)``. What its names mean is not looked at.
    public func format(schema source: SourceText) throws(ParseError) -> String {
        try format(schema: source) { tokens in
            var layout = SchemaLayout(tokens, width: width, indentation: indentation)
            return layout.schema()
        }
    }

    func format(policies source: SourceText, by layout: (CommentedTokens) -> [UInt8]) throws(ParseError) -> String {
        let policies = try policies(of: source)
        return try settled(source, layout: layout) { formatted, _ throws(ParseError) in
            try Parser.areEqual(policies, self.policies(of: formatted))
        }
    }

    func format(schema source: SourceText, by layout: (CommentedTokens) -> [UInt8]) throws(ParseError) -> String {
        _ = try SchemaFragment(cedar: source, maximumNesting: maximumNesting)
        let words = CommentedTokens(source).words()
        return try settled(source, layout: layout) { formatted, tokens throws(ParseError) in
            // The same tokens make the same declarations.
            _ = try SchemaFragment(cedar: formatted, maximumNesting: maximumNesting)
            return words == tokens.words()
        }
    }

    /// Lays a text out again and again until nothing changes any more, and checks each result.
    ///
    /// Mostly nothing changes the second time. But the reference's formatter has comments that change their place twice, and its result is
    /// not final until it is given its own text.
    private func settled(
        _ source: SourceText, layout: (CommentedTokens) -> [UInt8],
        accepts: (SourceText, CommentedTokens) throws(ParseError) -> Bool
    ) throws(ParseError) -> String {
        var current = source
        var tokens = CommentedTokens(source)
        let comments = tokens.allComments()
        for _ in 0..<Formatter.maximumRounds {
            let bytes = layout(tokens)
            if bytes.elementsEqual(current.text.utf8) { break }
            let formatted = SourceText(String(decoding: bytes, as: UTF8.self), name: source.name)
            tokens = CommentedTokens(formatted)
            guard isAccepted({ () throws(ParseError) in try accepts(formatted, tokens) }) else {
                throw refusal("formatting would change the meaning of the text", source)
            }
            guard tokens.allComments() == comments else { throw refusal("formatting would lose a comment", source) }
            current = formatted
        }
        return current.text
    }

    private static let maximumRounds = 8

    /// Whether the result is as it should be; one that does not even parse is not.
    private func isAccepted(_ accepts: () throws(ParseError) -> Bool) -> Bool {
        do throws(ParseError) {
            return try accepts()
        } catch {
            return false
        }
    }

    private func policies(of source: SourceText) throws(ParseError) -> [Parser.PolicyOrTemplate] {
        var parser = try Parser(checked: source, maximumNesting: maximumNesting)
        let policies = parser.policies()
        try parser.diagnostics.finish()
        return policies
    }

    private func refusal(_ message: String, _ source: SourceText) -> ParseError {
        ParseError(
            Diagnostic(message, help: "this is a fault of the formatter: please report it with the text", source: source))
    }
}

extension Parser {
    fileprivate static func areEqual(_ first: [PolicyOrTemplate], _ second: [PolicyOrTemplate]) -> Bool {
        first.count == second.count
            && zip(first, second).allSatisfy { pair in
                switch pair {
                case (.policy(let first), .policy(let second)): first == second
                case (.template(let first), .template(let second)): first == second
                default: false
                }
            }
    }
}

extension CommentedTokens {
    /// The texts of all tokens but the commas that may stand or not stand before a closing bracket.
    fileprivate func words() -> [ArraySlice<UInt8>] {
        tokens.indices.compactMap { index in
            let token = tokens[index]
            if token.kind == .comma, index + 1 < tokens.count, tokens[index + 1].kind == .rightBrace { return nil }
            return bytes[Int(token.start)..<Int(token.end)]
        }
    }
}
