import LynxCedar
import LynxIdentity

/// The policies in force at one moment, and what they decide by.
public struct PolicySnapshot: Sendable {
    let authorizer: Authorizer
    /// Policies that are tried out: they decide too, and nothing follows from it.
    private let shadow: Authorizer?
    /// What requests are checked against; `nil` when they are not.
    let schema: Schema?
    /// Whether a forbid that cannot be evaluated denies. Cedar itself skips it, and what it was meant to stop goes on.
    let deniesOnForbidErrors: Bool
    private let forbids: Set<PolicyID>
    private let overlays: OverlaidAuthorizers

    public init(
        policies: PolicySet, shadow: PolicySet? = nil, entities: Entities, schema: Schema?, deniesOnForbidErrors: Bool = true
    ) {
        authorizer = Authorizer(policies: policies, entities: entities, schema: schema)
        self.shadow = shadow.map { Authorizer(policies: $0, entities: entities, schema: schema) }
        self.schema = schema
        overlays = OverlaidAuthorizers(entityCount: entities.count)
        self.deniesOnForbidErrors = deniesOnForbidErrors
        forbids = Set(policies.policies.lazy.filter { $0.effect == .forbid }.map(\.id))
    }

    public struct Answer: Sendable {
        public let isAllowed: Bool
        /// A code where the policies do not say it themselves.
        public let reason: String
        public let policies: [PolicyID]
        public let errors: [PolicyError]
        public let shadow: (isAllowed: Bool, policies: [PolicyID])?
        /// What the policies that decided want the caller to be told, by their annotation `@message`. Nothing else is told.
        public var messages: [CedarString] = []
    }

    public func decide(_ question: AccessQuestion) -> Answer {
        let request = question.request
        if let schema {
            do throws(ConformanceError) {
                try schema.check(request)
            } catch {
                return Answer(isAllowed: false, reason: "request-not-in-schema", policies: [], errors: [], shadow: nil)
            }
        }
        guard let asked = authorizers(for: question) else {
            return Answer(isAllowed: false, reason: "entities-cyclic", policies: [], errors: [], shadow: nil)
        }
        let response = asked.authorizer.isAuthorized(request)
        let errors = response.errors
        let tried = asked.shadow.map { $0.isAuthorized(request) }.map { ($0.decision == .allow, $0.reasons) }
        if deniesOnForbidErrors, response.decision == .allow, errors.contains(where: { forbids.contains($0.policy) }) {
            return Answer(isAllowed: false, reason: "forbid-failed", policies: response.reasons, errors: errors, shadow: tried)
        }
        let reasons = response.reasons
        let reason = response.decision == .allow ? "permitted" : reasons.isEmpty ? "no-permit" : "forbidden"
        return Answer(
            isAllowed: response.decision == .allow, reason: reason, policies: reasons, errors: errors, shadow: tried,
            messages: response.decision == .allow ? [] : reasons.compactMap { authorizer.policies.policy($0)?.annotation("message") })
    }

    /// Whether policies can speak of what is passed to a tool.
    public func readsInput(of action: EntityUID) -> Bool { !isChecked || inputType(of: action) != nil }

    /// The action of a tool, where the schema has one of its own: the general one stands for the others.
    public func action(ofTool tool: CedarString) -> EntityUID {
        let own = EntityUID(type: EntityTypes.action, id: tool)
        if let schema, schema.action(own) != nil { return own }
        return EntityUID(type: EntityTypes.action, id: "callTool")
    }

    /// The type that the input of a call must have; `nil` where policies do not speak of it.
    public func inputType(of action: EntityUID) -> SchemaType? {
        schema?.action(action)?.context["input"]?.type
    }

    /// Whether requests are checked: without a schema, inputs are taken as they come.
    public var isChecked: Bool { schema != nil }

    /// Those that decide, with what the question brings along; `nil` where an entity would be its own ancestor.
    private func authorizers(for question: AccessQuestion) -> OverlaidAuthorizers.Pair? {
        let own = OverlaidAuthorizers.Pair(authorizer: authorizer, shadow: shadow)
        guard let overlay = question.overlay else { return own }
        return overlays.pair(with: overlay, now: question.circumstances.now) {
            // Both have the same entities.
            let brought = question.entities(beside: authorizer.entities)
            guard !brought.isEmpty else { return own }
            do throws(EntitiesError) {
                return OverlaidAuthorizers.Pair(
                    authorizer: try authorizer.overlaid(with: brought), shadow: try shadow?.overlaid(with: brought))
            } catch {
                return nil
            }
        }
    }
}
