import LynxCedar
import Testing

/// The examples of the documentation's articles, run; see ``ExampleTextTests``.
@Suite("the articles' examples")
struct ArticleTests {
    @Test("getting started") func gettingStarted() throws {
        // EXAMPLE GettingStarted.md
        let policies = try PolicySet(cedar: """
            permit (principal in Team::"payments", action == Action::"callTool", resource)
            when { context.amount <= principal.limit };
            """)
        let entities = try Entities(json: """
            [
              {"uid": {"type": "Agent", "id": "teller"}, "attrs": {"limit": 500}, "parents": [{"type": "Team", "id": "payments"}]},
              {"uid": {"type": "Tool", "id": "refund"}, "attrs": {}, "parents": []}
            ]
            """)
        let authorizer = Authorizer(policies: policies, entities: entities)
        let request = Request(
            principal: "Agent::\"teller\"", action: "Action::\"callTool\"", resource: "Tool::\"refund\"", context: ["amount": 120])
        let response = authorizer.isAuthorized(request)
        // EXAMPLE END
        #expect(response.decision == .allow)
        #expect(response.reasons == ["policy0"])

        // EXAMPLE GettingStarted.md
        func caller(named id: String) -> EntityUID {
            EntityUID(type: "Agent", id: CedarString(id))
        }
        let typed = try EntityUID(cedar: "Agent::\"teller\"")
        // EXAMPLE END
        #expect(caller(named: "teller") == typed)

        // EXAMPLE GettingStarted.md
        let received = try Request(json: """
            {
              "principal": {"type": "Agent", "id": "teller"}, "action": "Action::\\"callTool\\"", "resource": {"type": "Tool", "id": "refund"},
              "context": {"amount": 900, "address": {"__extn": {"fn": "ip", "arg": "10.0.0.7"}}}
            }
            """)
        let refused = authorizer.isAuthorized(received)
        // EXAMPLE END
        #expect(refused.decision == .deny)
        #expect(received.context["address"] == .ip("10.0.0.7"))

        // EXAMPLE GettingStarted.md
        var tightened = policies
        try tightened.add(
            Policy.forbid("office-only", action: .equal("Action::\"callTool\""))
                .unless(Expression.context["address"].isInRange(.ip("10.0.0.0/8"))))
        // EXAMPLE END
        var outside = request
        outside.context["address"] = .ip("192.0.2.1")
        #expect(authorizer.isAuthorized(outside).decision == .allow)
        #expect(Authorizer(policies: tightened, entities: entities).isAuthorized(outside).reasons == ["office-only"])

        // EXAMPLE GettingStarted.md
        var shared = PolicySet()
        try shared.add(Template(cedar: "permit (principal == ?principal, action, resource in ?resource);", id: "share"))
        try shared.link(
            template: "share", as: "alice-trip", values: [.principal: "User::\"alice\"", .resource: "Album::\"trip\""])
        // EXAMPLE END
        #expect(shared.policy("alice-trip")?.principal == .equal("User::\"alice\""))

        // EXAMPLE GettingStarted.md
        var next = entities
        try next.upsert(Entity(uid: "Agent::\"teller\"", attributes: ["limit": 1_000], parents: ["Team::\"payments\""]))
        let later = Authorizer(policies: policies, entities: next)
        // EXAMPLE END
        #expect(later.isAuthorized(received).decision == .allow)
        #expect(authorizer.isAuthorized(received).decision == .deny)

        // EXAMPLE GettingStarted.md
        var current = authorizer
        try current.upsert(Entity(uid: "Agent::\"teller\"", attributes: ["limit": 1_000], parents: ["Team::\"payments\""]))
        try current.add(Policy.forbid("closed"))
        // EXAMPLE END
        #expect(current.isAuthorized(received).reasons == ["closed"])
        #expect(authorizer.isAuthorized(received).reasons == [])
    }

