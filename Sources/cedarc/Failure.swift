import LynxCedar

/// What kept a command from doing its work.
struct Failure: Error {
    /// What to tell the user; empty when there is nobody left to tell, as when the reader of our output has gone.
    let diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    init(_ message: String, help: String? = nil) {
        self.diagnostics = [Diagnostic(message, help: help)]
    }

    init(_ error: ParseError) {
        self.diagnostics = error.diagnostics
    }

    /// Runs what may find a text faulty.
    static func onParseError<Result>(_ body: () throws(ParseError) -> Result) throws(Failure) -> Result {
        do throws(ParseError) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }
}
