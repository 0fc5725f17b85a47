/// Reads policies, templates and sets of them in Cedar's JSON format; ``ExpressionJSONReader`` reads their conditions.
///
/// Unknown keys are errors everywhere. All faults are collected: a reading function that returns `nil` has reported why.
struct PolicyJSONReader {
    private var expressions: ExpressionJSONReader

    private init(source: SourceText?) {
        self.expressions = ExpressionJSONReader(data: DataReader(source: source))
    }

    /// Reads one thing, and throws what was reported on the way.
    static func read<Result>(
        _ json: JSONValue, source: SourceText?, _ body: (inout PolicyJSONReader, JSONValue) -> Result?
    ) throws(ParseError) -> Result {
        var reader = PolicyJSONReader(source: source)
        let result = body(&reader, json)
        return try reader.data.finish(result)
    }

    private var data: DataReader {
        get { expressions.data }
        _modify { yield &expressions.data }
    }
}

// MARK: Policies

extension PolicyJSONReader {
    /// Reads a template, which may be one without slots.
    mutating func template(_ value: JSONValue, id: PolicyID) -> Template? {
        guard
            let fields = data.fields(
                of: value, in: "a policy", required: ["effect", "principal", "action", "resource", "conditions"],
                optional: ["annotations"])
        else { return nil }
        let effect = fields["effect"].flatMap { self.effect($0) }
        let annotations = fields["annotations"].map { data.annotations($0) } ?? []
        let principal = fields["principal"].flatMap { constraint($0, slot: .principal) }
        let action = fields["action"].flatMap { actionConstraint($0) }
        let resource = fields["resource"].flatMap { constraint($0, slot: .resource) }
        let conditions = fields["conditions"].flatMap { self.conditions($0) }
        guard let effect, let principal, let action, let resource, let conditions else { return nil }
        return Template(
            id: id, effect: effect, annotations: annotations,
            principal: principal, action: action, resource: resource, conditions: conditions,
            source: data.diagnostics.source, span: value.span,
            scopeSpans: ScopeSpans(
                principal: fields["principal"]?.span, action: fields["action"]?.span, resource: fields["resource"]?.span
            )
        )
    }

    /// Reads a policy; a slot in it is a fault.
    mutating func policy(_ value: JSONValue, id: PolicyID) -> Policy? {
        guard let template = template(value, id: id) else { return nil }
        if let policy = Policy(withoutSlots: template) { return policy }
        for slot in template.slots {
            data.report(
                "a policy may not have the slot `\(slot)`; only a template may",
                at: slot == .principal ? template.scopeSpans.principal : template.scopeSpans.resource,
                help: "in a policy set, templates stand under `templates`")
        }
        return nil
    }

    private mutating func effect(_ value: JSONValue) -> Effect? {
        switch value.kind {
        case .string("permit"): return .permit
        case .string("forbid"): return .forbid
        default:
            data.report("the effect is `permit` or `forbid`", at: value.span)
            return nil
        }
    }

    private mutating func conditions(_ value: JSONValue) -> [Condition]? {
        guard let elements = data.elements(of: value, as: "`conditions`") else { return nil }
        // Every condition is read before any is missed, so that all faults are reported.
        let conditions = elements.map { condition($0) }.compactMap { $0 }
        return conditions.count == elements.count ? conditions : nil
    }

    private mutating func condition(_ value: JSONValue) -> Condition? {
        guard let fields = data.fields(of: value, in: "a condition", required: ["kind", "body"]) else {
            return nil
        }
        var kind: Condition.Kind?
        if let name = fields["kind"] {
            switch name.kind {
            case .string("when"): kind = .when
            case .string("unless"): kind = .unless
            default: data.report("the kind of a condition is `when` or `unless`", at: name.span)
            }
        }
        let body = fields["body"].flatMap { expressions.expression($0) }
        guard let kind, let body else { return nil }
        return Condition(kind, body, span: value.span)
    }
}

// MARK: Scopes

extension PolicyJSONReader {
    private mutating func constraint(_ value: JSONValue, slot: SlotID) -> ScopeConstraint<TemplateReference>? {
        let place = "the scope's `\(slot.variable)`"
        switch operation(of: value, in: place) {
        case "All", "all":
            return data.fields(of: value, in: place, required: ["op"]).map { _ in .any }
        case "==":
            return reference(value, in: place, slot: slot, with: ["op"]).map { .equal($0) }
        case "in":
            return reference(value, in: place, slot: slot, with: ["op"]).map { .in($0) }
        case "is":
            let fields = data.fields(of: value, in: place, required: ["op", "entity_type"], optional: ["in"])
            guard let fields else { return nil }
            let type = fields["entity_type"].flatMap { data.entityType($0) }
            guard let container = fields["in"], !container.isNull else { return type.map { .is($0) } }
            let group = reference(container, in: "\(place) after `in`", slot: slot, with: [])
            guard let type, let group else { return nil }
            return .isIn(type, group)
        case let other?:
            unknownOperation(other, at: value.member("op")?.span, known: ["All", "==", "in", "is"], in: place)
            return nil
        case nil:
            return nil
        }
    }

    private mutating func actionConstraint(_ value: JSONValue) -> ActionConstraint? {
        let place = "the scope's `action`"
        switch operation(of: value, in: place) {
        case "All", "all":
            return data.fields(of: value, in: place, required: ["op"]).map { _ in .any }
        case "==":
            if let slot = value.member("slot") {
                data.report("a slot cannot stand for the action", at: slot.span)
                return nil
            }
            let fields = data.fields(of: value, in: place, required: ["op", "entity"])
            return fields?["entity"].flatMap { action($0) }.map { .equal($0) }
        case "in":
            return actions(value, in: place).map { .in($0) }
        case let other?:
            unknownOperation(other, at: value.member("op")?.span, known: ["All", "==", "in"], in: place)
            return nil
        case nil:
            return nil
        }
    }

