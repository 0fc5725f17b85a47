/// What a sandbox comes to on the kernel that it is in force on.
public struct SandboxStrength: Sendable {
    public let tier: SandboxTier
    /// What is not prevented.
    public let gaps: [EnforcementGap]
    /// What policies speak of and is not prevented, or not killed where that is what they ask for.
    public let unmet: [EnforcementGap]
    public let programs: [ProgramCount]
}
