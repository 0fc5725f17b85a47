import LynxCedar
import LynxIdentity

/// Where calls may go.
public struct Destination: Hashable, Sendable {
    public let name: String
    public let kind: Kind
    /// In lower case and without port; empty for any.
    public let hosts: [String]
    /// Without a slash at the end; empty for any.
    public let path: String
    /// What credentials for it have as their audience.
    public let audience: CedarString
    public let credential: Credential
    /// What a gateway puts before the names of this server's tools and prompts.
    public let toolPrefix: String
    /// What a gateway puts before the URIs of this server's resources.
    public let resourcePrefix: String
    /// What credentials for it can have of the caller's scopes, and what may be asked for in an exchange; `nil` for whatever the subject's token has.
    public let scopes: Set<CedarString>?
    /// What policies call it.
    public let resource: EntityUID

    public enum Kind: String, CaseIterable, Sendable {
        case mcp
        case a2a
        case llm
        case http
    }

    /// What is sent along in place of what the caller showed.
    public enum Credential: Hashable, Sendable {
        /// A token for this one destination.
        case mint
        /// Nothing.
        case strip
    }

    public init(
        name: String, kind: Kind, hosts: [String] = [], path: String = "", audience: CedarString, credential: Credential = .mint,
        toolPrefix: String = "", resourcePrefix: String = "", scopes: Set<CedarString>? = nil, agent: CedarString? = nil
    ) {
        self.name = name
        self.kind = kind
        self.hosts = hosts
        self.path = path
        self.audience = audience
        self.credential = credential
        self.toolPrefix = toolPrefix
        self.resourcePrefix = resourcePrefix
        self.scopes = scopes
        resource =
            switch kind {
            case .mcp: EntityUID(type: EntityTypes.server, id: CedarString(name))
            case .a2a: EntityUID(type: EntityTypes.agent, id: agent ?? CedarString(name))
            case .llm: EntityUID(type: EntityTypes.modelProvider, id: CedarString(name))
            case .http: EntityUID(type: EntityTypes.service, id: CedarString(name))
            }
    }

    /// What policies call a tool that this server has.
    ///
    /// - Parameter name: the server's own.
    public func tool(_ name: CedarString) -> EntityUID { EntityUID(type: EntityTypes.tool, id: CedarString("\(self.name)/\(name)")) }
}
