import LynxCedar
import Testing

/// The examples of the README, run. What stands between the marks here stands in the README letter by letter: see ``ExampleTextTests``.
@Suite("the README's examples")
struct ReadmeTests {
    @Test("a decision") func decision() throws {
        // EXAMPLE README.md
        let policies = try PolicySet(cedar: """
            permit (principal in Group::"staff", action == Action::"view", resource)
            when { context.mfa };
            """)
        let entities = try Entities(json: """
            [{"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]}]
            """)
        let authorizer = Authorizer(policies: policies, entities: entities)

        let response = authorizer.isAuthorized(
            Request(
                principal: "User::\"alice\"", action: "Action::\"view\"", resource: "Photo::\"cat.jpg\"",
                context: ["mfa": true]))
        // EXAMPLE END
        #expect(response.decision == .allow)
        #expect(response.reasons == ["policy0"])
        #expect(response.errors.isEmpty)

        // EXAMPLE README.md
        let partial = try authorizer.isAuthorizedPartially(
            PartialRequest(
                principal: .known("User::\"alice\""), action: .known("Action::\"view\""),
                resource: .unknown(type: "Photo"), context: .unknown))
        // EXAMPLE END
        #expect(partial.decision == nil)
        let left = try #require(partial.residuals.policies.first)
        #expect(try left == Policy(cedar: "permit (principal, action, resource) when { context.mfa };"))
    }

    @Test("faults come together") func faults() {
        var printed = ""
        func print(_ error: ParseError) { printed = "\(error)" }
        // EXAMPLE README.md
        do throws(ParseError) {
            _ = try PolicySet(cedar: "permit (principal, action, resource) when { principle.age = 18 };")
        } catch {
            print(error)
        }
        // EXAMPLE END
        #expect(printed == """
            <input>:1:45: error: there is no variable `principle` (did you mean `principal`?)
            <input>:1:59: error: `=` is not an operator in Cedar (did you mean `==`?)
            """)
    }

    @Test("policies are checked against a schema") func validation() throws {
        var printed = ""
        func print(_ diagnostic: Diagnostic) { printed += "\(diagnostic)" }
        // EXAMPLE README.md
        let schema = try Schema(cedar: """
            entity User { limit?: Long };
            entity Photo;
            action view appliesTo { principal: User, resource: Photo };
            """)
        let checked = try PolicySet(cedar: "permit (principal, action, resource) when { principal.limit > 3 };")
        let report = Validator(schema).validate(checked)
        for finding in report.errors { print(finding.diagnostic) }
        // EXAMPLE END
        #expect(
            printed == """
                <input>:1:45: error: the attribute `limit` of `User` is optional and may be missing here \
                (test for it first: `principal has limit && ...`)
                """)
    }

    @Test("policies are built without pasting strings") func building() throws {
        // EXAMPLE README.md
        let owners = Policy.permit("owners", action: .in(["Action::\"edit\"", "Action::\"delete\""]))
            .when(Expression.resource["owner"].equals(.principal) && Expression.context["mfa"])
        // EXAMPLE END
        let text = """
            permit(principal, action in [Action::"edit", Action::"delete"], resource)
            when { resource.owner == principal && context.mfa };
            """
        #expect(owners.description == text)
        #expect(try Policy(cedar: text) == owners)
    }
}
