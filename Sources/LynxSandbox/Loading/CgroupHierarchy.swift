import CLibBPF

/// The unified hierarchy of cgroups, where workloads are told apart.
///
/// The kernel's programs count levels from the hierarchy's real root. In a cgroup namespace, or below a mount of a part, paths begin further
/// down: how far is found out here, once.
public struct CgroupHierarchy: Sendable {
    /// A place where the hierarchy, or a part of it, is mounted.
    struct Mount: Hashable, Sendable {
        let point: String
        /// How far below the real root the cgroup is that is seen there.
        let level: Int
    }

    let mounts: [Mount]

    /// Where the hierarchy is mounted; systems that have version 1 too keep it beside that.
    public var root: String { main.point }

    private let main: Mount

    /// - Throws: when the hierarchy is not mounted, or this process is in a namespace of cgroups and cannot find out how deep.
    public init() throws(LoadingError) {
        try self.init(
            mountInfo: try SmallFile.readText("/proc/self/mountinfo"), ownCgroups: try SmallFile.readText("/proc/self/cgroup"),
            namespace: try SmallFile.readLink("/proc/self/ns/cgroup"), ownLevel: ProbeProgram.cgroupLevel)
    }

    /// - Parameters:
    ///   - mountInfo: the text of `/proc/self/mountinfo`.
    ///   - ownCgroups: the text of `/proc/self/cgroup`.
    ///   - namespace: what `/proc/self/ns/cgroup` names.
    ///   - ownLevel: asks the kernel how far below the real root this process's cgroup is; is not asked in the initial namespace.
    init(mountInfo: String, ownCgroups: String, namespace: String, ownLevel: () throws(LoadingError) -> Int) throws(LoadingError) {
        var namespaceLevel = 0
        if namespace != CgroupHierarchy.initialNamespace {
            // man 7 cgroups: hierarchy 0 with no controllers is the unified one.
            guard let own = ownCgroups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })?.dropFirst("0::".count) else {
                throw LoadingError("`/proc/self/cgroup` does not say in which cgroup of the unified hierarchy this process is")
            }
            namespaceLevel = try ownLevel() - CgroupHierarchy.descent(own)
            guard namespaceLevel >= 0 else {
                throw LoadingError("the kernel and `/proc/self/cgroup` disagree on how deep this process's cgroup is")
            }
        }
        var mounts: [Mount] = []
        var whole: Mount?
        for line in mountInfo.split(separator: "\n") {
            // man 5 proc_pid_mountinfo: fields, optional fields, a dash, the type of the file system.
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count, dash >= 6, fields[dash + 1] == "cgroup2" else { continue }
            let part = CgroupHierarchy.unescaped(fields[3])
            let mount = Mount(point: CgroupHierarchy.unescaped(fields[4]), level: namespaceLevel + CgroupHierarchy.descent(part))
            guard mount.level >= 0 else { continue }
            mounts.append(mount)
            if part == "/" && whole == nil { whole = mount }
        }
        guard let main = whole ?? mounts.first else {
            throw LoadingError(
                "the unified hierarchy of cgroups is not mounted", help: "mount it: mount -t cgroup2 cgroup2 /sys/fs/cgroup")
        }
        self.mounts = mounts
        self.main = main
    }

    /// include/linux/proc_ns.h: PROC_CGROUP_INIT_INO
    private static let initialNamespace = "cgroup:[4026531835]"

    /// How far below the root of the namespace a path leads; less than 0 when it leads above.
    static func descent(_ path: some StringProtocol) -> Int {
        path.split(separator: "/").reduce(0) { $0 + ($1 == ".." ? -1 : 1) }
    }

    /// The kernel writes blanks, tabs, newlines and backslashes of paths as a backslash and three octal digits.
    private static func unescaped(_ field: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "\\"), rest.count >= 4, let code = UInt8(String(decoding: rest.dropFirst().prefix(3), as: UTF8.self), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(4)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How far below the real root the cgroup of a resolved path is; `nil` when the path is below no mount of the hierarchy, or is one.
    func level(of path: String) -> Int? {
        // Of mounts upon each other the last covers the others.
        var found: Mount?
        for mount in mounts where path.hasPrefix(mount.point == "/" ? "/" : mount.point + "/") && mount.point.utf8.count >= found?.point.utf8.count ?? 0 {
            found = mount
        }
        return found.map { $0.level + CgroupHierarchy.descent(path.dropFirst($0.point.count)) }
    }
}
