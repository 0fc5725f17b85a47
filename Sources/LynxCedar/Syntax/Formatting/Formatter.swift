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

    /// - Parameters:
    ///   - width: columns that a line should not go beyond; what cannot be broken does.
    ///   - indentation: columns of a level of indentation.
    ///   - maximumNesting: levels of nesting that are accepted.
    public init(width: Int = 80, indentation: Int = 2, maximumNesting: Int = NestingLimit.standard) {
        self.width = max(0, width)
        self.indentation = min(max(0, indentation), Formatter.maximumIndentation)
        self.maximumNesting = maximumNesting
    }

    /// Wider levels would make the text of deep nesting larger than memory.
    private static let maximumIndentation = 100

    /// Formats policies and templates in Cedar syntax.
    ///
    /// - Returns: the text, which ends with a newline.
    /// - Throws: ``ParseError`` with every fault of the text; also when the result would not have the same policies and the same
    ///   comments, which is a fault of the formatter.
    /// - Complexity: linear in the size of the text.
    public func format(policies source: SourceText) throws(ParseError) -> String {
        var current = source
        // XXX
        for _ in 0..<Formatter.maximumRounds {
            let formatted = SourceText(try formatOnce(current), name: source.name)
            if formatted.text.utf8.elementsEqual(current.text.utf8) { break }
            current = formatted
        }
        return current.text
    }

    func formatOnce(_ source: SourceText) throws(ParseError) -> String {
        let policies = try parsedPolicies(source)
        let tokens = CommentedTokens(source)
        var layout = PolicyLayout(tokens, width: width, indentation: indentation)
        let formatted = SourceText(String(decoding: layout.policies(), as: UTF8.self), name: source.name)
        guard try areEqual(policies, parsedPolicies(formatted)) else {
            throw refusal("formatting would change the meaning of the policies", source)
        }
        guard tokens.allComments() == CommentedTokens(formatted).allComments() else {
            throw refusal("formatting would lose a comment", source)
        }
        return formatted.text
    }
    func format(schema: SourceText) throws(ParseError) -> String { schema.text }
    private static let maximumRounds = 8
    private func parsedPolicies(_ source: SourceText) throws(ParseError) -> [Parser.PolicyOrTemplate] {
        var parser = try Parser(checked: source, maximumNesting: maximumNesting)
        let policies = parser.policies()
        try parser.diagnostics.finish()
        return policies
    }

    private func areEqual(_ first: [Parser.PolicyOrTemplate], _ second: [Parser.PolicyOrTemplate]) -> Bool {
        first.count == second.count
            && zip(first, second).allSatisfy { pair in
                switch pair {
                case (.policy(let first), .policy(let second)): first == second
                case (.template(let first), .template(let second)): first == second
                default: false
                }
            }
    }

    private func refusal(_ message: String, _ source: SourceText) -> ParseError {
        ParseError(
            Diagnostic(message, help: "this is a fault of the formatter: please report it with the text", source: source))
    }
}
