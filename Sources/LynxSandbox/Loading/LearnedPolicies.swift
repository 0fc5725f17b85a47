import LynxCedar

/// Policies that allow what was recorded, in few and readable words.
public struct LearnedPolicies: Sendable {
    /// What was done, by operation: each resource once.
    private var resources: [Operation: Set<String>] = [:]
    private var paths: [Operation: Set<String>] = [:]
    private var endpoints: [Operation: Set<Endpoint>] = [:]
    /// What has no name that would tell it from others, by what the policy is to ask of it.
    private var conditions: [Operation: Set<String>] = [:]
    private var unresolved: Set<Operation> = []
    /// How many reports did not come in.
    public var lostReportCount: UInt64 = 0
    /// What no policy can permit, with why.
    private var guarded: Set<String> = []

    private struct Endpoint: Hashable, Comparable {
        let address: String
        let port: Int

        static func < (lhs: Endpoint, rhs: Endpoint) -> Bool { (lhs.address, lhs.port) < (rhs.address, rhs.port) }
    }

    public init() {}

    public mutating func add(_ report: SandboxReport) {
        guard let operation = report.operation else { return }
        if report.isGuarded {
            guarded.insert("`\(operation)`: \(report.reason ?? "")")
            return
        }
        switch operation.resourceKind {
        case .file, .unixSocket:
            if let path = LearnedPolicies.written(report.path) { paths[operation, default: []].insert(path) } else { unresolved.insert(operation) }
        case .endpoint:
            if let address = report.address {
                endpoints[operation, default: []].insert(Endpoint(address: address, port: report.port))
            } else {
                unresolved.insert(operation)
            }
        case .process:
            if report.isTargetOwn {
                conditions[operation, default: []].insert("resource.own")
            } else if let comm = LearnedPolicies.written(report.targetComm) {
                let signal = report.signal.map { " && context.signal == \($0)" } ?? ""
                conditions[operation, default: []].insert("resource has comm && resource.comm == \(Value.string(CedarString(comm)))\(signal)")
            } else {
                unresolved.insert(operation)
            }
        case .socket:
            if let family = report.socketFamily, let kind = report.socketKind {
                // Where the protocol says what the socket is for.
                let isProtocolTelling = kind == "raw" || family == "netlink" || family == "other"
                let end = isProtocolTelling ? " && resource.protocol == \(report.socketProtocol)" : ""
                conditions[operation, default: []].insert("resource.family == \"\(family)\" && resource.kind == \"\(kind)\"\(end)")
            } else {
                unresolved.insert(operation)
            }
        case .identity, .capability, .facility, .systemCall:
            // What is newer than the schema has no uid.
            if (try? EntityUID(cedar: report.resource)) != nil {
                resources[operation, default: []].insert(report.resource)
            } else {
                unresolved.insert(operation)
            }
        }
    }

    /// A text that policies can have; `nil` for one with bytes that are no UTF-8, which nothing written equals.
    private static func written(_ text: String?) -> String? {
        text.flatMap { $0.unicodeScalars.contains("\u{FFFD}") ? nil : $0 }
    }

    /// Where files are the system's: whoever reads one may read them all. What changes files names each, or its folder.
    private static func systemFolders(_ operation: Operation) -> [String] {
        let programs = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin"]
        return switch operation {
        case .read: programs + ["/proc", "/sys", "/etc/ld.so.cache"]
        case .execute, .mapExecutable: programs
        default: []
        }
    }
    /// So many files of one folder stand for the folder.
    private static let folderThreshold = 4

    /// The directory or the file that stands for a path.
    private static func places(of paths: Set<String>, for operation: Operation) -> [Place] {
        let systemFolders = systemFolders(operation)
        var byFolder: [String: [String]] = [:]
        var places: Set<Place> = []
        for path in paths {
            if let folder = systemFolders.first(where: { path == $0 || path.hasPrefix($0 + "/") }) {
                places.insert(folder == path ? .file(path) : .directory(folder))
            } else {
                byFolder[folder(of: path), default: []].append(path)
            }
        }
        for (folder, files) in byFolder {
            if files.count >= folderThreshold && folder != "/" {
                places.insert(.directory(folder))
            } else {
                for file in files { places.insert(.file(file)) }
            }
        }
        // What lies in a directory that is there anyway needs no line of its own.
        return places.filter { place in
            !places.contains { other in
                guard case .directory(let folder) = other, place != other else { return false }
                return place.path == folder || place.path.hasPrefix(folder + "/")
            }
        }.sorted()
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private enum Place: Hashable, Comparable {
        case directory(String), file(String)

        var path: String {
            switch self {
            case .directory(let path), .file(let path): path
            }
        }

        func scope(_ type: Name) -> String {
            switch self {
            case .directory(let path): "resource in \(EntityUID(type: "Sandbox::Directory", id: CedarString(path)))"
            case .file(let path): "resource == \(EntityUID(type: type, id: CedarString(path)))"
            }
        }
    }

    /// The policies as text.
    public var text: String {
        // Operations on the same thing come into one policy.
        var actions: [String: [Operation]] = [:]
        for (operation, paths) in paths {
            let type: Name = operation.resourceKind == .unixSocket ? "Sandbox::UnixSocket" : "Sandbox::File"
            for place in LearnedPolicies.places(of: paths, for: operation) { actions[place.scope(type), default: []].append(operation) }
        }
        for (operation, endpoints) in endpoints {
            for endpoint in endpoints {
                // Whom a program connects to it knows; elsewhere a port below the range of those that the kernel picks is what it meant.
                let isMeant = operation == .connect || (1..<32768).contains(endpoint.port)
                let port = isMeant ? " && resource.port == \(endpoint.port)" : ""
                let condition = "resource) when { resource.address.isInRange(ip(\"\(endpoint.address)\"))\(port) }"
                actions[condition, default: []].append(operation)
            }
        }
        for (operation, conditions) in conditions {
            for condition in conditions { actions["resource) when { \(condition) }", default: []].append(operation) }
        }
        for (operation, resources) in resources {
            for resource in resources { actions["resource == \(resource)", default: []].append(operation) }
        }
        var lines = ["// Recorded by `cedarc sandbox learn`. Allows what the command did this time, and all that is below a directory."]
        if lostReportCount > 0 { lines.append("// It may have done more, for reports were lost: \(lostReportCount). Record it again, in parts.") }
        lines.append("")
        for scope in actions.keys.sorted() {
            let names = Set(actions[scope, default: []]).sorted { $0.rawValue < $1.rawValue }.map { "Sandbox::Action::\"\($0)\"" }
            guard let first = names.first else { continue }
            let action = names.count == 1 ? "action == \(first)" : "action in [\(names.joined(separator: ", "))]"
            let end = scope.hasSuffix("}") ? ";" : ");"
            lines.append("permit (principal, \(action), \(scope)\(end)")
        }
        for operation in unresolved.sorted(by: { $0.rawValue < $1.rawValue }) {
            lines.append("// `\(operation)` was also asked of what has no path, address or name, which nothing here permits.")
        }
        for line in guarded.sorted() { lines.append("// Refused whatever is permitted: \(line).") }
        return lines.joined(separator: "\n") + "\n"
    }
}
