public enum Effect: String, Hashable, Sendable, CustomStringConvertible {
    case permit, forbid

    public var description: String { rawValue }
}

/// A `when` or `unless` clause of a policy.
public struct Condition: Sendable {
    public enum Kind: String, Hashable, Sendable {
        case when, unless
    }

    public let kind: Kind
    public let body: Expression
    public let span: SourceSpan?

    public init(_ kind: Kind, _ body: Expression, span: SourceSpan? = nil) {
        self.kind = kind
        self.body = body
        self.span = span
    }
}

extension Condition: Hashable {
    public static func == (lhs: Condition, rhs: Condition) -> Bool { lhs.kind == rhs.kind && lhs.body == rhs.body }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(body)
    }
}

/// A policy: permits or forbids the requests that match its scope and satisfy its conditions.
public typealias Policy = PolicyStatement<EntityUID>

/// A policy with slots in its scope; linking it to entities gives a ``Policy``.
public typealias Template = PolicyStatement<TemplateReference>

/// What policies and templates have in common; they differ in what the scope may refer to.
///
/// Equality is structural: it ignores ids, spans, sources and the link that a policy may come from.
public struct PolicyStatement<Reference: ScopeReference>: Sendable {
    public var id: PolicyID
    public var effect: Effect
    /// In source order with distinct keys.
    public var annotations: [Annotation]
    public var principal: ScopeConstraint<Reference>
    public var action: ActionConstraint
    public var resource: ScopeConstraint<Reference>
    public var conditions: [Condition]

    /// The text that this was read from, for diagnostics; `nil` when a program built it.
    public var source: SourceText?
    public var span: SourceSpan?
    /// Where the three elements of the scope stand in the source.
    public var scopeSpans: ScopeSpans

    /// The template and slot values that this policy was linked from, if it was.
    public internal(set) var link: TemplateLink?

    public init(
        id: PolicyID,
        effect: Effect,
        annotations: [Annotation] = [],
        principal: ScopeConstraint<Reference> = .any,
        action: ActionConstraint = .any,
        resource: ScopeConstraint<Reference> = .any,
        conditions: [Condition] = [],
        source: SourceText? = nil,
        span: SourceSpan? = nil,
        scopeSpans: ScopeSpans = ScopeSpans()
    ) {
        self.id = id
        self.effect = effect
        self.annotations = annotations
        self.principal = principal
        self.action = action
        self.resource = resource
        self.conditions = conditions
        self.source = source
        self.span = span
        self.scopeSpans = scopeSpans
    }

    /// The value of an annotation; the empty string for a bare one, `nil` where there is none.
    public func annotation(_ key: String) -> CedarString? {
        annotations.first { $0.key == key }.map { $0.value ?? "" }
    }
}

/// The spans of a scope's three elements, and of what these name.
public struct ScopeSpans: Sendable {
    public var principal: SourceSpan?
    public var action: SourceSpan?
    public var resource: SourceSpan?
    /// What stands in the principal's element, where that is known.
    public var principalNames = Names()
    public var resourceNames = Names()
    /// The actions in their order; none where the places are not known.
    public var actions: [SourceSpan] = []

    /// The parts of an element `is TYPE in ENTITY`.
    public struct Names: Sendable {
        public var type: SourceSpan?
        /// The entity or slot.
        public var reference: SourceSpan?

        public init(type: SourceSpan? = nil, reference: SourceSpan? = nil) {
            self.type = type
            self.reference = reference
        }
    }

    public init(principal: SourceSpan? = nil, action: SourceSpan? = nil, resource: SourceSpan? = nil) {
        self.principal = principal
        self.action = action
        self.resource = resource
    }

    /// Where an action stands, by its number; at least the element that it is in.
    func action(at index: Int) -> SourceSpan? { index < actions.count ? actions[index] : action }
}

/// The origin of a linked policy.
public struct TemplateLink: Hashable, Sendable {
    public let template: PolicyID
    public let values: [SlotID: EntityUID]

    public init(template: PolicyID, values: [SlotID: EntityUID]) {
        self.template = template
        self.values = values
    }
}

extension PolicyStatement: Hashable {
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.effect == rhs.effect && lhs.annotations == rhs.annotations && lhs.principal == rhs.principal
            && lhs.action == rhs.action && lhs.resource == rhs.resource && lhs.conditions == rhs.conditions
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(effect)
        hasher.combine(annotations)
        hasher.combine(principal)
        hasher.combine(action)
        hasher.combine(resource)
        hasher.combine(conditions)
    }
}

extension Template {
    /// The slots that a link must fill, principal before resource.
    public var slots: [SlotID] {
        var slots: [SlotID] = []
        if principal.reference == .slot { slots.append(.principal) }
        if resource.reference == .slot { slots.append(.resource) }
        return slots
    }

    /// The policy that comes of filling the slots.
    ///
    /// - Throws: ``PolicySetError/slotMissing(_:template:)`` or ``PolicySetError/slotUnknown(_:template:)`` when `values` has not exactly the template's slots.
    public func linked(as id: PolicyID, values: [SlotID: EntityUID]) throws(PolicySetError) -> Policy {
        for slot in SlotID.allCases where values[slot] != nil && !slots.contains(slot) {
            throw .slotUnknown(slot, template: self.id)
        }
        func fill(
            _ constraint: ScopeConstraint<TemplateReference>, _ slot: SlotID
        ) throws(PolicySetError) -> ScopeConstraint<EntityUID> {
            func entity(_ reference: TemplateReference) throws(PolicySetError) -> EntityUID {
                guard let uid = reference.entity ?? values[slot] else { throw .slotMissing(slot, template: self.id) }
                return uid
            }
            return try constraint.map(entity)
        }
        let principal = try fill(principal, .principal)
        let resource = try fill(resource, .resource)
        var policy = Policy(
            id: id, effect: effect, annotations: annotations,
            principal: principal, action: action, resource: resource, conditions: conditions,
            source: source, span: span, scopeSpans: scopeSpans
        )
        policy.link = TemplateLink(template: self.id, values: values)
        return policy
    }
}

extension Policy {
    /// The statement of a template as a policy.
    ///
    /// - Returns: `nil` when a slot stands in its scope.
    init?(withoutSlots template: Template) {
        guard let principal = template.principal.withoutSlot, let resource = template.resource.withoutSlot else {
            return nil
        }
        self.init(
            id: template.id, effect: template.effect, annotations: template.annotations,
            principal: principal, action: template.action, resource: resource, conditions: template.conditions,
            source: template.source, span: template.span, scopeSpans: template.scopeSpans
        )
    }
}

extension ScopeConstraint<TemplateReference> {
    /// The constraint of a policy, `nil` where a slot stands.
    fileprivate var withoutSlot: ScopeConstraint<EntityUID>? {
        switch self {
        case .any: .any
        case .is(let type): .is(type)
        case .equal(let reference): reference.entity.map { .equal($0) }
        case .in(let reference): reference.entity.map { .in($0) }
        case .isIn(let type, let reference): reference.entity.map { .isIn(type, $0) }
        }
    }
}

extension Template {
    /// The same statement as a template that has no slots.
    init(_ policy: Policy) {
        self.init(
            id: policy.id, effect: policy.effect, annotations: policy.annotations,
            principal: policy.principal.map { .entity($0) }, action: policy.action, resource: policy.resource.map { .entity($0) },
            conditions: policy.conditions, source: policy.source, span: policy.span, scopeSpans: policy.scopeSpans)
    }
}
