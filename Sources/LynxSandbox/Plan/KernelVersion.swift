/// A version of Linux, as in `6.1`.
public struct KernelVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a version; what stands behind the second number, such as the rest of a release name, does not count.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber }) else { return nil }
        self.init(major, minor)
    }

    /// The oldest that programs are made for.
    public static let oldest = KernelVersion(6, 1)

    /// The newest that they were tried on.
    public static let newestTried = KernelVersion(6, 18)

    public static func < (lhs: KernelVersion, rhs: KernelVersion) -> Bool { (lhs.major, lhs.minor) < (rhs.major, rhs.minor) }

    public var description: String { "\(major).\(minor)" }
}
