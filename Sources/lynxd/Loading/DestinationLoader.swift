import LynxCedar
import LynxPolicy

/// Makes destinations of what the configuration says, and checks that each name, audience, and host with a path is there once.
enum DestinationLoader {
    private struct Place: Hashable {
        let host: String
        let path: String
    }

    static func load(_ configurations: [DestinationConfiguration]) -> [Destination] {
        var names: Set<String> = []
        var audiences: Set<String> = []
        var places: Set<Place> = []
        return configurations.map { configuration in
            if !names.insert(configuration.name).inserted {
                configuration.section.report("another destination has the name `\(configuration.name)`", at: "name")
            }
            // A token for one destination must be of no use at another.
            if !audiences.insert(configuration.audience).inserted {
                configuration.section.report("another destination has the audience `\(configuration.audience)`", at: "audience")
            }
            for host in Set(configuration.hosts.map { $0.lowercased() }).sorted() where !places.insert(Place(host: host, path: configuration.path)).inserted {
                configuration.section.report("another destination has the host `\(host)` and the same path", at: "hosts")
            }
            // Those with neither are found by their names.
            if configuration.hosts.isEmpty, !configuration.path.isEmpty, !places.insert(Place(host: "", path: configuration.path)).inserted {
                configuration.section.report("another destination has the path `\(configuration.path)` for any host", at: "path")
            }
            return Destination(
                name: configuration.name, kind: configuration.kind, hosts: configuration.hosts.map { $0.lowercased() }, path: configuration.path,
                audience: CedarString(configuration.audience), credential: configuration.credential == .mint ? .mint : .strip,
                toolPrefix: configuration.toolPrefix, resourcePrefix: configuration.resourcePrefix,
                scopes: configuration.scopes.map { Set($0.map { CedarString($0) }) }, agent: configuration.agent.map { CedarString($0) })
        }
    }
}
