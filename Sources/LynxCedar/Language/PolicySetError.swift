/// Why a policy set could not be changed as asked. The set stays as it was.
public enum PolicySetError: Error, Hashable, Sendable {
    /// A policy or template with this id exists already.
    case duplicateID(PolicyID)
    case policyUnknown(PolicyID)
    case templateUnknown(PolicyID)
    /// The template has links, which must go first.
    case templateInUse(PolicyID, links: [PolicyID])
    /// The policy is not a link, so it is removed, not unlinked.
    case notALink(PolicyID)
    /// The policy is a link, so it is unlinked, not removed.
    case isALink(PolicyID)
    /// The policy says that it is linked from the template, and is not what the link gives.
    case linkAltered(PolicyID, template: PolicyID)
    case slotMissing(SlotID, template: PolicyID)
    case slotUnknown(SlotID, template: PolicyID)
}

extension PolicySetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicateID(let id): "the id `\(id)` is taken"
        case .policyUnknown(let id): "there is no policy `\(id)`"
        case .templateUnknown(let id): "there is no template `\(id)`"
        case .templateInUse(let id, let links):
            "the template `\(id)` cannot be removed while it is linked by \(links.map { "`\($0)`" }.joined(separator: ", "))"
        case .notALink(let id): "`\(id)` is not linked from a template; remove it instead"
        case .isALink(let id): "`\(id)` is linked from a template; unlink it instead"
        case .linkAltered(let id, let template):
            "the policy `\(id)` is not what its link to the template `\(template)` gives"
        case .slotMissing(let slot, let template): "the link gives no value for \(slot) of the template `\(template)`"
        case .slotUnknown(let slot, let template): "the template `\(template)` has no slot \(slot)"
        }
    }
}
