import Testing

@testable import LynxCedar

@Suite("Policy sets")
struct PolicySetTests {
    private static let alice: EntityUID = "User::\"alice\""
    private static let bob: EntityUID = "User::\"bob\""
    private static let staff = Policy.permit("staff", principal: .in("Group::\"staff\""))
    private static let template = Template.permit("t", principal: .equal(.slot))

    private func linked() throws -> PolicySet {
        var set = try PolicySet([Self.staff], templates: [Self.template])
        try set.link(template: "t", as: "alice", values: [.principal: Self.alice])
        return set
    }

    private func ids(_ set: PolicySet) -> [PolicyID] { set.policies.map(\.id) }

    private func error(_ change: () throws(PolicySetError) -> Void) -> PolicySetError? {
        do throws(PolicySetError) {
            try change()
            return nil
        } catch {
            return error
        }
    }

    @Test("policies stay in the order in which they were added")
    func order() throws {
        var set = PolicySet()
        for id in ["c", "a", "b"] as [PolicyID] { try set.add(Policy.forbid(id)) }
        try set.removePolicy("a")
        #expect(ids(set) == ["c", "b"])
    }

    @Test("policies, templates and links share their ids")
    func sharedIDs() throws {
        var set = try linked()
        #expect(error { () throws(PolicySetError) in try set.add(Policy.permit("t")) } == .duplicateID("t"))
        #expect(error { () throws(PolicySetError) in try set.add(Template.permit("alice")) } == .duplicateID("alice"))
        #expect(
            error { () throws(PolicySetError) in try set.link(template: "t", as: "staff", values: [.principal: Self.bob]) }
                == .duplicateID("staff"))
        #expect(ids(set) == ["staff", "alice"])
    }

    @Test("ids that are only canonically equivalent are different ids")
    func exactIDs() throws {
        let set = try PolicySet([Policy.permit("\u{e9}"), Policy.permit("e\u{301}")])
        #expect(set.policies.count == 2)
    }

    @Test("a link fills exactly the slots of its template")
    func links() throws {
        var set = try linked()
        #expect(set.policy("alice")?.principal == .equal(Self.alice))
        #expect(set.links(of: "t").map(\.id) == ["alice"])
        #expect(
            error { () throws(PolicySetError) in try set.link(template: "t", as: "x", values: [:]) } == .slotMissing(.principal, template: "t"))
        #expect(
            error { () throws(PolicySetError) in
                try set.link(template: "t", as: "x", values: [.principal: Self.bob, .resource: Self.bob])
            } == .slotUnknown(.resource, template: "t"))
        #expect(error { () throws(PolicySetError) in try set.link(template: "u", as: "x", values: [:]) } == .templateUnknown("u"))
    }

    @Test("links are unlinked, static policies removed, and templates outlive their links")
    func removal() throws {
        var set = try linked()
        #expect(error { () throws(PolicySetError) in try set.removePolicy("alice") } == .isALink("alice"))
        #expect(error { () throws(PolicySetError) in try set.unlink("staff") } == .notALink("staff"))
        #expect(error { () throws(PolicySetError) in try set.removeTemplate("t") } == .templateInUse("t", links: ["alice"]))
        #expect(error { () throws(PolicySetError) in try set.removePolicy("x") } == .policyUnknown("x"))
        #expect(error { () throws(PolicySetError) in try set.unlink("x") } == .policyUnknown("x"))
        #expect(error { () throws(PolicySetError) in try set.removeTemplate("x") } == .templateUnknown("x"))
        #expect(try set.unlink("alice").principal == .equal(Self.alice))
        #expect(try set.removeTemplate("t") == Self.template)
        #expect(try set.removePolicy("staff") == Self.staff)
        #expect(set.isEmpty)
    }

    @Test("a copy is independent")
    func values() throws {
        let set = try linked()
        var copy = set
        try copy.unlink("alice")
        #expect(set.policies.count == 2)
        #expect(copy.policies.count == 1)
    }

    // Formats write a link in place of the policy, so another policy under a link would be lost on the way.
    @Test("a linked policy that was changed, or comes from another template, is refused")
    func alteredLinks() throws {
        let set = try linked()
        let policy = try #require(set.policy("alice"))
        var altered = policy.when(Expression.context["mfa"])
        var target = try PolicySet([], templates: [Self.template])
        #expect(error { () throws(PolicySetError) in try target.add(altered) } == .linkAltered("alice", template: "t"))
        altered = policy
        altered.id = "renamed"
        try target.add(altered)
        #expect(ids(target) == ["renamed"])
        var other = try PolicySet([], templates: [Template.forbid("t", principal: .equal(.slot))])
        #expect(error { () throws(PolicySetError) in try other.add(policy) } == .linkAltered("alice", template: "t"))
        #expect(error { () throws(PolicySetError) in
            var empty = PolicySet()
            try empty.add(policy)
        } == .templateUnknown("t"))
    }

    @Test("a merge adds what is new, and nothing twice")
    func merge() throws {
        var set = try PolicySet([Self.staff])
        let renamed = try set.merge(try linked())
        #expect(renamed.isEmpty)
        #expect(ids(set) == ["staff", "alice"])
        #expect(set.template("t") == Self.template)
        try set.merge(try linked())
        #expect(ids(set) == ["staff", "alice"])
    }

    @Test("a merge with a conflict is refused, and leaves the set as it was")
    func mergeConflict() throws {
        var set = try PolicySet([Policy.forbid("staff")])
        let other = try linked()
        #expect(error { () throws(PolicySetError) in try set.merge(other) } == .duplicateID("staff"))
        #expect(ids(set) == ["staff"])
        #expect(set.templates.isEmpty)
    }

    @Test("a merge that renames gives fresh ids, and links follow their templates")
    func mergeRenaming() throws {
        var set = try PolicySet([Policy.forbid("staff"), Policy.forbid("t"), Policy.forbid("staff_0")])
        let renamed = try set.merge(try linked(), onConflict: .rename)
        #expect(renamed == ["staff": "staff_1", "t": "t_0"])
        #expect(ids(set) == ["staff", "t", "staff_0", "staff_1", "alice"])
        #expect(set.policy("staff") == Policy.forbid("staff"))
        #expect(set.policy("staff_1") == Self.staff)
        #expect(set.policy("alice")?.link?.template == "t_0")
        #expect(set.links(of: "t_0").map(\.id) == ["alice"])
    }

    @Test("the same template under another content is renamed, and its links are kept apart")
    func mergeTemplates() throws {
        var set = try PolicySet([], templates: [Template.forbid("t", principal: .equal(.slot))])
        try set.link(template: "t", as: "alice", values: [.principal: Self.alice])
        let renamed = try set.merge(try linked(), onConflict: .rename)
        #expect(renamed == ["t": "t_0", "alice": "alice_0"])
        #expect(set.policy("alice")?.effect == .forbid)
        #expect(set.policy("alice_0")?.effect == .permit)
        #expect(try PolicySet(json: set.json.description).policies.count == 3)
    }

    @Test("annotations can give the ids, and where two ask for the same nothing changes")
    func renaming() throws {
        let name = { (annotations: [Annotation]) in annotations.first { $0.key == "id" }.map { PolicyID($0.value ?? "") } }
        var policies = try PolicySet(
            cedar: """
                @id("a") permit(principal, action, resource);
                permit(principal, action, resource);
                @id("b") permit(principal == ?principal, action, resource);
                """)
        try policies.rename(by: name)
        #expect(policies.policies.map(\.id) == ["a", "policy1"])
        #expect(policies.policy("a")?.annotations.count == 1)
        #expect(policies.template("b") != nil && policies.template("policy2") == nil)

        try policies.link(template: "b", as: "c", values: [.principal: "User::\"u\""])
        #expect(throws: PolicySetError.templateInUse("b", links: ["c"])) { try policies.rename(by: name) }

        var others = try PolicySet(cedar: "@id(\"policy1\") permit(principal, action, resource); forbid(principal, action, resource);")
        #expect(throws: PolicySetError.duplicateID("policy1")) { try others.rename(by: name) }
        #expect(others.policies.map(\.id) == ["policy0", "policy1"])
    }
}
