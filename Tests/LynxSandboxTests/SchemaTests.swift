import LynxCedar
import LynxSandbox
import Testing

@Suite("The sandbox schema")
struct SchemaTests {
    @Test("the schema that ships is a schema, without warnings")
    func parses() throws {
        #expect(try SandboxSchema.schema().warnings.isEmpty)
    }
}
