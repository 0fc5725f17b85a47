import CLibBPF

/// A cgroup of the unified hierarchy.
public struct Cgroup: Hashable, Sendable {
    public let path: String
    /// What the kernel's programs know it by.
    public let id: UInt64
    /// How far below the real root of the hierarchy it is, which has level 0.
    public let level: Int

    /// The kernel counts ancestors further, but no program looks for workloads there.
    static let deepestLevel = 31

    /// - Parameter path: of a cgroup that is there, anywhere below a mount of the hierarchy.
    public init(path: String, in hierarchy: CgroupHierarchy) throws(LoadingError) {
        guard let found = try Cgroup.find(path, in: hierarchy) else { throw .system("find the cgroup `\(path)`", ENOENT) }
        self = found
    }

    private init(path: String, id: UInt64, level: Int) {
        self.path = path
        self.id = id
        self.level = level
    }

    /// - Returns: `nil` when there is nothing at the path.
    static func find(_ path: String, in hierarchy: CgroupHierarchy) throws(LoadingError) -> Cgroup? {
        guard let real = realpath(path, nil) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .system("find the cgroup `\(path)`", errno)
        }
        defer { free(real) }
        let resolved = String(cString: real)
        var system = statfs()
        guard statfs(resolved, &system) == 0 else { throw .system("find the cgroup `\(path)`", errno) }
        guard UInt32(truncatingIfNeeded: system.f_type) == magic, let level = hierarchy.level(of: resolved) else {
            throw LoadingError("`\(path)` is no cgroup below `\(hierarchy.root)`", help: "the root itself cannot be a sandbox")
        }
        guard level <= deepestLevel else { throw LoadingError("the cgroup `\(path)` lies deeper than \(deepestLevel) levels") }
        var status = stat()
        guard stat(resolved, &status) == 0 else { throw .system("find the cgroup `\(path)`", errno) }
        // kernfs numbers its inodes by the ids that programs see, on 64-bit systems.
        return Cgroup(path: resolved, id: UInt64(status.st_ino), level: level)
    }

    private static let magic: UInt32 = 0x6367_7270

    /// Makes a cgroup below the product's own.
    public static func make(named name: String, in hierarchy: CgroupHierarchy) throws(LoadingError) -> Cgroup {
        try SmallFile.makeFolder(ownFolder(in: hierarchy), mode: 0o755)
        let path = "\(ownFolder(in: hierarchy))/\(name)"
        guard mkdir(path, 0o755) == 0 else { throw .system("make the cgroup `\(path)`", errno) }
        return try Cgroup(path: path, in: hierarchy)
    }

    /// A cgroup that ``make(named:in:)`` made.
    ///
    /// - Returns: `nil` when there is none of the name.
    static func made(named name: String, in hierarchy: CgroupHierarchy) throws(LoadingError) -> Cgroup? {
        try find("\(ownFolder(in: hierarchy))/\(name)", in: hierarchy)
    }

    private static func ownFolder(in hierarchy: CgroupHierarchy) -> String { hierarchy.root + "/lynxcedar" }

    /// Moves a process here.
    public func add(process: Int32) throws(LoadingError) {
        try SmallFile.write(Array("\(process)".utf8), to: path + "/cgroup.procs")
    }

    /// Ends every process in it and below, and waits until they have gone.
    ///
    /// - Throws: when some are still there after ten seconds: the kernel ends no process that waits for a device.
    public func killAll() throws(LoadingError) {
        try SmallFile.write(Array("1".utf8), to: path + "/cgroup.kill")
        for _ in 0..<500 {
            if try !isPopulated { return }
            usleep(20_000)
        }
        throw LoadingError("processes in the cgroup `\(path)` do not end")
    }

    /// Whether a process lives in it or below.
    private var isPopulated: Bool {
        get throws(LoadingError) {
            try SmallFile.readText(path + "/cgroup.events").split(separator: "\n").contains("populated 1")
        }
    }

    /// Removes it with the cgroups below it.
    ///
    /// - Throws: when one has processes.
    public func remove() throws(LoadingError) {
        try Cgroup.remove(path)
        // The product's own, when this was the last in it.
        if let slash = path.lastIndex(of: "/"), path[..<slash].hasSuffix("/lynxcedar") { rmdir(String(path[..<slash])) }
    }

    /// Removes it if nothing lives in it or below.
    func removeIfEmpty() throws(LoadingError) {
        if try !isPopulated { try remove() }
    }

    private static func remove(_ path: String) throws(LoadingError) {
        if rmdir(path) == 0 || errno == ENOENT { return }
        for name in try SmallFile.names(in: path) where SmallFile.isFolder("\(path)/\(name)") { try remove("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw .system("remove the cgroup `\(path)`", errno) }
    }
}
