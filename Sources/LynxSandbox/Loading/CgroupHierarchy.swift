import CLibBPF

/// The unified hierarchy of cgroups, where workloads are told apart.
public struct CgroupHierarchy: Sendable {
    /// Where it is mounted.
    public let root: String

    /// Finds where the hierarchy is mounted; systems that have version 1 too keep it beside that.
    public init() throws(LoadingError) {
        let mounts = try SmallFile.readText("/proc/self/mountinfo")
        for line in mounts.split(separator: "\n") {
            // man 5 proc_pid_mountinfo: fields, optional fields, a dash, the type of the file system.
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count, fields.count > 4 else { continue }
            if fields[dash + 1] == "cgroup2" && fields[3] == "/" {
                root = String(fields[4])
                return
            }
        }
        throw LoadingError(
            "the unified hierarchy of cgroups is not mounted", help: "mount it: mount -t cgroup2 cgroup2 /sys/fs/cgroup")
    }
}

/// A cgroup of the unified hierarchy.
public struct Cgroup: Hashable, Sendable {
    public let path: String
    /// What the kernel's programs know it by.
    public let id: UInt64
    /// How far below the root it is, which has level 0.
    public let level: Int

    /// The kernel counts ancestors further, but no program looks for workloads there.
    static let deepestLevel = 31

    /// - Parameter path: of a cgroup that is there, anywhere below the mount of the hierarchy.
    public init(path: String, in hierarchy: CgroupHierarchy) throws(LoadingError) {
        guard let real = realpath(path, nil) else { throw .system("find the cgroup `\(path)`", errno) }
        defer { free(real) }
        let resolved = String(cString: real)
        var system = statfs()
        guard statfs(resolved, &system) == 0, UInt32(truncatingIfNeeded: system.f_type) == Cgroup.magic,
            resolved.hasPrefix(hierarchy.root + "/")
        else {
            throw LoadingError(
                "`\(path)` is no cgroup below `\(hierarchy.root)`", help: "the root itself cannot be a sandbox")
        }
        var status = stat()
        guard stat(resolved, &status) == 0 else { throw .system("find the cgroup `\(path)`", errno) }
        self.path = resolved
        // kernfs numbers its inodes by the ids that programs see, on 64-bit systems.
        id = UInt64(status.st_ino)
        level = resolved.dropFirst(hierarchy.root.count).split(separator: "/").count
        guard level <= Cgroup.deepestLevel else {
            throw LoadingError("the cgroup `\(path)` lies deeper than \(Cgroup.deepestLevel) levels")
        }
    }

    private static let magic: UInt32 = 0x6367_7270

    /// Makes a cgroup below the product's own.
    public static func make(named name: String, in hierarchy: CgroupHierarchy) throws(LoadingError) -> Cgroup {
        let parent = hierarchy.root + "/lynxcedar"
        try SmallFile.makeFolder(parent, mode: 0o755)
        let path = "\(parent)/\(name)"
        guard mkdir(path, 0o755) == 0 else { throw .system("make the cgroup `\(path)`", errno) }
        return try Cgroup(path: path, in: hierarchy)
    }

    /// Moves a process here.
    public func add(process: Int32) throws(LoadingError) {
        try SmallFile.write(Array("\(process)".utf8), to: path + "/cgroup.procs")
    }

    public var processes: [Int32] {
        guard let text = try? SmallFile.readText(path + "/cgroup.procs") else { return [] }
        return text.split(separator: "\n").compactMap { Int32($0) }
    }

    /// Ends every process in it and below.
    public func killAll() {
        try? SmallFile.write(Array("1".utf8), to: path + "/cgroup.kill")
    }

    /// Removes it with the cgroups below it; what still has processes stays.
    public func remove() {
        Cgroup.remove(path)
        // The product's own, when this was the last in it.
        if let slash = path.lastIndex(of: "/"), path[..<slash].hasSuffix("/lynxcedar") { rmdir(String(path[..<slash])) }
    }

    private static func remove(_ path: String) {
        for name in SmallFile.names(in: path) where rmdir("\(path)/\(name)") != 0 && errno == EBUSY { remove("\(path)/\(name)") }
        // Those that were killed are gone in a moment.
        for _ in 0..<50 where rmdir(path) != 0 && errno == EBUSY { usleep(20_000) }
    }
}
