import LynxCedar

/// Why a part of a policy cannot be enforced exactly, and what to write instead.
struct Refusal: Error, Hashable {
    let reason: String
    let suggestion: String
    let span: SourceSpan?

    init(_ reason: String, suggestion: String, at span: SourceSpan?) {
        self.reason = reason
        self.suggestion = suggestion
        self.span = span
    }

    func diagnostic(in policy: Policy) -> Diagnostic {
        Diagnostic(
            "this cannot be enforced exactly: \(reason)", span: span ?? policy.span, help: suggestion, source: policy.source,
            code: "sandbox-refusal")
    }
}
