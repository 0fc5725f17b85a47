import LynxCedar
import LynxPolicy
import Testing

@Suite("Schemas of tools")
struct ToolSchemaTests {
    private static let tools = """
        {"tools": [
          {"name": "refund", "description": "Pays back.\\nAll of it.", "inputSchema": {"type": "object", "required": ["amount"], "properties": {
            "amount": {"type": "integer"}, "rate": {"type": "number"}, "when": {"type": "string", "format": "date-time"}, "tags": {"type": "array", "items": {"type": "string"}},
            "anything": {}, "to": {"type": "object", "properties": {"name": {"type": "string"}}}}}},
          {"name": "we\\"ird // name", "inputSchema": {"type": "object"}}
        ]}
        """

    private func schema() throws -> Schema {
        try Schema(cedar: try ToolSchema.text([("payments", try JSONValue(parsing: SourceText(Self.tools)))]))
    }

    @Test("a tool has an action in the one for all tools, with the types of its input")
    func actions() throws {
        let schema = try schema()
        let refund = try #require(schema.action("Lynx::Action::\"payments/refund\""))
        #expect(refund.memberOf == ["Lynx::Action::\"callTool\""])
        guard case .record(let input)? = refund.context["input"]?.type else {
            Issue.record("no input")
            return
        }
        #expect(input["amount"]?.type == .long && input["amount"]?.isRequired == true)
        #expect(input["rate"]?.type == .decimal && input["rate"]?.isRequired == false)
        #expect(input["when"]?.type == .datetime)
        #expect(input["tags"]?.type == .set(.string))
        #expect(input["anything"] == nil)
        #expect(refund.context["scopes"] != nil, "the rest of the context is there too")
        #expect(schema.actions.contains { $0.uid.id == "payments/we\"ird // name" })
    }

    @Test("policies that mistake the type of an input are found")
    func validation() throws {
        let validator = Validator(try schema())
        let good = try PolicySet(cedar: #"permit (principal, action == Lynx::Action::"payments/refund", resource) when { context.input.amount < 100 };"#)
        #expect(validator.validate(good).passed)
        let bad = try PolicySet(cedar: #"permit (principal, action == Lynx::Action::"payments/refund", resource) when { context.input.amount == "100" };"#)
        #expect(!validator.validate(bad).passed)
    }

    @Test("what is no list of tools is refused", arguments: ["{}", "1", "[1]", #"[{"name":"x","inputSchema":{"type":"string"}}]"#, #"[{"inputSchema":{}}]"#])
    func refusals(_ json: String) {
        #expect(throws: ToolSchema.Fault.self) { try ToolSchema.text([("s", try JSONValue(parsing: SourceText(json)))]) }
    }
}
