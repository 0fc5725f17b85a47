/// The text as a row of tokens, for tools that must make something of texts that do not parse.
extension SourceText {
    /// The tokens in their order, without the end. What is no token is left out, and nothing is reported.
    ///
    /// Linear in the size of the text; a text that is too large for spans has none.
    package func tokens() -> [Token] {
        guard text.utf8.count <= SourceText.maximumSize else { return [] }
        var lexer = Lexer(self, diagnostics: DiagnosticCollector(source: nil))
        var tokens: [Token] = []
        while true {
            let token = lexer.next()
            guard token.kind != .end else { return tokens }
            tokens.append(token)
            // Faults are not kept: when they become too many, the lexer gives up.
            lexer.diagnostics = DiagnosticCollector(source: nil)
        }
    }

    /// What a string token says; `nil` when it is not closed or has a malformed escape in it.
    package func content(of string: Token) -> CedarString? {
        let literal = Array(substring(string.span).utf8)
        let quote = UInt8(ascii: "\"")
        guard string.kind == .string, literal.count >= 2, literal.first == quote, literal.last == quote else { return nil }
        var content = String.UnicodeScalarView()
        let faults = Escapes.decode(literal[1..<literal.count - 1], allowStar: false) { element in
            if case .scalar(let scalar) = element { content.append(scalar) }
        }
        return faults.isEmpty ? CedarString(String(content)) : nil
    }
}
