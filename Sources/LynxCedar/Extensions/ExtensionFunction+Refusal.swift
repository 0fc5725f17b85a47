extension ExtensionFunction {
    /// The error of a constructor whose argument is not text of its type.
    ///
    /// - Parameters:
    ///   - text: the argument. The message shows its beginning only, escaped: it may have come with a request.
    ///   - reason: what is wrong with the text, as the end of the sentence that it begins.
    ///   - help: what well-formed text looks like.
    func refusal(of text: String, because reason: String, help: String) -> EvaluationError {
        let scalars = text.unicodeScalars
        let shown = scalars.prefix(48)
        let quoted = CedarString(Substring(shown)).literal
        let ellipsis = shown.endIndex == scalars.endIndex ? "" : "..."
        return EvaluationError(.extensionFunction(self, "\(quoted)\(ellipsis) \(reason)"), help: help)
    }
}