    /// The actions after `in`: one under `entity`, or an array under `entities`.
    private mutating func actions(_ value: JSONValue, in place: String) -> [EntityUID]? {
        if value.member("entity") != nil {
            let fields = data.fields(of: value, in: place, required: ["op", "entity"])
            return fields?["entity"].flatMap { action($0) }.map { [$0] }
        }
        let fields = data.fields(of: value, in: place, required: ["op", "entities"])
        guard let entities = fields?["entities"] else { return nil }
        guard let elements = data.elements(of: entities, as: "`entities`") else { return nil }
        let actions = elements.map { action($0) }.compactMap { $0 }
        return actions.count == elements.count ? actions : nil
    }

    private mutating func action(_ value: JSONValue) -> EntityUID? {
        guard let uid = data.uid(value) else { return nil }
        guard uid.isAction else {
            data.report(
                "the scope's `action` takes only entities of a type `Action`, `\(uid)` is none", at: value.span)
            return nil
        }
        return uid
    }

    /// What stands on the right side: an `entity` or a `slot`.
    private mutating func reference(
        _ value: JSONValue, in place: String, slot: SlotID, with others: [CedarString]
    ) -> TemplateReference? {
        guard let name = value.member("slot"), value.member("entity") == nil else {
            let fields = data.fields(of: value, in: place, required: others + ["entity"])
            return fields?["entity"].flatMap { data.uid($0) }.map { .entity($0) }
        }
        guard data.fields(of: value, in: place, required: others + ["slot"]) != nil else { return nil }
        guard case .string(let text) = name.kind, text == CedarString(slot.rawValue) else {
            data.report("the only slot that can stand here is `\(slot)`", at: name.span)
            return nil
        }
        return .slot
    }

    private mutating func operation(of value: JSONValue, in place: String) -> CedarString? {
        guard let members = data.members(of: value, as: place) else { return nil }
        guard let operation = members["op"] else {
            data.report("\(place) lacks the key `op`", at: value.span)
            return nil
        }
        return data.string(operation, as: "`op`")
    }

    private mutating func unknownOperation(
        _ name: CedarString, at span: SourceSpan?, known: [String], in place: String
    ) {
        let list = known.map { "`\($0)`" }.joined(separator: ", ")
        data.report("\(place) does not take the operator \(name.excerpt)", at: span, help: "it takes \(list)")
    }
}

// MARK: Policy sets

extension PolicyJSONReader {
    mutating func policySet(_ value: JSONValue) -> PolicySet? {
        guard
            let fields = data.fields(
                of: value, in: "a policy set", required: ["templates", "staticPolicies", "templateLinks"])
        else { return nil }
        var set = PolicySet()
        for member in members(of: fields["templates"], named: "templates") where !data.diagnostics.isFull {
            // One without slots is a template all the same, as it is to the reference implementation: links to it work.
            guard let template = template(member.value, id: PolicyID(member.name)) else { continue }
            add(to: &set, at: member.nameSpan) { set throws(PolicySetError) in try set.add(template) }
        }
        for member in members(of: fields["staticPolicies"], named: "staticPolicies") where !data.diagnostics.isFull {
            guard let policy = policy(member.value, id: PolicyID(member.name)) else { continue }
            add(to: &set, at: member.nameSpan) { set throws(PolicySetError) in try set.add(policy) }
        }
        for element in fields["templateLinks"].flatMap({ data.elements(of: $0, as: "`templateLinks`") }) ?? [] where !data.diagnostics.isFull {
            link(element, in: &set)
        }
        return set
    }

    private mutating func members(of value: JSONValue?, named name: String) -> [JSONValue.Member] {
        value.flatMap { data.members(of: $0, as: "`\(name)`") } ?? []
    }

    private mutating func link(_ value: JSONValue, in set: inout PolicySet) {
        guard
            let fields = data.fields(
                of: value, in: "a template link", required: ["templateId", "newId", "values"])
        else { return }
        let template = fields["templateId"].flatMap { data.string($0, as: "`templateId`") }
        let id = fields["newId"].flatMap { data.string($0, as: "`newId`") }
        let values = slotValues(members(of: fields["values"], named: "values"))
        guard let template, let id, let values else { return }
        // A template that was reported already is not reported again as missing.
        if set.template(PolicyID(template)) == nil, !data.diagnostics.isEmpty { return }
        add(to: &set, at: value.span) { set throws(PolicySetError) in
            try set.link(template: PolicyID(template), as: PolicyID(id), values: values)
        }
    }

    private mutating func slotValues(_ members: [JSONValue.Member]) -> [SlotID: EntityUID]? {
        var values: [SlotID: EntityUID] = [:]
        for member in members {
            let slot = SlotID.allCases.first { CedarString($0.rawValue) == member.name }
            if slot == nil {
                data.report(
                    "there is no slot \(member.name.excerpt)", at: member.nameSpan,
                    help: "slots are `?principal` and `?resource`")
            }
            let uid = data.uid(member.value)
            if let slot, let uid { values[slot] = uid }
        }
        return values.count == members.count ? values : nil
    }

    private mutating func add(
        to set: inout PolicySet, at span: SourceSpan?, _ change: (inout PolicySet) throws(PolicySetError) -> Void
    ) {
        do throws(PolicySetError) {
            try change(&set)
        } catch {
            data.report("\(error)", at: span)
        }
    }
}
