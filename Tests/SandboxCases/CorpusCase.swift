import LynxCedar
import LynxSandbox

/// Policies with events and the answers that somebody wrote down for them: `Corpus/sandbox/NAME.cedar` and what lies beside it.
public struct CorpusCase {
    public let program: SandboxProgram
    /// The file of events, for the programs.
    public let wire: [UInt8]
    public let expected: [Expectation]
    /// What the engine says.
    public let responses: [Response]

    public struct Expectation: Sendable {
        public let event: SandboxEvent
        public let decision: Decision
        public let reasons: Set<PolicyID>
    }

    /// - Parameters:
    ///   - cedar: the policies.
    ///   - entities: the store, in JSON.
    ///   - events: an array of objects with `principal` (an agent), `operation`, what the operation is done to, `decision` and `reason`.
    public init(cedar: String, entities: String, events: String) throws {
        var policies = try PolicySet(cedar: cedar)
        try policies.rename { annotations in annotations.first { $0.key == "id" }.map { PolicyID($0.value ?? "") } }
        var store = try Entities(json: SourceText(entities))
        program = try SandboxProgram(policies, entities: store)
        guard case .array(let items) = try JSONValue(parsing: SourceText(events)).kind else { throw CaseError("the events are no array") }
        expected = try items.map(Expectation.init)

        var wire: [UInt8] = []
        withUnsafeBytes(of: UInt32(expected.count).littleEndian) { wire.append(contentsOf: $0) }
        for expectation in expected {
            guard let record = program.plan.record(for: expectation.event.principal, entities: store) else { throw CaseError("no workload") }
            expectation.event.appendWire(to: &wire, workload: record)
        }
        self.wire = wire
        for entity in expected.flatMap(\.event.entities) where !store.contains(entity.uid) { try store.add(entity) }
        for action in try SandboxSchema.schema().actionEntities { try store.add(action) }
        let authorizer = Authorizer(policies: program.policies, entities: store)
        responses = expected.map { authorizer.isAuthorized($0.event.request) }
    }
}

extension CorpusCase.Expectation {
    fileprivate init(_ json: JSONValue) throws {
        guard case .object(let members) = json.kind else { throw CaseError("an event is no object") }
        func text(_ name: CedarString) -> String? {
            if case .string(let text)? = members.first(where: { $0.name == name })?.value.kind { text.string } else { nil }
        }
        guard let operation = Operation.allCases.first(where: { $0.description == text("operation") }), let principal = text("principal"),
            let decision = text("decision"), case .array(let reasons)? = members.first(where: { $0.name == "reason" })?.value.kind
        else { throw CaseError("an event lacks something") }
        let resource: SandboxEvent.Resource
        switch operation.resourceKind {
        case .file: resource = .file(SandboxEvent.File(path: text("path") ?? "/"))
        case .endpoint:
            guard case .integer(let port)? = members.first(where: { $0.name == "port" })?.value.kind else { throw CaseError("no port") }
            resource = .endpoint(address: try IPAddress(text("address") ?? ""), port: UInt16(clamping: port), protocol: 6)
        case .process: resource = .process(pid: 7, isOwn: false, target: nil)
        case .facility: resource = .facility
        default: throw CaseError("\(operation) is not for this corpus yet")
        }
        event = SandboxEvent(operation, by: EntityUID(type: "Lynx::Agent", id: CedarString(principal)), on: resource)
        self.decision = decision == "allow" ? .allow : .deny
        self.reasons = Set(reasons.compactMap { if case .string(let text) = $0.kind { PolicyID(text) } else { nil } })
    }
}
