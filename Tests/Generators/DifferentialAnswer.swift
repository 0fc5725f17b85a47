import LynxCedar

/// What this engine answers to a ``DifferentialInput``.
public struct DifferentialAnswer: Sendable {
    /// What came of one of the two policy sets.
    public struct Policies: Sendable {
        /// Why the text was refused; `nil` when it was taken.
        public var error: String?
        /// The set in Cedar's JSON format.
        public var json: JSONValue?
        /// The set as Cedar text.
        public var text: String?
        /// The text in its one layout; `nil` for JSON.
        public var formatted: String?
        /// One for each request, where policies and entities were taken; `nil` where the context was not.
        public var responses: [Response?]?
    }

    public let policies: Policies
    public let policyJSON: Policies
    /// Why the entities were refused; `nil` when they were taken.
    public let entitiesError: String?
    /// The entities as they are written again.
    public let entities: JSONValue?

    public init(_ input: DifferentialInput) {
        var entities: Entities?
        var entitiesError: String?
        do throws(ParseError) {
            entities = try Entities(json: input.entities)
        } catch {
            entitiesError = "\(error)"
        }
        self.entitiesError = entitiesError
        self.entities = entities.flatMap { try? $0.json }
        let requests = input.requests.map(Self.request)
        var policies = Self.answer(entities, requests) { () throws(ParseError) in try PolicySet(cedar: input.policies) }
        if policies.error == nil { policies.formatted = try? CedarFormatter().format(policies: SourceText(input.policies)) }
        self.policies = policies
        policyJSON = Self.answer(entities, requests) { () throws(ParseError) in try PolicySet(json: input.policyJSON) }
    }

    private static func request(_ request: DifferentialInput.Request) -> Request? {
        do throws(ParseError) {
            return Request(
                principal: request.principal, action: request.action, resource: request.resource,
                context: try Record(json: request.context))
        } catch {
            return nil
        }
    }

    private static func answer(
        _ entities: Entities?, _ requests: [Request?], _ parse: () throws(ParseError) -> PolicySet
    ) -> Policies {
        do throws(ParseError) {
            let set = try parse()
            var answer = Policies(json: set.json, text: set.description)
            if let entities {
                let authorizer = Authorizer(policies: set, entities: entities)
                answer.responses = requests.map { $0.map(authorizer.isAuthorized) }
            }
            return answer
        } catch {
            return Policies(error: "\(error)")
        }
    }

    public var json: JSONValue {
        [
            "policies": policies.answer,
            "policyJSON": policyJSON.answer,
            "entitiesError": entitiesError.map { .string($0) } ?? nil,
            "entities": entities ?? nil,
        ]
    }
}

extension DifferentialAnswer.Policies {
    fileprivate var answer: JSONValue {
        [
            "error": error.map { .string($0) } ?? nil,
            "json": json ?? nil,
            "text": text.map { .string($0) } ?? nil,
            "formatted": formatted.map { .string($0) } ?? nil,
            "responses": responses.map { JSONValue(.array($0.map { $0?.answer ?? nil })) } ?? nil,
        ]
    }
}

extension Response {
    /// The response without the texts of its errors, on which implementations need not agree.
    fileprivate var answer: JSONValue {
        [
            "decision": .string(decision.rawValue),
            "reasons": JSONValue(.array(reasons.map { JSONValue(.string($0.text)) })),
            "errors": JSONValue(.array(errors.map { JSONValue(.string($0.policy.text)) })),
        ]
    }
}
