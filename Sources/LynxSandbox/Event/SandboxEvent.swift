import LynxCedar

/// An operation as a hook reports it: the Swift side of `struct event`.
///
/// ``request`` and ``entities`` are the same facts in Cedar's terms: what the kernel decides on an event is what the engine decides on these.
public struct SandboxEvent: Hashable, Sendable {
    /// What the operation is done to.
    public enum Resource: Hashable, Sendable {
        case file(File)
        case endpoint(address: IPAddress, port: UInt16, protocol: UInt32)
        case socket(family: UInt32, kind: UInt32, protocol: UInt32)
        case unixSocket(path: String, isAbstract: Bool)
        case process(pid: UInt32, isOwn: Bool, target: Target?)
        case identity(UInt32)
        case capability(UInt32)
        case facility
        case systemCall(UInt32)
    }

    public struct File: Hashable, Sendable {
        public var path: String
        /// `S_IFMT >> 12`
        public var kind: UInt32
        public var filesystem: String
        /// `nil` for a file that is yet to be made.
        public var inode: Inode?

        public init(path: String, kind: UInt32 = 8, filesystem: String = "ext4", inode: Inode? = nil) {
            self.path = path
            self.kind = kind
            self.filesystem = filesystem
            self.inode = inode
        }
    }

    public struct Inode: Hashable, Sendable {
        public var owner: UInt32
        public var group: UInt32
        public var mode: UInt32
        public var links: UInt32

        public init(owner: UInt32 = 0, group: UInt32 = 0, mode: UInt32 = 0o644, links: UInt32 = 1) {
            self.owner = owner
            self.group = group
            self.mode = mode
            self.links = links
        }
    }

    /// A process that something is done to, as long as it is there.
    public struct Target: Hashable, Sendable {
        public var uid: UInt32
        public var comm: String

        public init(uid: UInt32, comm: String) {
            self.uid = uid
            self.comm = comm
        }
    }

    /// The process that acts.
    public struct Actor: Hashable, Sendable {
        public var uid: UInt32
        public var gid: UInt32
        public var pid: UInt32
        public var comm: String
        public var executable: String

        public init(uid: UInt32 = 0, gid: UInt32 = 0, pid: UInt32 = 1, comm: String = "", executable: String = "/") {
            self.uid = uid
            self.gid = gid
            self.pid = pid
            self.comm = comm
            self.executable = executable
        }
    }

    public var operation: Operation
    public var principal: EntityUID
    public var actor: Actor
    public var resource: Resource
    /// `enum event_flag`
    public var flags: UInt32
    /// The mode that chmod gives, or the signal.
    public var argument: UInt32

    public init(
        _ operation: Operation, by principal: EntityUID, _ actor: Actor = Actor(), on resource: Resource, flags: UInt32 = 0, argument: UInt32 = 0
    ) {
        self.operation = operation
        self.principal = principal
        self.actor = actor
        self.resource = resource
        self.flags = flags
        self.argument = argument
    }
}

// In Cedar's terms.
extension SandboxEvent {
    /// The request that stands for the event.
    public var request: Request {
        Request(principal: principal, action: operation.action, resource: resourceUID, context: context)
    }

    /// The resource and what it is in.
    public var entities: [Entity] {
        var entities = [Entity(uid: resourceUID, attributes: resourceAttributes, parents: parents)]
        guard let path = resource.path else { return entities }
        let directories = CanonicalPath.selfAndAbove(path)
        for (index, directory) in directories.enumerated() {
            let above = index + 1 < directories.count ? [SandboxEvent.directory(directories[index + 1])] : []
            entities.append(Entity(uid: SandboxEvent.directory(directory), parents: Set(above)))
        }
        return entities
    }

    private static func directory(_ path: String) -> EntityUID {
        EntityUID(type: ResourceKind.directory, id: CedarString(path))
    }

    private var parents: Set<EntityUID> {
        guard let path = resource.path, path.utf8.first == UInt8(ascii: "/") else { return [] }
        return [SandboxEvent.directory(path)]
    }

    private var context: Record {
        var attributes: [(CedarString, Value)] = [
            ("uid", .long(Int64(actor.uid))), ("gid", .long(Int64(actor.gid))), ("pid", .long(Int64(actor.pid))),
            ("comm", .string(CedarString(actor.comm))), ("executable", .string(CedarString(actor.executable))),
        ]
        if operation.contextExtras.contains(.flags) {
            let names = Vocabulary.flags.filter { flags & $0.value != 0 }.keys
            attributes.append(("flags", .set(ValueSet(names.map { .string(CedarString($0)) }))))
        }
        if operation.contextExtras.contains(.mode) { attributes.append(("mode", .long(Int64(argument)))) }
        if operation.contextExtras.contains(.signal) { attributes.append(("signal", .long(Int64(argument)))) }
        return Record(attributes.map { Record.Attribute(name: $0.0, value: $0.1) }) ?? [:]
    }

    private var resourceUID: EntityUID {
        let id: String
        switch resource {
        case .file(let file): id = file.path
        case .endpoint(let address, let port, _): id = EndpointName(address: address, port: port).description
        case .socket(let family, _, _): id = Vocabulary.socketFamilies.name(of: family) ?? ""
        case .unixSocket(let path, _): id = path
        case .process(let pid, _, _): id = "\(pid)"
        case .identity(let number): id = "\(number)"
        case .capability(let number): id = Vocabulary.capabilities.name(of: number) ?? ""
        case .facility: id = operation.description
        case .systemCall(let number): id = Vocabulary.systemCalls.name(of: number) ?? ""
        }
        return EntityUID(type: operation.resourceKind.type, id: CedarString(id))
    }

    private var resourceAttributes: Record {
        var attributes: [(CedarString, Value)] = []
        func add(_ name: CedarString, _ text: String?) {
            if let text { attributes.append((name, .string(CedarString(text)))) }
        }
        func add(_ name: CedarString, _ number: UInt32) { attributes.append((name, .long(Int64(number)))) }
        switch resource {
        case .file(let file):
            add("path", file.path)
            add("name", file.path.lastComponent)
            add("kind", Vocabulary.fileKinds.name(of: file.kind))
            add("filesystem", file.filesystem)
            if let inode = file.inode {
                add("owner", inode.owner)
                add("group", inode.group)
                add("mode", inode.mode)
                add("links", inode.links)
            }
        case .endpoint(let address, let port, let number):
            attributes.append(("address", .ip(address)))
            add("port", UInt32(port))
            add("protocol", Vocabulary.protocols.name(of: number))
        case .socket(let family, let kind, let number):
            add("family", Vocabulary.socketFamilies.name(of: family))
            add("kind", Vocabulary.socketKinds.name(of: kind))
            add("protocol", number)
        case .unixSocket(let path, let isAbstract):
            add("path", path)
            add("name", path.lastComponent)
            attributes.append(("abstract", .bool(isAbstract)))
        case .process(let pid, let isOwn, let target):
            add("pid", pid)
            attributes.append(("own", .bool(isOwn)))
            if let target {
                add("uid", target.uid)
                add("comm", target.comm)
            }
        case .identity(let number):
            add("number", number)
        case .capability, .facility, .systemCall:
            break
        }
        return Record(attributes.map { Record.Attribute(name: $0.0, value: $0.1) }) ?? [:]
    }
}

extension SandboxEvent.Resource {
    var path: String? {
        switch self {
        case .file(let file): file.path
        case .unixSocket(let path, _): path
        default: nil
        }
    }
}

extension String {
    /// What stands behind the last slash.
    fileprivate var lastComponent: String {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[utf8.index(after: $0)...]) } ?? self
    }
}
