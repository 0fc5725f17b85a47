/// How records are kept.
public struct AuditSettings: Hashable, Sendable {
    public var durability: Durability
    public var unrecorded: Unrecorded
    /// The size in bytes from which on a file is put aside and another begun; `nil` for one file.
    public var rotation: Int64?
    public var mask: AuditMask

    public enum Durability: Hashable, Sendable {
        /// Every record is on the disk before it is acknowledged. Records that come together share the wait.
        case always
        /// Records are on the disk after so many milliseconds at most: a loss of power may cost those.
        case interval(Int)
    }

    /// What becomes of a decision that cannot be recorded.
    public enum Unrecorded: String, CaseIterable, Hashable, Sendable {
        case deny
        case allow
    }

    public init(_ durability: Durability, unrecorded: Unrecorded = .deny, rotation: Int64? = nil, mask: AuditMask = AuditMask()) {
        self.durability = durability
        self.unrecorded = unrecorded
        self.rotation = rotation
        self.mask = mask
    }
}
