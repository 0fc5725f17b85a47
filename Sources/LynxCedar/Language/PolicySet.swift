/// Policies and templates under distinct ids, in the order in which they were added.
///
/// A value: copies are independent and share storage until one changes.
public struct PolicySet: Sendable {
    private(set) var policyList = PolicyList<EntityUID>()
    private var templateList = PolicyList<TemplateReference>()

    /// The empty set.
    public init() {}

    /// - Throws: ``PolicySetError/duplicateID(_:)`` when two have the same id.
    public init(_ policies: some Sequence<Policy>, templates: some Sequence<Template> = []) throws(PolicySetError) {
        for template in templates { try add(template) }
        for policy in policies { try add(policy) }
    }

    /// The set of static policies that are known to have distinct ids, having come from a set.
    init(distinct policies: [Policy]) {
        for policy in policies { append(distinct: policy) }
    }

    /// Adds a static policy that is known to have an id of its own.
    mutating func append(distinct policy: Policy) { policyList.append(policy) }

    /// Adds a template that is known to have an id of its own.
    mutating func append(distinct template: Template) { templateList.append(template) }

    /// The static and linked policies: what a request is decided by.
    public var policies: some BidirectionalCollection<Policy> & Sendable { policyList }
    public var templates: some BidirectionalCollection<Template> & Sendable { templateList }

    public var isEmpty: Bool { policyList.isEmpty && templateList.isEmpty }

    public func policy(_ id: PolicyID) -> Policy? { policyList[id] }
    public func template(_ id: PolicyID) -> Template? { templateList[id] }

    /// The policies that were linked from a template, in the order of linking. `O(n)`.
    public func links(of template: PolicyID) -> [Policy] {
        policyList.filter { $0.link?.template == template }
    }

    private func contains(_ id: PolicyID) -> Bool { policyList.place(of: id) != nil || templateList.place(of: id) != nil }

    /// Adds a policy.
    ///
    /// A linked policy must be what its link gives: formats write the link in place of the policy.
    ///
    /// - Throws: ``PolicySetError/duplicateID(_:)`` when its id is taken; for a linked policy ``PolicySetError/templateUnknown(_:)`` when its
    ///   template is not in the set, and ``PolicySetError/linkAltered(_:template:)`` when the template gives another policy.
    public mutating func add(_ policy: Policy) throws(PolicySetError) {
        guard !contains(policy.id) else { throw .duplicateID(policy.id) }
        if let link = policy.link {
            guard let template = templateList[link.template] else { throw .templateUnknown(link.template) }
            guard (try? template.linked(as: policy.id, values: link.values)) == policy else {
                throw .linkAltered(policy.id, template: link.template)
            }
        }
        policyList.append(policy)
    }

    /// Adds a template.
    ///
    /// - Throws: ``PolicySetError/duplicateID(_:)`` when its id is taken.
    public mutating func add(_ template: Template) throws(PolicySetError) {
        guard !contains(template.id) else { throw .duplicateID(template.id) }
        templateList.append(template)
    }

    /// Removes a static policy; the others keep their order. `O(1)` expected, apart from what a copy shares.
    ///
    /// - Throws: ``PolicySetError/policyUnknown(_:)``, or ``PolicySetError/isALink(_:)`` for a linked policy.
    @discardableResult
    public mutating func removePolicy(_ id: PolicyID) throws(PolicySetError) -> Policy {
        guard let policy = policyList[id] else { throw .policyUnknown(id) }
        guard policy.link == nil else { throw .isALink(id) }
        policyList.remove(id)
        return policy
    }

    /// Removes a template. `O(n)`.
    ///
    /// - Throws: ``PolicySetError/templateUnknown(_:)``, or ``PolicySetError/templateInUse(_:links:)`` while it is linked.
    @discardableResult
    public mutating func removeTemplate(_ id: PolicyID) throws(PolicySetError) -> Template {
        guard let template = templateList[id] else { throw .templateUnknown(id) }
        let links = links(of: id)
        guard links.isEmpty else { throw .templateInUse(id, links: links.map(\.id)) }
        templateList.remove(id)
        return template
    }

