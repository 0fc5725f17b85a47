import LynxCedar
import Testing

@Suite("Printed Cedar text parses back")
struct RoundTripTests {
    @Test("Any expression prints as text that parses to the same expression", arguments: 0..<20)
    func expressions(seed: Int) throws {
        var generator = ExpressionGenerator(seed: UInt64(seed))
        for _ in 0..<200 {
            let expression = generator.expression(depth: 6)
            let text = expression.description
            try #require(try Expression(cedar: text) == expression, "\(text)")
        }
    }

    @Test("Any policy and any template prints as text that parses to the same", arguments: 0..<10)
    func policies(seed: Int) throws {
        var generator = ExpressionGenerator(seed: 1_000 + UInt64(seed))
        for _ in 0..<100 {
            let policy = generator.policy()
            try #require(try Policy(cedar: policy.description) == policy, "\(policy)")
            let template = generator.template()
            try #require(try Template(cedar: template.description) == template, "\(template)")
        }
    }

    @Test("A set prints as text that parses to the same policies and templates")
    func policySet() throws {
        var generator = ExpressionGenerator(seed: 2_000)
        let policies = (0..<20).map { index in
            var policy = generator.policy()
            policy.id = "policy\(index)"
            return policy
        }
        let set = try PolicySet(policies)
        let parsed = try PolicySet(cedar: set.description)
        #expect(Array(parsed.policies) == policies)
        #expect(parsed.policies.map(\.id) == policies.map(\.id))
    }

    @Test("What a program builds with `has` over odd names means the same after parsing")
    func expandedHas() throws {
        let built = Expression.resource.has("owner", "home address")
        let written: Expression = .resource.has("owner") && .resource["owner"].has("home address")
        #expect(try Expression(cedar: built.description) == written)
    }
}
