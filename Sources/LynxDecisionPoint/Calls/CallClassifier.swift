import LynxAudit
import LynxCedar
import LynxIdentity
import LynxPolicy

/// Finds out what a call is. What is not known to be harmless is refused, not guessed.
struct CallClassifier {
    let call: IncomingCall
    let body: CallBody
    let destination: Destination

    /// The longest name of a tool or a model, in bytes: records have it in full.
    private static let maximumName = 512

    /// Parameters of MCP's methods.
    private static let use: KnownNames = ["name", "arguments"]
    private static let read: KnownNames = ["uri"]
    private static let completed: KnownNames = ["ref", "argument"]
    private static let reference: KnownNames = ["type", "name", "uri"]

    func classify() throws(UnclassifiedCall) -> ClassifiedCall {
        if call.isMessage, destination.kind != .mcp { throw .kind }
        guard destination.kind != .http else { return request }
        // What is read from the body is what the server does only where no header says that it is something else.
        guard call.hasAllHeaders else { throw .headers }
        guard call.method != "CONNECT", !call.isTakenForAnotherMethod else { throw .method }
        // Only models have a documented way over a connection that is taken over.
        guard destination.kind == .llm || !call.isUpgrade else { throw .upgrade }
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
        switch call.method {
        // Streamable HTTP: GET opens the stream of what the server has to say, DELETE ends the session.
        case "GET", "DELETE": return session(call.method)
        case "POST": break
        default: throw .method
        }
        let message = try JSONRPCMessage(body.read())
        // Without a method it is an answer to what the server has asked.
        guard let method = message.method?.string else { return session("response") }
        switch method {
        case "tools/call": return try tool(message)
        case "tools/list": return list("listTools", method)
        case "resources/list", "resources/templates/list": return list("readResource", method)
        case "prompts/list": return list("getPrompt", method)
        case "resources/read", "resources/subscribe", "resources/unsubscribe":
            return resource(try resourceURI(message.parameters(known: CallClassifier.read).text("uri").string))
        case "prompts/get":
            return prompt(try promptName(message.parameters(known: CallClassifier.use).text("name").string))
        case "completion/complete": return try completion(message)
        case "initialize", "ping", "logging/setLevel": return session(method)
        case _ where method.hasPrefix("notifications/"): return session(method)
        default: throw .method
        }
    }

    private func session(_ target: String) -> ClassifiedCall {
        ClassifiedCall(
            action: .named("openSession"), resource: destination.resource, target: CedarString(target),
            recorded: .message(Excerpt.of(target), server: destination.name))
    }

    private func list(_ action: CedarString, _ method: String) -> ClassifiedCall {
        ClassifiedCall(action: .named(action), resource: destination.resource, recorded: .message(method, server: destination.name))
    }

    private func resource(_ uri: String) -> ClassifiedCall {
        ClassifiedCall(
            action: .named("readResource"), resource: destination.resource, target: CedarString(uri),
            recorded: .resource(ResourceURI(uri).recorded, server: destination.name))
    }

    private func prompt(_ name: String) -> ClassifiedCall {
        ClassifiedCall(
            action: .named("getPrompt"), resource: destination.resource, target: CedarString(name), recorded: .prompt(name, server: destination.name))
    }

    private func tool(_ message: JSONRPCMessage) throws(UnclassifiedCall) -> ClassifiedCall {
        let parameters = try message.parameters(known: CallClassifier.use)
        let name = try native(parameters.text("name").string, behind: destination.toolPrefix, else: .tool)
        guard name.utf8.count <= CallClassifier.maximumName else { throw .name }
        switch parameters["arguments"]?.kind {
        case nil, .object?: break
        default: throw .parameters
        }
        let tool = destination.tool(CedarString(name))
        return ClassifiedCall(
            action: .tool(tool.id), resource: tool, parent: destination.resource, input: parameters["arguments"] ?? [:],
            recorded: .tool(name, server: destination.name))
    }

    /// What is offered to complete a prompt's argument or a resource's URI tells of that prompt or resource: it is decided as its use is.
    private func completion(_ message: JSONRPCMessage) throws(UnclassifiedCall) -> ClassifiedCall {
        guard let part = try message.parameters(known: CallClassifier.completed)["ref"] else {
            // Of a result, the gateway does not say what it was asked for with.
            guard call.isMessage else { throw .parameters }
            return session("completion/complete")
        }
        guard case .object(let members) = part.kind else { throw .parameters }
        let reference = try JSONMembers(members, known: CallClassifier.reference)
        switch try reference.text("type").string {
        case "ref/prompt": return prompt(try promptName(reference.text("name").string))
        case "ref/resource": return resource(try resourceURI(reference.text("uri").string))
        default: throw .parameters
        }
    }

    private func promptName(_ name: String) throws(UnclassifiedCall) -> String {
        let name = try native(name, behind: destination.toolPrefix, else: .prompt)
        guard name.utf8.count <= CallClassifier.maximumName else { throw .name }
        return name
    }

    private func resourceURI(_ uri: String) throws(UnclassifiedCall) -> String {
        try native(uri, behind: destination.resourcePrefix, else: .resource)
    }

    /// What the server itself calls a thing.
    ///
    /// - Throws: `fault` where the gateway's prefix of this server is not there: the thing is another server's.
    private func native(_ name: String, behind prefix: String, else fault: UnclassifiedCall) throws(UnclassifiedCall) -> String {
        // Where the gateway has read the message, it has taken the prefix off.
        if call.isMessage { return name }
        guard name.utf8.starts(with: prefix.utf8), name.utf8.count > prefix.utf8.count else { throw fault }
        return String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
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
        return ClassifiedCall(
            action: .named("sendMessage"), resource: destination.resource, target: method,
            recorded: .request(method.string, agent: destination.resource.id.string))
    }

    // MARK: Models

    private func llm() throws(UnclassifiedCall) -> ClassifiedCall {
        // What goes over a connection that is taken over is not seen, and the model may be named in there.
        let isRealtime = ModelNames.isRealtime(path: call.plainPath)
        let isUnseen = call.isUpgrade || isRealtime
        guard call.method == "POST" || isUnseen else { return request }
        var names = ModelNames()
        try names.add(path: call.plainPath, below: destination.path)
        try names.add(query: call.query, decides: isRealtime)
        guard !isUnseen || names.hasRealtime else { throw .modelUnseen }
        if call.method == "POST" {
            guard case .object(let members) = try body.read().kind else { throw .bodyMalformed }
            try names.add(body: members, path: call.plainPath)
        }
        let model = try names.only()
        guard model.utf8.count <= CallClassifier.maximumName else { throw .name }
        return ClassifiedCall(
            action: .named("invokeModel"), resource: EntityUID(type: EntityTypes.model, id: CedarString("\(destination.name)/\(model)")),
            parent: destination.resource, recorded: .model(model, provider: destination.name))
    }
}
