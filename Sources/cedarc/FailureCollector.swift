import LynxCedar

/// Gathers what is wrong with several inputs, so that the user learns all of it at once.
struct FailureCollector {
    private var diagnostics: [Diagnostic] = []

    /// The result of `body`, or `nil` with its failure kept for ``finish()``.
    mutating func attempt<Result>(_ body: () throws(Failure) -> Result) -> Result? {
        do throws(Failure) {
            return try body()
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    mutating func add(_ failure: Failure) {
        diagnostics += failure.diagnostics
    }

    /// - Throws: everything that went wrong, if anything did.
    func finish() throws(Failure) {
        guard diagnostics.isEmpty else { throw Failure(diagnostics) }
    }
}
