import LynxPolicy

/// Where calls may go.
struct DestinationConfiguration {
    let name: String
    let kind: Destination.Kind
    let hosts: [String]
    let path: String
    let audience: String
    let credential: Credential
    let toolPrefix: String
    let resourcePrefix: String
    let scopes: [String]?
    /// The agent that is there, for A2A; the destination's own name without it.
    let agent: String?
    let section: ConfigurationSection

    enum Credential: String, CaseIterable {
        case mint
        case strip
    }

    init(_ section: ConfigurationSection) {
        self.section = section
        name = section.required("name")
        kind = section.choice("kind", default: .http)
        hosts = section.texts("hosts")
        var path = section.text("path") ?? ""
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
        audience = section.required("audience")
        credential = section.choice("credential", default: .mint)
        toolPrefix = section.text("tool-prefix") ?? ""
        resourcePrefix = section.text("resource-prefix") ?? ""
        scopes = section.has("scopes") ? section.texts("scopes") : nil
        agent = section.text("agent")
        if !path.isEmpty, !DestinationTable.isPlain(path: path) || path.contains(";") {
            section.report("`\(section.name).path` is not a plain path", at: "path")
        }
        // Where one server's names have a prefix there are others behind the same address, whose resources would be taken for this one's.
        if !toolPrefix.isEmpty, !section.has("resource-prefix") {
            section.report(
                "`\(section.name).resource-prefix` is missing: what tells this server's resources from those of others", at: "tool-prefix",
                help: "write `resource-prefix: \"\"` where the gateway puts nothing before them")
        }
        // Policies call a tool by its server and its own name, with a slash between them.
        if name.contains("/") { section.report("`\(section.name).name` must not have a slash", at: "name") }
        for host in hosts where !DestinationTable.isHost(host) {
            section.report("no call has the host `\(host)`", at: "hosts", help: "write each host's name, without a port")
        }
        section.finish()
    }
}
