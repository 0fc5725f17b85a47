import LynxCedar
import LynxPolicy
import Testing

@testable import LynxDecisionPoint

@Suite("Calls")
struct ClassifierTests {
    private func classify(_ kind: Destination.Kind, _ body: String?, method: String = "POST") throws(UnclassifiedCall) -> ClassifiedCall {
        let call = IncomingCall(
            entrance: "test", method: method, host: "h", path: "/", headers: HeaderList([("a", "b")]), body: body.map { .whole(Array($0.utf8)) } ?? .absent)
        let destination = Destination(name: "d", kind: kind, audience: "a")
        return try CallClassifier(call: call, body: CallBody(call), destination: destination).classify()
    }

    private func action(_ call: ClassifiedCall) -> CedarString {
        switch call.action {
        case .named(let name): name
        case .tool: "tool"
        }
    }

    // The methods of MCP 2025-06-18 that clients send.
    @Test("the methods of MCP have their actions", arguments: [
        (#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#, "openSession"),
        (#"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#, "openSession"),
        (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "openSession"),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, "listTools"),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}"#, "tool"),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#, "readResource"),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"u"}}"#, "readResource"),
        (#"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"p"}}"#, "getPrompt"),
    ])
    func mcp(_ body: String, _ expected: CedarString) throws {
        #expect(action(try classify(.mcp, body)) == expected)
    }

    @Test("what is within a resource is told")
    func targets() throws {
        #expect(try classify(.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"u"}}"#).target == "u")
        #expect(try classify(.mcp, #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}"#).resource == "Lynx::Tool::\"d/t\"")
        #expect(try classify(.llm, #"{"model":"m"}"#).resource == "Lynx::Model::\"d/m\"")
        #expect(try classify(.a2a, #"{"jsonrpc":"2.0","id":1,"method":"message/send"}"#).resource == "Lynx::Agent::\"d\"")
    }

    @Test("what is not understood is refused", arguments: [
        #"[]"#, #"{}"#, #"1"#, #"{"jsonrpc":"2.0","id":1,"method":1}"#, #"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}"#, #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":""}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","result":{},"params":{"name":"t"}}"#, #"{"jsonrpc":"2.0","id":1,"method":"Tools/Call"}"#,
        #"{"jsonrpc":"2.0","id":1,"METHOD":"ping"}"#, "",
    ])
    func refused(_ body: String) {
        #expect(throws: UnclassifiedCall.self) { try classify(.mcp, body) }
        #expect(throws: UnclassifiedCall.self) { try classify(.a2a, body) }
    }
}
