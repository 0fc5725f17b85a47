/// Why a sandbox could not be brought into the kernel, or out of it.
public struct LoadingError: Error, Sendable, CustomStringConvertible {
    /// A sentence without a stop.
    public let message: String
    /// What to do about it, where that is known.
    public let help: String?
    /// The system's own words, where that is where it came from.
    let cause: String?
    /// The end of what the kernel's verifier said. It means a fault of ours, not of the policies.
    public let verifierLog: String?

    public init(_ message: String, help: String? = nil, verifierLog: String? = nil) {
        self.init(message, help: help, cause: nil, verifierLog: verifierLog)
    }

    init(_ message: String, help: String?, cause: String?, verifierLog: String? = nil) {
        self.message = message
        self.cause = cause
        self.help = help
        self.verifierLog = verifierLog
    }

    /// What went wrong with a call of the system.
    static func system(_ doing: String, _ code: Int32, help: String? = nil) -> LoadingError {
        let cause = String(cString: strerror(code))
        return LoadingError("cannot \(doing): \(cause)", help: help, cause: cause)
    }

    public var description: String { message }
}
