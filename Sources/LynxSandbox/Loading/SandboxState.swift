import LynxCedar

/// What is known of a sandbox beside its pins: which cgroups it holds and what its numbers mean. Enforcement does not depend on it.
public struct SandboxState: Sendable {
    public struct Binding: Sendable {
        public let cgroup: String
        public let id: UInt64
        public let principal: EntityUID
        public let isAudited: Bool
    }

    public let name: String
    public let bindings: [Binding]
    /// How far the kernel of the time could go.
    public let tier: SandboxTier
    let names: SandboxNames

    private static let folder = "/run/lynxcedar"

    private static func path(_ name: String) -> String { "\(folder)/\(name).json" }

    func save() throws(LoadingError) {
        try SmallFile.makeFolder(SandboxState.folder)
        let json: JSONValue = [
            "tier": JSONValue(.string(CedarString(tier.rawValue))),
            "bindings": JSONValue(
                .array(
                    bindings.map { binding in
                        [
                            "cgroup": JSONValue(.string(CedarString(binding.cgroup))),
                            "id": JSONValue(.integer(Int64(bitPattern: binding.id))),
                            "principal": JSONValue(.string(CedarString(binding.principal.description))),
                            "audit": JSONValue(.bool(binding.isAudited)),
                        ]
                    })),
            "names": names.json,
        ]
        // Not renamed into place: a reader that finds half of it says that it is damaged, and tries again.
        try SmallFile.write(Array((json.formatted() + "\n").utf8), to: SandboxState.path(name), creating: true)
    }

    /// - Throws: when there is no such sandbox, or its file is damaged.
    public init(reading name: String) throws(LoadingError) {
        try Sandbox.check(name: name)
        let path = SandboxState.path(name)
        guard access(path, F_OK) == 0 else {
            throw LoadingError("there is no sandbox `\(name)`", help: "`cedarc sandbox status` lists those that there are")
        }
        let text = try SmallFile.readText(path)
        do throws(ParseError) {
            let json = try JSONValue(parsing: SourceText(text, name: path))
            guard case .string(let tier)? = json.member("tier")?.kind, let known = SandboxTier(rawValue: tier.description),
                case .array(let elements)? = json.member("bindings")?.kind, let names = json.member("names")
            else { throw ParseError(Diagnostic("members are missing")) }
            var bindings: [Binding] = []
            for element in elements {
                guard case .string(let cgroup)? = element.member("cgroup")?.kind, case .integer(let id)? = element.member("id")?.kind,
                    case .string(let principal)? = element.member("principal")?.kind, case .bool(let audit)? = element.member("audit")?.kind
                else { throw ParseError(Diagnostic("members are missing")) }
                bindings.append(
                    Binding(
                        cgroup: cgroup.description, id: UInt64(bitPattern: id), principal: try EntityUID(cedar: principal.description),
                        isAudited: audit))
            }
            self.init(name: name, bindings: bindings, tier: known, names: try SandboxNames(json: names))
        } catch {
            throw LoadingError("the state file `\(path)` is damaged")
        }
    }

    init(name: String, bindings: [Binding], tier: SandboxTier, names: SandboxNames) {
        self.name = name
        self.bindings = bindings
        self.tier = tier
        self.names = names
    }

    func remove() {
        unlink(SandboxState.path(name))
    }
}
