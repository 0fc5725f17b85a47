/// The files that a new project starts with: small, valid, and with tests that pass.
struct StarterProject {
    let name: String

    static let testCommand = "cedarc run-tests -p policies.cedar -s schema.cedarschema --tests tests.json"

    struct File {
        let name: String
        let text: String
    }

    var files: [File] {
        [
            File(name: "schema.cedarschema", text: StarterProject.schema),
            File(name: "policies.cedar", text: StarterProject.policies),
            File(name: "entities.json", text: StarterProject.entities),
            File(name: "tests.json", text: StarterProject.tests),
            File(name: "README.md", text: readme),
        ]
    }

    private static let schema = """
        // Who asks, and for what.
        entity Team;

        entity Agent in [Team] = {
          limit: Long,
        };

        entity Tool = {
          suspended: Bool,
        };

        // What can be asked for.
        action call appliesTo {
          principal: Agent,
          resource: Tool,
          context: { cost: Long },
        };

        """

    private static let policies = """
        // Nothing is allowed that no policy permits.
        @id("support-calls-tools")
        permit (
          principal in Team::"support",
          action == Action::"call",
          resource
        )
        when { context.cost <= principal.limit };

        // A forbid wins over every permit.
        @id("suspended-tools")
        forbid (principal, action, resource)
        when { resource.suspended };

        """

    private static let entities = """
        [
          {
            "uid": { "type": "Agent", "id": "helper" },
            "attrs": { "limit": 100 },
            "parents": [{ "type": "Team", "id": "support" }]
          },
          { "uid": { "type": "Team", "id": "support" }, "attrs": {}, "parents": [] },
          { "uid": { "type": "Tool", "id": "search" }, "attrs": { "suspended": false }, "parents": [] },
          { "uid": { "type": "Tool", "id": "refund" }, "attrs": { "suspended": true }, "parents": [] }
        ]

        """

    private static let tests = """
        [
          {
            "name": "an agent of the team calls a tool within its limit",
            "request": {
              "principal": "Agent::\\"helper\\"",
              "action": "Action::\\"call\\"",
              "resource": "Tool::\\"search\\"",
              "context": { "cost": 100 }
            },
        \(entitiesOfTest(tool: "search", isSuspended: false))
            "decision": "allow",
            "reason": ["support-calls-tools"],
            "num_errors": 0
          },
          {
            "name": "a call beyond the limit is denied",
            "request": {
              "principal": "Agent::\\"helper\\"",
              "action": "Action::\\"call\\"",
              "resource": "Tool::\\"search\\"",
              "context": { "cost": 101 }
            },
        \(entitiesOfTest(tool: "search", isSuspended: false))
            "decision": "deny",
            "reason": [],
            "num_errors": 0
          },
          {
            "name": "nobody calls a suspended tool",
            "request": {
              "principal": "Agent::\\"helper\\"",
              "action": "Action::\\"call\\"",
              "resource": "Tool::\\"refund\\"",
              "context": { "cost": 1 }
            },
        \(entitiesOfTest(tool: "refund", isSuspended: true))
            "decision": "deny",
            "reason": ["suspended-tools"],
            "num_errors": 0
          }
        ]

        """

    /// The agent of the tests and a tool: the member of a test that its request is decided with.
    private static func entitiesOfTest(tool: String, isSuspended: Bool) -> String {
        """
            "entities": [
              {
                "uid": { "type": "Agent", "id": "helper" },
                "attrs": { "limit": 100 },
                "parents": [{ "type": "Team", "id": "support" }]
              },
              { "uid": { "type": "Tool", "id": "\(tool)" }, "attrs": { "suspended": \(isSuspended) }, "parents": [] }
            ],
        """
    }

    private var readme: String {
        """
        # \(name)

        Authorization in [Cedar](https://www.cedarpolicy.com).

        | file | |
        |---|---|
        | `schema.cedarschema` | the types of entities, and the actions with what they apply to |
        | `policies.cedar` | who may do what |
        | `entities.json` | the entities to decide requests with |
        | `tests.json` | requests with the answers that the policies must give |

        After every change:

            cedarc validate -p policies.cedar -s schema.cedarschema
            \(StarterProject.testCommand)

        A request by hand, with the context from the standard input:

            echo '{"cost": 5}' | cedarc authorize -p policies.cedar -s schema.cedarschema --entities entities.json \\
              -l 'Agent::"helper"' -a 'Action::"call"' -r 'Tool::"search"' -c - -v

        """
    }
}
