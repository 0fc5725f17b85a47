import LynxCedar
import LynxPolicy
import Testing

@Suite("The schema")
struct SchemaTests {
    @Test("is a schema without warnings")
    func reads() throws {
        #expect(try LynxSchema.schema().warnings.isEmpty)
    }

    @Test("lets every kind of caller do every action")
    func actions() throws {
        let schema = try LynxSchema.schema()
        let leaves = schema.actions.filter { !$0.principalTypes.isEmpty }
        #expect(Set(leaves.map(\.uid.id)) == [
            "callTool", "openSession", "listTools", "readResource", "getPrompt", "invokeModel", "sendMessage", "sendRequest", "exchangeToken",
        ])
        for action in leaves { #expect(Set(action.principalTypes) == ["Lynx::Agent", "Lynx::Service", "Lynx::User"]) }
    }
}
