/// Why a sandbox could not be brought into the kernel, or out of it.
public struct LoadingError: Error, Sendable, CustomStringConvertible {
    /// A sentence without a stop.
    public let message: String
    /// What to do about it, where that is known.
    public let help: String?
    /// The end of what the kernel's verifier said. It means a fault of ours, not of the policies.
    public let verifierLog: String?

    public init(_ message: String, help: String? = nil, verifierLog: String? = nil) {
        self.message = message
        self.help = help
        self.verifierLog = verifierLog
    }

    /// What went wrong with a call of the system.
    static func system(_ doing: String, _ code: Int32, help: String? = nil) -> LoadingError {
        LoadingError("cannot \(doing): \(String(cString: strerror(code)))", help: help)
    }

    public var description: String { message }
}
