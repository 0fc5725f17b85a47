/// A request of which a part may be unknown.
///
/// It stands for its completions: the requests that agree with it in everything that is known.
public struct PartialRequest: Hashable, Sendable {
    public var principal: PartialEntityUID
    public var action: PartialEntityUID
    public var resource: PartialEntityUID
    public var context: PartialRecord
    /// The entities of which nothing but the uid is known.
    public var unknownEntities: UnknownEntities

    public init(
        principal: PartialEntityUID = .unknown(),
        action: PartialEntityUID = .unknown(),
        resource: PartialEntityUID = .unknown(),
        context: PartialRecord = .unknown,
        unknownEntities: UnknownEntities = .none
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
        self.unknownEntities = unknownEntities
    }

    /// The request with nothing unknown.
    public init(_ request: Request) {
        self.init(
            principal: .known(request.principal),
            action: .known(request.action),
            resource: .known(request.resource),
            context: PartialRecord(request.context)
        )
    }

    /// Whether `request` is one of the completions.
    public func isCompleted(by request: Request) -> Bool {
        principal.isCompleted(by: request.principal)
            && action.isCompleted(by: request.action)
            && resource.isCompleted(by: request.resource)
            && context.isCompleted(by: request.context)
    }
}

/// The principal, action or resource of a partial request.
public enum PartialEntityUID: Hashable, Sendable {
    case known(EntityUID)
    /// Some entity: of the given type, or with `nil` of any.
    case unknown(type: Name? = nil)

    /// Whether `uid` is one of the completions.
    public func isCompleted(by uid: EntityUID) -> Bool {
        switch self {
        case .known(let known): known == uid
        case .unknown(let type): type == nil || type == uid.type
        }
    }
}

/// The entities whose attributes, tags and ancestors are unknown, whatever the store holds of them.
///
/// All others are known: a completed store has them with the same attributes and tags, lacks them where this one does, and gives them
/// further ancestors only through an unknown one.
public enum UnknownEntities: Hashable, Sendable {
    case none
    case only(Set<EntityUID>)
    /// Every entity that is not in the store.
    case missing

    /// Whether the entity is one of the unknown, given the store.
    func contains(_ uid: EntityUID, in entities: Entities) -> Bool {
        switch self {
        case .none: false
        case .only(let uids): uids.contains(uid)
        case .missing: entities[uid] == nil
        }
    }
}