    @Test("errors and diagnostics: faults") func faults() {
        var printed = ""
        func print(_ text: some CustomStringConvertible) { printed = text.description }
        // EXAMPLE ErrorsAndDiagnostics.md
        do throws(ParseError) {
            _ = try PolicySet(
                cedar: """
                    permit (principal, action, resource)
                    when { principal.level = 3 && resource.contians("x") };
                    """, name: "levels.cedar")
        } catch {
            print(DiagnosticRenderer(.human(colored: false)).render(error.diagnostics))
        }
        // EXAMPLE END
        #expect(
            printed == """
                error: `=` is not an operator in Cedar
                 --> levels.cedar:2:24
                  |
                2 | when { principal.level = 3 && resource.contians("x") };
                  |                        ^
                help: did you mean `==`?

                error: there is no method `contians`
                 --> levels.cedar:2:40
                  |
                2 | when { principal.level = 3 && resource.contians("x") };
                  |                                        ^^^^^^^^
                help: did you mean `contains`?

                """)

        // EXAMPLE ErrorsAndDiagnostics.md
        let deep = String(repeating: "(", count: 1_000_000)
        do throws(ParseError) {
            _ = try Expression(cedar: deep)
        } catch {
            print(error)
        }
        // EXAMPLE END
        #expect(printed == "<input>:1:251: error: this nests deeper than 250 levels (split the expression into several policies)")
    }

    @Test("errors and diagnostics: policies that fail") func policyErrors() throws {
        var printed = ""
        func print(_ error: PolicyError) { printed = error.description }
        // EXAMPLE ErrorsAndDiagnostics.md
        let policies = try PolicySet(cedar: "permit (principal, action, resource) when { context.size + 1 > 10 };")
        let response = Authorizer(policies: policies).isAuthorized(
            Request(
                principal: "User::\"alice\"", action: "Action::\"put\"", resource: "Box::\"a\"", context: ["size": 9_223_372_036_854_775_807]))
        for error in response.errors {
            print(error)
        }
        // EXAMPLE END
        #expect(printed == "<input>:1:45: error: error while evaluating policy `policy0`: integer overflow while attempting to add")
    }

    @Test("partial evaluation") func partialEvaluation() throws {
        // EXAMPLE PartialEvaluation.md
        let policies = try PolicySet(cedar: """
            permit (principal, action == Action::"view", resource is Photo)
            when { resource.owner == principal || context.mfa };
            forbid (principal, action == Action::"delete", resource);
            """)
        let authorizer = Authorizer(policies: policies)
        let partial = try authorizer.isAuthorizedPartially(
            PartialRequest(
                principal: .known("User::\"alice\""), action: .known("Action::\"view\""), resource: .unknown(type: "Photo"),
                context: PartialRecord(unknown: ["mfa": .value])))
        // EXAMPLE END
        #expect(partial.decision == nil)
        #expect(
            partial.residuals.description == """
                permit(principal, action, resource)
                when { resource.owner == User::"alice" || context.mfa };

                """)

        // EXAMPLE PartialEvaluation.md
        let photo = Entity(uid: "Photo::\"cat.jpg\"", attributes: ["owner": .entity("User::\"alice\"")])
        let response = partial.completed(
            with: Request(
                principal: "User::\"alice\"", action: "Action::\"view\"", resource: "Photo::\"cat.jpg\"", context: ["mfa": false]),
            entities: try Entities([photo]))
        // EXAMPLE END
        #expect(response.decision == .allow)
        #expect(response.reasons == ["policy0"])

        // EXAMPLE PartialEvaluation.md
        let expression = try Expression(cedar: "User::\"bob\".active && 1 < 2")
        let request = PartialRequest(unknownEntities: .missing)
        let left = try PartialEvaluator(request: request, entities: Entities()).evaluate(expression)
        // EXAMPLE END
        #expect(try left == .residual(Expression(cedar: "true && User::\"bob\".active")))
    }
}
