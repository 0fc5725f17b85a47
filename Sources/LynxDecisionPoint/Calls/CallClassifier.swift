import LynxCedar
import LynxPolicy

/// Finds out what a call is. What is not known to be harmless is refused, not guessed.
struct CallClassifier {
    let call: IncomingCall
    let body: CallBody
    let destination: Destination

    /// The longest name of a tool or a model, in bytes: records have it in full.
    private static let maximumName = 512

    func classify() throws(UnclassifiedCall) -> ClassifiedCall {
        if call.isMessage, destination.kind != .mcp { throw .kind }
        switch destination.kind {
        case .http: return request
        case .mcp: return try mcp()
        case .a2a: return try a2a()
        case .llm: return try llm()
        }
    }

    private var request: ClassifiedCall { ClassifiedCall(action: .named("sendRequest"), resource: destination.resource) }

    // MARK: MCP

    private func mcp() throws(UnclassifiedCall) -> ClassifiedCall {
        var classified = ClassifiedCall(action: .named("openSession"), resource: destination.resource)
        switch call.method {
        // Streamable HTTP: GET opens the stream of what the server has to say, DELETE ends the session.
        case "GET", "DELETE":
            classified.target = CedarString(call.method)
            return classified
        case "POST":
            break
        default:
            throw .method
        }
        let message = try JSONRPCMessage(body.read())
        guard let method = message.method else {
            // An answer to what the server has asked.
            classified.target = "response"
            return classified
        }
        switch method.string {
        case "tools/call":
            return try tool(message)
        case "tools/list":
            classified.action = .named("listTools")
        case "initialize", "ping", "logging/setLevel", "completion/complete":
            classified.target = method
        case _ where method.string.hasPrefix("notifications/"):
            classified.target = method
        case "resources/list", "resources/templates/list":
            classified.action = .named("readResource")
        case "resources/read", "resources/subscribe", "resources/unsubscribe":
            classified.action = .named("readResource")
            classified.target = try message.parameters(known: ["uri"]).text("uri")
        case "prompts/list":
            classified.action = .named("getPrompt")
        case "prompts/get":
            classified.action = .named("getPrompt")
            classified.target = try message.parameters(known: ["name", "arguments"]).text("name")
        default:
            throw .method
        }
        return classified
    }

    private func tool(_ message: JSONRPCMessage) throws(UnclassifiedCall) -> ClassifiedCall {
        let parameters = try message.parameters(known: ["name", "arguments"])
        let name = try parameters.text("name").string
        let prefix = call.isMessage ? "" : destination.toolPrefix
        guard name.utf8.starts(with: prefix.utf8) else { throw .tool }
        let native = String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        guard !native.isEmpty else { throw .tool }
        guard native.utf8.count <= CallClassifier.maximumName else { throw .name }
        switch parameters["arguments"]?.kind {
        case nil, .object?: break
        default: throw .parameters
        }
        return CallClassifier.tool(native, of: destination, input: parameters["arguments"] ?? [:])
    }

    private static func tool(_ name: String, of destination: Destination, input: JSONValue?) -> ClassifiedCall {
        let id = CedarString("\(destination.name)/\(name)")
        return ClassifiedCall(
            action: .tool(id), resource: EntityUID(type: "Lynx::Tool", id: id), parent: destination.resource, input: input)
    }

    /// The use of a thing that a server lists, as far as the list tells: the input of a tool, and which of a template's resources, is not known yet.
    static func use(of name: String, in kind: MCPListing.Kind, at destination: Destination) -> ClassifiedCall {
        switch kind {
        case .tools: tool(name, of: destination, input: nil)
        case .resources: ClassifiedCall(action: .named("readResource"), resource: destination.resource, target: CedarString(name))
        case .templates: ClassifiedCall(action: .named("readResource"), resource: destination.resource)
        case .prompts: ClassifiedCall(action: .named("getPrompt"), resource: destination.resource, target: CedarString(name))
        }
    }

    // MARK: A2A

    /// The methods of A2A 0.3, and those of 1.0.
    private static let a2aMethods: Set<String> = [
        "message/send", "message/stream", "tasks/get", "tasks/list", "tasks/cancel", "tasks/resubscribe",
        "tasks/pushNotificationConfig/set", "tasks/pushNotificationConfig/get", "tasks/pushNotificationConfig/list",
        "tasks/pushNotificationConfig/delete", "agent/getAuthenticatedExtendedCard",
        "SendMessage", "SendStreamingMessage", "GetTask", "ListTasks", "CancelTask", "SubscribeToTask",
        "CreateTaskPushNotificationConfig", "GetTaskPushNotificationConfig", "ListTaskPushNotificationConfigs",
        "DeleteTaskPushNotificationConfig", "GetExtendedAgentCard",
    ]

    private func a2a() throws(UnclassifiedCall) -> ClassifiedCall {
        // The agent's card, for instance.
        guard call.method == "POST" else { return request }
        guard let method = try JSONRPCMessage(body.read()).method, CallClassifier.a2aMethods.contains(method.string) else { throw .method }
        return ClassifiedCall(action: .named("sendMessage"), resource: destination.resource, target: method)
    }

    // MARK: Models

    private func llm() throws(UnclassifiedCall) -> ClassifiedCall {
        guard call.method != "CONNECT", !call.isTakenForAnotherMethod else { throw .method }
        // What goes over a connection that is taken over is not seen, and the model may be named in there.
        let isUnseen = call.isUpgrade || ModelNames.isRealtime(path: call.plainPath)
        guard call.method == "POST" || isUnseen else { return request }
        var names = ModelNames()
        try names.add(path: call.plainPath, below: destination.path)
        if isUnseen {
            try names.add(query: call.query)
            guard !names.isEmpty else { throw .modelUnseen }
        }
        if call.method == "POST" {
            guard case .object(let members) = try body.read().kind else { throw .bodyMalformed }
            try names.add(body: members)
        }
        let model = try names.only()
        guard model.utf8.count <= CallClassifier.maximumName else { throw .name }
        return ClassifiedCall(
            action: .named("invokeModel"), resource: EntityUID(type: "Lynx::Model", id: CedarString("\(destination.name)/\(model)")),
            parent: destination.resource)
    }
}
