import LynxCedar
import LynxIdentity

// Which of the things that a server lists a caller may use: each is decided as its use would be, in some way that is still open.

extension PolicySnapshot {
    /// - Parameters:
    ///   - names: of tools, as the server itself calls them; `nil` for what is not the server's.
    ///   - question: of the list itself.
    public func listedTools(_ names: [CedarString?], of server: Destination, for question: AccessQuestion) -> [Bool] {
        guard let authorizer = authorizer(for: question) else { return names.map { _ in false } }
        let tools = Set(names.lazy.compactMap { $0.map { server.tool($0) } })
        let context = question.request.context
        let shared = decision(
            PartialRequest(
                principal: .known(question.caller.principal), resource: .unknown(type: EntityTypes.tool),
                // Whether there is an input depends on the tool's action.
                context: PartialRecord(context, unknown: ["input": .presence]), unknownEntities: .only(tools)),
            by: authorizer)
        var environments = Environments(schema: schema)
        return decide(names) { name in
            let tool = server.tool(name)
            let action = action(ofTool: tool.id)
            let request = PartialRequest(
                principal: .known(question.caller.principal), action: .known(action), resource: .known(tool),
                context: PartialRecord(context, unknown: readsInput(of: action) ? ["input": .value] : [:]))
            guard environments.have(request) else { return false }
            return shared.mayAllow(request, with: AccessQuestion.placed(tool, in: server.resource, beside: authorizer.entities))
        }
    }

    /// - Parameters:
    ///   - names: of prompts, or URIs of resources, as the server itself calls them; `nil` for what is not the server's.
    ///   - question: of the list itself, which has the action and the resource of the uses.
    public func listedTargets(_ names: [CedarString?], for question: AccessQuestion) -> [Bool] {
        guard let authorizer = authorizer(for: question) else { return names.map { _ in false } }
        var request = PartialRequest(question.request)
        let context = request.context.known
        request.context = PartialRecord(context, unknown: ["target": .value])
        let shared = decision(request, by: authorizer)
        var environments = Environments(schema: schema)
        return decide(names) { name in
            var context = context
            context["target"] = .string(name)
            request.context = PartialRecord(context)
            return environments.have(request) && shared.mayAllow(request, with: nil)
        }
    }

    /// Whether a server's templates are listed: it is not known yet which resource is read by one.
    ///
    /// - Parameter question: of the list itself.
    public func listsTemplates(for question: AccessQuestion) -> Bool {
        guard let authorizer = authorizer(for: question) else { return false }
        var request = PartialRequest(question.request)
        request.context = PartialRecord(request.context.known, unknown: ["target": .value])
        var environments = Environments(schema: schema)
        return environments.have(request) && decision(request, by: authorizer).mayAllow(request, with: nil)
    }

    /// The authorizer with what the caller brings with it; `nil` where entities would be their own ancestors.
    private func authorizer(for question: AccessQuestion) -> Authorizer? {
        var authorizer = authorizer
        do throws(EntitiesError) {
            for entity in question.entities(beside: authorizer.entities) { try authorizer.upsert(entity) }
            return authorizer
        } catch {
            return nil
        }
    }

    private func decision(_ request: PartialRequest, by authorizer: Authorizer) -> SharedDecision {
        SharedDecision(request, by: authorizer, schema: schema, deniesOnForbidErrors: deniesOnForbidErrors)
    }

    /// Decides each name once, though it be listed again and again.
    private func decide(_ names: [CedarString?], _ mayUse: (CedarString) -> Bool) -> [Bool] {
        var known: [CedarString: Bool] = [:]
        return names.map { name in
            guard let name else { return false }
            if let known = known[name] { return known }
            let isListed = mayUse(name)
            known[name] = isListed
            return isListed
        }
    }

    /// Which requests the schema foresees, found out once for each action: nothing else that matters to types differs within a list.
    private struct Environments {
        let schema: Schema?
        private var known: [PartialEntityUID: Bool] = [:]

        init(schema: Schema?) {
            self.schema = schema
        }

        mutating func have(_ request: PartialRequest) -> Bool {
            guard let schema else { return true }
            if let known = known[request.action] { return known }
            let isForeseen = (try? schema.environment(of: request)) != nil
            known[request.action] = isForeseen
            return isForeseen
        }
    }
}
