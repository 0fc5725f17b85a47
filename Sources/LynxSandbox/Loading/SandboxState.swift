import LynxCedar

/// What is known of a sandbox beside its pins: which cgroups it holds and what its numbers mean. Enforcement does not depend on it.
public struct SandboxState: Sendable {
    public struct Binding: Sendable {
        public let cgroup: String
        public let id: UInt64
        public let principal: EntityUID
        public let isAudited: Bool
    }

    /// What the numbers of one set of policies mean.
    struct Generation: Sendable {
        let number: Int
        let names: SandboxNames
    }

    public let name: String
    public let bindings: [Binding]
    /// How far the kernel of the time could go.
    public let tier: SandboxTier
    /// What is not prevented there.
    public let gaps: [EnforcementGap]
    /// The policies in force, and before them those that were last: their denials may not have been read yet.
    let generations: [Generation]

    init(name: String, bindings: [Binding], tier: SandboxTier, gaps: [EnforcementGap], generations: [Generation]) {
        self.name = name
        self.bindings = bindings
        self.tier = tier
        self.gaps = gaps
        self.generations = generations
    }

    static func file(_ name: String) -> String { "\(name).json" }

    func save(in folder: StateFolder = .standard) throws(LoadingError) {
        try folder.write(Array((json.formatted() + "\n").utf8), to: SandboxState.file(name))
    }

    /// - Throws: when there is no such sandbox, or its file is damaged.
    public init(reading name: String) throws(LoadingError) {
        try self.init(reading: name, in: .standard)
    }

    init(reading name: String, in folder: StateFolder) throws(LoadingError) {
        guard let state = try SandboxState.find(name, in: folder) else { throw Sandbox.isMissing(name) }
        self = state
    }

    /// - Returns: `nil` when there is no such sandbox.
    static func find(_ name: String, in folder: StateFolder = .standard) throws(LoadingError) -> SandboxState? {
        try Sandbox.check(name: name)
        guard let bytes = try folder.read(file(name)) else { return nil }
        let path = "\(folder.path)/\(file(name))"
        do throws(ParseError) {
            return try SandboxState(name, json: JSONValue(parsing: SourceText(String(decoding: bytes, as: UTF8.self), name: path)))
        } catch {
            throw LoadingError("the state file `\(path)` is damaged", help: "detach the sandbox and attach it anew")
        }
    }

    func remove(from folder: StateFolder = .standard) throws(LoadingError) {
        try folder.remove(SandboxState.file(name))
    }

    func principal(of cgroup: UInt64) -> EntityUID? { bindings.first { $0.id == cgroup }?.principal }

    /// The policies of a rule, by the names of the generation that decided.
    func policies(of rule: Int, generation: Int) -> [String] {
        generations.first { $0.number == generation }?.names.rules.first { $0.number == rule }?.policies ?? []
    }
}

extension SandboxState {
    private var json: JSONValue {
        func text(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
        return [
            "tier": text(tier.rawValue),
            "bindings": JSONValue(
                .array(
                    bindings.map { binding in
                        [
                            "cgroup": text(binding.cgroup),
                            "id": JSONValue(.integer(Int64(bitPattern: binding.id))),
                            "principal": text(binding.principal.description),
                            "audit": JSONValue(.bool(binding.isAudited)),
                        ]
                    })),
            "gaps": JSONValue(
                .array(gaps.map { gap in ["operation": text(gap.operation?.description ?? ""), "reason": text(gap.reason)] })),
            "generations": JSONValue(
                .array(
                    generations.map { generation in
                        ["number": JSONValue(.integer(Int64(generation.number))), "names": generation.names.json]
                    })),
        ]
    }

    private init(_ name: String, json: JSONValue) throws(ParseError) {
        let missing = ParseError(Diagnostic("members are missing"))
        func array(_ json: JSONValue?) throws(ParseError) -> [JSONValue] {
            guard case .array(let elements)? = json?.kind else { throw missing }
            return elements
        }
        guard case .string(let tier)? = json.member("tier")?.kind, let known = SandboxTier(rawValue: tier.description) else { throw missing }
        var bindings: [Binding] = []
        for element in try array(json.member("bindings")) {
            guard case .string(let cgroup)? = element.member("cgroup")?.kind, case .integer(let id)? = element.member("id")?.kind,
                case .string(let principal)? = element.member("principal")?.kind, case .bool(let audit)? = element.member("audit")?.kind
            else { throw missing }
            bindings.append(
                Binding(
                    cgroup: cgroup.description, id: UInt64(bitPattern: id), principal: try EntityUID(cedar: principal.description),
                    isAudited: audit))
        }
        var gaps: [EnforcementGap] = []
        for element in try array(json.member("gaps")) {
            guard case .string(let operation)? = element.member("operation")?.kind, case .string(let reason)? = element.member("reason")?.kind
            else { throw missing }
            gaps.append(EnforcementGap(operation: Operation(named: operation.description), reason: reason.description))
        }
        var generations: [Generation] = []
        for element in try array(json.member("generations")) {
            guard case .integer(let number)? = element.member("number")?.kind, let names = element.member("names") else { throw missing }
            generations.append(Generation(number: Int(number), names: try SandboxNames(json: names)))
        }
        self.init(name: name, bindings: bindings, tier: known, gaps: gaps, generations: generations)
    }
}