    /// Adds the policy that comes of filling a template's slots.
    ///
    /// - Throws: ``PolicySetError/templateUnknown(_:)``; ``PolicySetError/duplicateID(_:)`` when `id` is taken; ``PolicySetError/slotMissing(_:template:)`` and ``PolicySetError/slotUnknown(_:template:)`` when `values` has not exactly the template's slots.
    @discardableResult
    public mutating func link(
        template: PolicyID, as id: PolicyID, values: [SlotID: EntityUID]
    ) throws(PolicySetError) -> Policy {
        guard let template = templateList[template] else { throw .templateUnknown(template) }
        guard !contains(id) else { throw .duplicateID(id) }
        let policy = try template.linked(as: id, values: values)
        policyList.append(policy)
        return policy
    }

    /// Removes a linked policy; its template stays. `O(n)`.
    ///
    /// - Throws: ``PolicySetError/policyUnknown(_:)``, or ``PolicySetError/notALink(_:)`` for a static policy.
    @discardableResult
    public mutating func unlink(_ id: PolicyID) throws(PolicySetError) -> Policy {
        guard let policy = policyList[id] else { throw .policyUnknown(id) }
        guard policy.link != nil else { throw .notALink(id) }
        policyList.remove(id)
        return policy
    }

    /// Gives policies and templates the ids that their annotations ask for; in a set without links, whose links would lose their templates. `O(n)`.
    ///
    /// - Parameter id: the new id by the annotations, `nil` to leave the old one.
    /// - Throws: ``PolicySetError/duplicateID(_:)`` when two would have the same id, and ``PolicySetError/templateInUse(_:links:)`` when
    ///   there are links; then nothing has changed.
    public mutating func rename(by id: ([Annotation]) -> PolicyID?) throws(PolicySetError) {
        var linked: PolicyID?
        var isRenaming = false
        func newIDs(_ list: PolicyList<some ScopeReference>) -> [PolicyID] {
            var ids: [PolicyID] = []
            ids.reserveCapacity(list.count)
            list.forEachPlace { (_, element) in
                if linked == nil { linked = element.link?.template }
                let new = id(element.annotations)
                if new != nil { isRenaming = true }
                ids.append(new ?? element.id)
            }
            return ids
        }
        let policyIDs = newIDs(policyList)
        let templateIDs = newIDs(templateList)
        if let linked { throw .templateInUse(linked, links: links(of: linked).map(\.id)) }
        guard isRenaming else { return }
        var taken: Set<PolicyID> = []
        taken.reserveCapacity(policyIDs.count + templateIDs.count)
        for id in templateIDs + policyIDs where !taken.insert(id).inserted { throw .duplicateID(id) }
        policyList.rename(policyIDs)
        templateList.rename(templateIDs)
    }

    /// What ``merge(_:onConflict:)`` does with an id that both sets use for different things.
    public enum ConflictResolution: Sendable {
        /// Throw, leaving the set as it was.
        case refuse
        /// Give the newcomer a fresh id: the old one with a number after it.
        case rename
    }

    /// Adds what another set holds. `O(n)` in the size of both. An entry that is here already under the same id and with the same content is not added again.
    ///
    /// - Returns: the new ids of the entries that were renamed, by their old ones.
    /// - Throws: ``PolicySetError/duplicateID(_:)`` on a conflict when `onConflict` is ``ConflictResolution/refuse``.
    @discardableResult
    public mutating func merge(
        _ other: PolicySet, onConflict: ConflictResolution = .refuse
    ) throws(PolicySetError) -> [PolicyID: PolicyID] {
        var merged = self
        var renamed: [PolicyID: PolicyID] = [:]
        func freshID(_ id: PolicyID) -> PolicyID {
            var number = 0
            while true {
                let candidate = PolicyID("\(id)_\(number)")
                if !merged.contains(candidate) && !other.contains(candidate) { return candidate }
                number += 1
            }
        }
        for var template in other.templates {
            if merged.templateList[template.id] == template { continue }
            if merged.contains(template.id) {
                guard onConflict == .rename else { throw .duplicateID(template.id) }
                let old = template.id
                template.id = freshID(old)
                renamed[old] = template.id
            }
            try merged.add(template)
        }
        for var policy in other.policies {
            if let link = policy.link, let template = renamed[link.template] {
                policy.link = TemplateLink(template: template, values: link.values)
            }
            if let present = merged.policyList[policy.id], present == policy, present.link == policy.link { continue }
            if merged.contains(policy.id) {
                guard onConflict == .rename else { throw .duplicateID(policy.id) }
                let old = policy.id
                policy.id = freshID(old)
                renamed[old] = policy.id
            }
            try merged.add(policy)
        }
        self = merged
        return renamed
    }
}
