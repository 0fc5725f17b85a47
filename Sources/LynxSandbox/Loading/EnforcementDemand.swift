/// What a kernel has to prevent for policies to be put in force there.
public enum EnforcementDemand: Sendable, Hashable {
    /// Every operation, whether a policy speaks of it or not.
    case everything
    /// The operations that policies speak of. An operation may also be killed after the fact, where that is what they ask for.
    case mentioned
    /// What the kernel can: the rest passes.
    case whatThereIs
}

/// How the rules of a set of policies reach an operation.
struct OperationMention: Hashable, Sendable {
    /// Some rule counts on a refusal: a permit, which leaves the rest denied, or a forbid that does not kill.
    var asksForRefusal: Bool
    /// Some rule has the process killed.
    var asksForKill: Bool
    /// Some forbid counts on the refusal of sockets that are of no internet family.
    var refusesOtherSockets = false
    /// Some rule has those killed who make such sockets.
    var killsOtherSockets = false
}
