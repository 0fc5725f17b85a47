/// How far a kernel goes for a sandbox as a whole.
public enum SandboxTier: String, Sendable, Hashable {
    /// LSM programs refuse operations.
    case prevented
    /// Network operations are refused; others are killed after the fact where a policy asks for it, and otherwise pass.
    case network

    /// The best that the kernel can do.
    ///
    /// - Throws: when it can do nothing.
    public init(_ capabilities: KernelCapabilities) throws(LoadingError) {
        if capabilities.lsm.isYes {
            self = .prevented
        } else if case .no(let reason, let help) = capabilities.cgroup {
            throw LoadingError("this kernel can enforce nothing: \(reason)", help: help)
        } else {
            self = .network
        }
    }
}
