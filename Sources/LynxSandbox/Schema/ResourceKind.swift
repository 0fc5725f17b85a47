import LynxCedar

/// The types of entity that operations are done to.
public enum ResourceKind: String, CaseIterable, Hashable, Sendable {
    case file, endpoint, socket, unixSocket, process, identity, capability, facility, systemCall

    /// The entity type in the schema.
    public var type: Name {
        switch self {
        case .file: "Sandbox::File"
        case .endpoint: "Sandbox::Endpoint"
        case .socket: "Sandbox::Socket"
        case .unixSocket: "Sandbox::UnixSocket"
        case .process: "Sandbox::Process"
        case .identity: "Sandbox::Identity"
        case .capability: "Sandbox::Capability"
        case .facility: "Sandbox::Facility"
        case .systemCall: "Sandbox::SystemCall"
        }
    }

    /// Whether the resource is named by a path and stands in directories.
    var hasPath: Bool { self == .file || self == .unixSocket }

    /// The type of the containers of what has a path.
    static let directory: Name = "Sandbox::Directory"
}
