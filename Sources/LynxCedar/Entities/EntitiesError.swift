/// Why entities cannot make up a store.
public enum EntitiesError: Error, Hashable, Sendable {
    /// An entity would be its own ancestor. The path goes from it through its ancestors back to it.
    case cycle([EntityUID])
    /// Two entities with the same uid differ in attributes, tags or parents.
    case contradictoryDuplicate(EntityUID)
    /// An entity has a parent, and that one has another, which the entity does not list although the parents
    /// of each entity are promised to be all its ancestors.
    case closureIncomplete(EntityUID, parent: EntityUID, missing: EntityUID)

    /// The entity that is at fault.
    public var uid: EntityUID? {
        switch self {
        case .cycle(let path): path.first
        case .contradictoryDuplicate(let uid), .closureIncomplete(let uid, _, _): uid
        }
    }

    /// What can be done about it.
    var help: String {
        switch self {
        case .cycle: "remove one of the parents on the way"
        case .contradictoryDuplicate: "keep one of the entities"
        case .closureIncomplete(_, _, let missing): "add `\(missing)` to the parents, or have the closure computed"
        }
    }
}

extension EntitiesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cycle(let path):
            "the entities' parents form a cycle: \(EntitiesError.shown(path))"
        case .contradictoryDuplicate(let uid):
            "there are two different entities with the uid `\(uid)`"
        case .closureIncomplete(let uid, let parent, let missing):
            "`\(uid)` does not list its ancestor `\(missing)` among its parents, which it has through `\(parent)`"
        }
    }

    /// The path, without the middle of a long one.
    private static func shown(_ path: [EntityUID]) -> String {
        let shown = path.count <= 8 ? path[...] : path.prefix(6)
        let text = shown.map { "`\($0)`" }.joined(separator: " -> ")
        guard shown.count < path.count, let last = path.last else { return text }
        return text + " -> (\(path.count - shown.count - 1) more) -> `\(last)`"
    }
}
