import LynxAudit
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

    // MARK: Names with a gateway's prefix

    private func classifyPrefixed(_ method: String, _ parameters: String) throws(UnclassifiedCall) -> ClassifiedCall {
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#
        let call = IncomingCall(
            entrance: "test", method: "POST", host: "h", path: "/", headers: HeaderList([("a", "b")]), body: .whole(Array(body.utf8)))
        let destination = Destination(name: "d", kind: .mcp, audience: "a", toolPrefix: "d_", resourcePrefix: "d+")
        return try CallClassifier(call: call, body: CallBody(call), destination: destination).classify()
    }

    @Test("a gateway's prefix is no part of the name of a tool, a prompt or a resource")
    func prefixes() throws {
        #expect(try classifyPrefixed("tools/call", #"{"name":"d_t"}"#).resource == "Lynx::Tool::\"d/t\"")
        #expect(try classifyPrefixed("prompts/get", #"{"name":"d_p"}"#).target == "p")
        for method in ["resources/read", "resources/subscribe", "resources/unsubscribe"] {
            #expect(try classifyPrefixed(method, #"{"uri":"d+file:///x"}"#).target == "file:///x")
        }
    }

    @Test("a completion is decided as the use of what it is for")
    func completions() throws {
        let prompt = try classifyPrefixed("completion/complete", #"{"ref":{"type":"ref/prompt","name":"d_p"},"argument":{"name":"a","value":"b"}}"#)
        #expect(action(prompt) == "getPrompt" && prompt.target == "p")
        let resource = try classifyPrefixed("completion/complete", #"{"ref":{"type":"ref/resource","uri":"d+file:///{x}"}}"#)
        #expect(action(resource) == "readResource" && resource.target == "file:///{x}")
        let plain = try classify(.mcp, #"{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"p"}}}"#)
        #expect(action(plain) == "getPrompt" && plain.target == "p")
        #expect(throws: UnclassifiedCall.parameters) { try classify(.mcp, #"{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{}}"#) }
    }

    // MARK: Headers

    private static let calls: [(Destination.Kind, method: String, body: String?)] = [
        (.mcp, "GET", nil), (.mcp, "POST", #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#), (.a2a, "GET", nil),
        (.a2a, "POST", #"{"jsonrpc":"2.0","id":1,"method":"message/send"}"#), (.llm, "GET", nil), (.llm, "POST", #"{"model":"m"}"#),
    ]

    private func classify(
        _ kind: Destination.Kind, _ method: String, _ body: String?, _ header: (name: String, value: String), hasAllHeaders: Bool = true
    ) throws(UnclassifiedCall) -> ClassifiedCall {
        var call = IncomingCall(
            entrance: "test", method: method, host: "h", path: "/", headers: HeaderList([header]), body: body.map { .whole(Array($0.utf8)) } ?? .absent)
        call.hasAllHeaders = hasAllHeaders
        return try CallClassifier(call: call, body: CallBody(call), destination: Destination(name: "d", kind: kind, audience: "a")).classify()
    }

    @Test("what becomes a WebSocket, or asks to be taken for another method, is neither MCP nor A2A nor the call of a model")
    func otherProtocols() throws {
        for (kind, method, body) in Self.calls {
            _ = try classify(kind, method, body, ("accept", "*/*"))
            let upgrade: UnclassifiedCall = kind == .llm ? .modelUnseen : .upgrade
            #expect(throws: upgrade) { try classify(kind, method, body, ("upgrade", "websocket")) }
            #expect(throws: upgrade) { try classify(kind, method, body, ("sec-websocket-key", "x")) }
            #expect(throws: UnclassifiedCall.method) { try classify(kind, method, body, ("x-http-method-override", "PUT")) }
            #expect(throws: UnclassifiedCall.method) { try classify(kind, "CONNECT", body, ("accept", "*/*")) }
        }
    }

    @Test("where headers may be missing, only plain HTTP is decided")
    func missingHeaders() throws {
        for (kind, method, body) in Self.calls {
            #expect(throws: UnclassifiedCall.headers) { try classify(kind, method, body, ("accept", "*/*"), hasAllHeaders: false) }
        }
        #expect(action(try classify(.http, "POST", nil, ("accept", "*/*"), hasAllHeaders: false)) == "sendRequest")
    }

    @Test("what has another prefix is another server's", arguments: [
        ("tools/call", #"{"name":"e_t"}"#, UnclassifiedCall.tool), ("tools/call", #"{"name":"d_"}"#, .tool),
        ("prompts/get", #"{"name":"e_p"}"#, .prompt), ("prompts/get", #"{"name":"p"}"#, .prompt), ("prompts/get", #"{"name":"d_"}"#, .prompt),
        ("resources/read", #"{"uri":"e+file:///x"}"#, .resource), ("resources/subscribe", #"{"uri":"file:///x"}"#, .resource),
        ("completion/complete", #"{"ref":{"type":"ref/prompt","name":"e_p"}}"#, .prompt),
        ("completion/complete", #"{"ref":{"type":"ref/resource","uri":"e+file:///x"}}"#, .resource),
        ("completion/complete", #"{"ref":{"type":"ref/other","name":"d_p"}}"#, .parameters), ("completion/complete", "{}", .parameters),
    ])
    func otherPrefixes(_ method: String, _ parameters: String, _ expected: UnclassifiedCall) {
        #expect(throws: expected) { try classifyPrefixed(method, parameters) }
    }

    // MARK: Models

    private func classifyModel(
        _ path: String, _ body: String? = "{}", method: String = "POST", headers: [(name: String, value: String)] = [], below prefix: String = ""
    ) throws(UnclassifiedCall) -> ClassifiedCall {
        let call = IncomingCall(
            entrance: "test", method: method, host: "h", path: path, headers: HeaderList([("a", "b")] + headers),
            body: body.map { .whole(Array($0.utf8)) } ?? .absent)
        let destination = Destination(name: "p", kind: .llm, path: prefix, audience: "a")
        return try CallClassifier(call: call, body: CallBody(call), destination: destination).classify()
    }

    // Paths as the providers' references have them.
    @Test("a model that stands in the path is taken from there", arguments: [
        ("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", "gpt-4o"), ("/x/OpenAI/Deployments/gpt-4o/embeddings", "gpt-4o"),
        ("/v1/engines/davinci/completions", "davinci"),
        ("/v1beta/models/gemini-2.0-flash:generateContent", "gemini-2.0-flash"), ("/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse", "gemini-2.0-flash"),
        ("/v1beta/models/gemini-2.0-flash%3AgenerateContent", "gemini-2.0-flash"), ("/v1beta/tunedModels/mine:generateContent", "tunedModels/mine"),
        ("/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4@20250514:rawPredict", "claude-sonnet-4@20250514"),
        ("/v1/projects/p/locations/l/endpoints/123:predict", "endpoints/123"), ("/v1/projects/p/locations/l/endpoints/123/chat/completions", "endpoints/123"),
        ("/endpoints/e/invocations", "endpoints/e"), ("/serving-endpoints/e/invocations", "e"), ("/serving-endpoints/chat/invocations", "chat"),
        ("/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("/model/anthropic.claude-3-haiku-20240307-v1:0/converse-stream", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("/openai/deployments/gpt-4o/chat/completions/", "gpt-4o"), ("/openai/deployments/%C3%A9/chat/completions", "\u{E9}"),
    ])
    func pathModels(_ path: String, _ model: String) throws {
        let call = try classifyModel(path)
        #expect(call.resource == EntityUID(type: "Lynx::Model", id: CedarString("p/\(model)")) && action(call) == "invokeModel")
        #expect(call.recorded == .model(model, provider: "p"))
        #expect(try classifyModel(path, #"{"model":"\#(model)"}"#).resource == call.resource, "the same in the body is no contradiction")
        #expect(throws: UnclassifiedCall.modelContradicted) { try classifyModel(path, #"{"model":"another"}"#) }
        #expect(throws: UnclassifiedCall.bodyAbsent) { try classifyModel(path, nil) }
        #expect(action(try classifyModel(path, nil, method: "GET")) == "sendRequest")
    }

    @Test("a body's model counts where the path has none", arguments: [
        ("/v1/chat/completions", #"{"model":"m"}"#), ("/v1/projects/p/locations/l/endpoints/openapi/chat/completions", #"{"model":"m"}"#),
        ("/async-invoke", #"{"modelId":"m"}"#), ("/ml/v1/text/generation", #"{"model_id":"m"}"#), ("/v1/chat/completions", #"{"model":"m","modelId":"m"}"#),
        ("/models/v1/chat/completions", #"{"model":"m"}"#), ("/serving-endpoints/chat/completions", #"{"model":"m"}"#),
        ("/serving-endpoints/embeddings", #"{"model":"m"}"#), ("/v1/realtime/client_secrets", #"{"session":{"type":"realtime","model":"m"}}"#),
        ("/v1/messages/batches", #"{"requests":[{"custom_id":"1","params":{"model":"m"}},{"custom_id":"2","params":{"model":"m"}}]}"#),
        ("/v1/chat/completions", #"{"model":"m","models":["m"],"fallbacks":[{"model":"m"}],"fallback_models":[]}"#), ("/v1/chat/completions?model=m", #"{"model":"m"}"#),
    ])
    func bodyModels(_ path: String, _ body: String) throws {
        #expect(try classifyModel(path, body, below: "/models").resource == "Lynx::Model::\"p/m\"")
    }

    @Test("Gemini's full name in the body is that in the path")
    func fullNames() throws {
        let path = "/v1beta/models/text-embedding-004:embedContent"
        #expect(try classifyModel(path, #"{"model":"models/text-embedding-004"}"#).resource == "Lynx::Model::\"p/text-embedding-004\"")
        #expect(throws: UnclassifiedCall.modelContradicted) { try classifyModel(path, #"{"model":"models/other"}"#) }
    }

    @Test("names that differ, are no text, or stand where it is not known what they are, are refused", arguments: [
        ("/openai/deployments/a/model/b/invoke", "{}", UnclassifiedCall.modelContradicted), ("/v1/chat", #"{"model":"a","modelId":"b"}"#, .modelContradicted),
        ("/v1/chat", #"{"model_id":"a","model":"b"}"#, .modelContradicted), ("/openai/deployments/gpt-4o/chat/completions", #"{"modelId":"x"}"#, .modelContradicted),
        ("/openai/deployments/\u{E9}/chat", #"{"model":"e\u0301"}"#, .modelContradicted),
        ("/openai/deployments/a/chat/completions", #"{"model":1}"#, .model), ("/openai/deployments/a/chat/completions", #"{"Model":"a"}"#, .bodyMalformed),
        ("/model/a;v=1/invoke", "{}", .modelName), ("/model/%ff/invoke", "{}", .modelName),
        ("/models/gpt2", #"{"model":"m"}"#, .modelPath), ("/models/o/n/predictions", #"{"model":"m"}"#, .modelPath), ("/models/m/versions/v:predict", "{}", .modelPath),
        ("/models/:generateContent", "{}", .modelPath), ("/models/m:", "{}", .modelPath),
        ("/v1/chat/completions", "{}", .model), ("/openai/deployments/a", "{}", .model),
        ("/serving-endpoints/e/served-models/s/invocations", #"{"model":"m"}"#, .modelPath), ("/serving-endpoints/e", #"{"model":"m"}"#, .modelPath),
    ])
    func refusedModels(_ path: String, _ body: String, _ expected: UnclassifiedCall) {
        #expect(throws: expected) { try classifyModel(path, body) }
    }

    @Test("a model beside the permitted one, wherever routers and batches have it, is refused", arguments: [
        (#"{"model":"m","models":["m","n"]}"#, UnclassifiedCall.modelContradicted), (#"{"model":"m","fallbacks":[{"model":"n"}]}"#, .modelContradicted),
        (#"{"model":"m","fallback_models":["n"]}"#, .modelContradicted), (#"{"model":"m","models":[{"model":"m","fallbacks":["n"]}]}"#, .modelContradicted),
        (#"{"model":"m","session":{"model":"n"}}"#, .modelContradicted), (#"{"model":"m","requests":[{"params":{"model":"n"}}]}"#, .modelContradicted),
        (#"{"model":"m","requests":[{"params":{"model":"m","fallbacks":["n"]}}]}"#, .modelContradicted), (#"{"model":"m","requests":[{"model":"n"}]}"#, .modelContradicted),
        (#"{"models":["m"]}"#, .model), (#"{"session":{"model":"m"}}"#, .model), (#"{"requests":[{"params":{"model":"m"}}]}"#, .model),
        (#"{"model":"m","models":"n"}"#, .modelName), (#"{"model":"m","models":[["n"]]}"#, .modelName), (#"{"model":"m","fallbacks":[{"m":["n"]}]}"#, .modelName),
        (#"{"model":"m","fallbacks":null}"#, .modelName), (#"{"model":"m","session":"n"}"#, .modelName), (#"{"model":"m","requests":{}}"#, .modelName),
        (#"{"model":"m","requests":[{"params":"n"}]}"#, .modelName), (#"{"model":"m","Models":["n"]}"#, .bodyMalformed),
        (#"{"model":"m","input_file_id":"f"}"#, .modelUnseen),
    ])
    func otherModels(_ body: String, _ expected: UnclassifiedCall) {
        #expect(throws: expected) { try classifyModel("/v1/chat/completions", body) }
    }

    @Test("a batch's calls must each name the model, and the same")
    func batches() {
        let path = "/v1/messages/batches"
        #expect(throws: UnclassifiedCall.modelContradicted) { try classifyModel(path, #"{"requests":[{"params":{"model":"m"}},{"params":{"model":"n"}}]}"#) }
        #expect(throws: UnclassifiedCall.modelContradicted) { try classifyModel(path, #"{"model":"m","requests":[{"params":{"model":"n"}}]}"#) }
        #expect(throws: UnclassifiedCall.model) { try classifyModel(path, #"{"model":"m","requests":[{"params":{}}]}"#) }
        #expect(throws: UnclassifiedCall.model) { try classifyModel(path, #"{"requests":[]}"#) }
    }

    @Test("a model in the query decides nothing where it is not documented, and must not be another")
    func queries() {
        #expect(throws: UnclassifiedCall.modelContradicted) { try classifyModel("/v1/chat/completions?model=n", #"{"model":"m"}"#) }
        #expect(throws: UnclassifiedCall.modelContradicted) { try classifyModel("/openai/deployments/m/chat/completions?deployment=n") }
        #expect(throws: UnclassifiedCall.model) { try classifyModel("/v1/chat/completions?model=m") }
    }

    // OpenAI's and Azure's realtime interfaces.
    @Test("over a connection that is taken over, the model is that of the query or of the path", arguments: [
        ("/v1/realtime?model=gpt-realtime", "gpt-realtime"), ("/openai/realtime?api-version=1&deployment=gpt-4o-realtime-preview", "gpt-4o-realtime-preview"),
        ("/v1/realtime?model=a%3Ab", "a:b"), ("/v1/realtime?mod%65l=m", "m"), ("/openai/deployments/m/realtime", "m"), ("/v1/realtime?model=m&deployment=m", "m"),
    ])
    func realtime(_ path: String, _ model: String) throws {
        let resource = EntityUID(type: "Lynx::Model", id: CedarString("p/\(model)"))
        for headers in [[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")], [("sec-websocket-key", "x")], []] {
            #expect(try classifyModel(path, nil, method: "GET", headers: headers.map { (name: $0.0, value: $0.1) }).resource == resource)
        }
    }

    @Test("and where neither has it, or it is not certain, the call is refused", arguments: [
        ("/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k", UnclassifiedCall.modelUnseen), ("/v1/realtime", .modelUnseen),
        ("/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k&model=m", .modelUnseen), ("/v1/responses?model=m", .modelUnseen),
        ("/v1/realtime/x?model=m", .modelUnseen), ("/openai/deployments/m/chat/completions", .modelUnseen), ("/engines/m/realtime", .modelUnseen),
        ("/model/m/invoke?model=m", .modelUnseen), ("/v1/realtime?call_id=1", .modelUnseen), ("/v1/realtime?model=a&model=b", .modelContradicted), ("/v1/realtime?model=a&deployment=b", .modelContradicted),
        ("/v1/realtime?model=", .modelName), ("/v1/realtime?model", .modelName), ("/v1/realtime?Model=a", .modelName), ("/v1/realtime?model=a+b", .modelName),
        ("/v1/realtime?model=%f", .modelName), ("/v1/realtime?model=%ff", .modelName), ("/v1/realtime?model=a;model=b", .modelName), ("/v1/realtime?%=1", .modelName),
    ])
    func refusedRealtime(_ path: String, _ expected: UnclassifiedCall) {
        #expect(throws: expected) { try classifyModel(path, nil, method: "GET", headers: [("upgrade", "websocket")]) }
    }

    @Test("an upgrade is one whatever the method, and a model in the body does not count for it")
    func upgrades() {
        #expect(throws: UnclassifiedCall.modelUnseen) { try classifyModel("/v1/chat", #"{"model":"m"}"#, headers: [("upgrade", "h2c")]) }
        #expect(throws: UnclassifiedCall.modelUnseen) { try classifyModel("/v1/models", nil, method: "GET", headers: [("connection", "upgrade")]) }
        #expect(throws: UnclassifiedCall.method) { try classifyModel("/v1/realtime?model=m", nil, method: "CONNECT") }
    }

    @Test("a call that asks to be taken for one with another method is refused", arguments: [
        ("/v1/models", [("x-http-method-override", "POST")]), ("/v1beta/models/m:generateContent?$httpMethod=POST", []), ("/v1/models?%24httpMethod=POST", []),
    ])
    func overrides(_ path: String, _ headers: [(String, String)]) {
        #expect(throws: UnclassifiedCall.method) { try classifyModel(path, nil, method: "GET", headers: headers.map { (name: $0.0, value: $0.1) }) }
    }

    // MARK: What records say

    @Test("records name what a call is for", arguments: [
        (Destination.Kind.mcp, #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}"#, AuditRecord.Target.tool("t", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"p"}}"#, .prompt("p", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, .message("tools/list", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, .message("initialize", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"postgres://u:secret@h/t?k=1#f"}}"#, .resource("postgres://h/t", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"postgres://u:p@ss@h:1/t"}}"#, .resource("postgres://h:1/t", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"data:text/plain,secret"}}"#, .resource("data:", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"//u:p@h/t"}}"#, .resource("//h/t", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a:b@c"}}"#, .resource("file:///a:b@c", server: "d")),
        (.mcp, #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"/a:b"}}"#, .resource("/a:b", server: "d")),
        (.llm, #"{"model":"m"}"#, .model("m", provider: "d")),
        (.a2a, #"{"jsonrpc":"2.0","id":1,"method":"message/send"}"#, .request("message/send", agent: "d")),
    ])
    func recorded(_ kind: Destination.Kind, _ body: String, _ expected: AuditRecord.Target) throws {
        #expect(try classify(kind, body).recorded == expected)
    }
}
