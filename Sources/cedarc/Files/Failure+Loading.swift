import LynxSandbox

extension Failure {
    /// What kept an object from being made or loaded; what the compiler or the verifier said stands below the message.
    init(_ error: LoadingError) {
        self.init(error.message + (error.verifierLog.map { ":\n\($0)" } ?? ""), help: error.help)
    }
}
