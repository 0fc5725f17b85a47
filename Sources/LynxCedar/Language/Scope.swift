/// What a policy's scope says about the principal or the resource.
///
/// `Reference` is ``EntityUID`` in a policy and ``TemplateReference`` in a template, where a slot may stand instead.
public enum ScopeConstraint<Reference: ScopeReference>: Hashable, Sendable {
    /// `principal`
    case any
    /// `principal == User::"alice"`
    case equal(Reference)
    /// `principal in Group::"staff"`
    case `in`(Reference)
    /// `principal is User`
    case `is`(Name)
    /// `principal is User in Group::"staff"`
    case isIn(Name, Reference)
}

/// What a policy's scope says about the action.
public enum ActionConstraint: Hashable, Sendable {
    /// `action`
    case any
    /// `action == Action::"view"`
    case equal(EntityUID)
    /// `action in Action::"read"` or `action in [Action::"view", Action::"list"]`
    case `in`([EntityUID])
}

/// What may stand on the right side of a scope constraint.
public protocol ScopeReference: Hashable, Sendable {
    /// The entity, or `nil` for a slot.
    var entity: EntityUID? { get }
}

extension EntityUID: ScopeReference {
    public var entity: EntityUID? { self }
}

/// A reference in the scope of a template: an entity, or the slot that a link fills.
public enum TemplateReference: ScopeReference {
    case entity(EntityUID)
    /// `?principal` or `?resource`, by the constraint that it stands in.
    case slot

    public var entity: EntityUID? {
        switch self {
        case .entity(let uid): uid
        case .slot: nil
        }
    }
}

extension TemplateReference: ExpressibleByStringLiteral {
    /// - Precondition: the literal is an entity uid.
    public init(stringLiteral value: String) { self = .entity(EntityUID(stringLiteral: value)) }
}

/// The slots that Cedar's templates have.
public enum SlotID: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    case principal = "?principal"
    case resource = "?resource"

    public var description: String { rawValue }
}

extension ScopeConstraint {
    /// The right side of `==` or `in`.
    public var reference: Reference? {
        switch self {
        case .any, .is: nil
        case .equal(let reference), .in(let reference), .isIn(_, let reference): reference
        }
    }

    /// The entity type after `is`.
    public var type: Name? {
        switch self {
        case .any, .equal, .in: nil
        case .is(let type), .isIn(let type, _): type
        }
    }

    /// The same constraint with another reference in place of this one's.
    public func map<Other, Failure: Error>(
        _ transform: (Reference) throws(Failure) -> Other
    ) throws(Failure) -> ScopeConstraint<Other> {
        switch self {
        case .any: .any
        case .equal(let reference): .equal(try transform(reference))
        case .in(let reference): .in(try transform(reference))
        case .is(let type): .is(type)
        case .isIn(let type, let reference): .isIn(type, try transform(reference))
        }
    }
}
