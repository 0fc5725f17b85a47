@testable import LynxSandbox
import Testing

@Suite("Where cgroups are in the hierarchy")
struct CgroupHierarchyTests {
    private static let initial = "cgroup:[4026531835]"
    private static let other = "cgroup:[4026532201]"

    private static func line(_ root: String, _ point: String, type: String = "cgroup2") -> String {
        "30 25 0:26 \(root) \(point) rw,nosuid,nodev,noexec,relatime shared:9 - \(type) cgroup2 rw,nsdelegate\n"
    }

    private static func level(
        of path: String, mounts: String, own: String = "0::/\n", namespace: String = initial, ownLevel: Int = 0
    ) throws -> Int? {
        try CgroupHierarchy(mountInfo: mounts, ownCgroups: own, namespace: namespace, ownLevel: { () throws(LoadingError) in ownLevel }).level(of: path)
    }

    @Test("in the initial namespace levels are counted from the mount")
    func initialNamespace() throws {
        let mounts = CgroupHierarchyTests.line("/", "/sys/fs/cgroup")
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroup/a", mounts: mounts) == 1)
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroup/a/b/c", mounts: mounts) == 3)
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroup", mounts: mounts) == nil)
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroups/a", mounts: mounts) == nil)
    }

    @Test("version 1 beside it does not count")
    func hybrid() throws {
        let mounts =
            CgroupHierarchyTests.line("/", "/sys/fs/cgroup/cpu", type: "cgroup") + CgroupHierarchyTests.line("/", "/sys/fs/cgroup/unified")
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroup/unified/a", mounts: mounts) == 1)
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroup/cpu/a", mounts: mounts) == nil)
    }

    /// man 7 cgroup_namespaces: a namespace's root is the cgroup that its first process was in, and paths are told from there.
    @Test(
        "in a namespace the levels above its root are counted",
        arguments: [
            // The process is in the namespace's root, at level 3.
            ("0::/\n", 3, "/sys/fs/cgroup/a", 4),
            // It has gone two further down.
            ("12:cpu:/\n0::/x/y\n", 5, "/sys/fs/cgroup/a/b", 5),
            // It was moved out, to a sibling of the namespace's root, which is at level 3 then.
            ("0::/../sibling\n", 3, "/sys/fs/cgroup/a", 4),
            ("0::/../..\n", 1, "/sys/fs/cgroup/a", 4),
        ])
    func namespace(own: String, ownLevel: Int, path: String, level: Int) throws {
        let mounts = CgroupHierarchyTests.line("/", "/sys/fs/cgroup")
        #expect(
            try CgroupHierarchyTests.level(of: path, mounts: mounts, own: own, namespace: CgroupHierarchyTests.other, ownLevel: ownLevel) == level)
    }

    @Test("a mount from outside the namespace begins above its root")
    func mountFromOutside() throws {
        let mounts = CgroupHierarchyTests.line("/../..", "/host")
        #expect(try CgroupHierarchyTests.level(of: "/host/a", mounts: mounts, namespace: CgroupHierarchyTests.other, ownLevel: 2) == 1)
    }

    @Test("a mount of a part begins below the root")
    func partMount() throws {
        let mounts = CgroupHierarchyTests.line("/system.slice/box", "/sys/fs/cgroup")
        #expect(try CgroupHierarchyTests.level(of: "/sys/fs/cgroup/a", mounts: mounts) == 3)
    }

    @Test("the whole hierarchy is preferred to a part, and the nearest mount says the level")
    func severalMounts() throws {
        let mounts = CgroupHierarchyTests.line("/box", "/part") + CgroupHierarchyTests.line("/", "/all") + CgroupHierarchyTests.line("/a", "/all/inner")
        let hierarchy = try CgroupHierarchy(
            mountInfo: mounts, ownCgroups: "0::/\n", namespace: CgroupHierarchyTests.initial, ownLevel: { () throws(LoadingError) in 0 })
        #expect(hierarchy.root == "/all")
        #expect(hierarchy.level(of: "/all/b") == 1)
        #expect(hierarchy.level(of: "/all/inner/b") == 2)
        #expect(hierarchy.level(of: "/part/b") == 2)
    }

    @Test("blanks in a mount's path are written in octal")
    func escapes() throws {
        let mounts = CgroupHierarchyTests.line("/", #"/mnt/c\040g"#)
        #expect(try CgroupHierarchyTests.level(of: "/mnt/c g/a", mounts: mounts) == 1)
    }

    @Test("a namespace is an error where the kernel's answer cannot be had or cannot be")
    func errors() {
        let mounts = CgroupHierarchyTests.line("/", "/sys/fs/cgroup")
        #expect(throws: LoadingError.self) {
            try CgroupHierarchy(
                mountInfo: mounts, ownCgroups: "0::/\n", namespace: CgroupHierarchyTests.other,
                ownLevel: { () throws(LoadingError) in throw LoadingError("no programs here") })
        }
        #expect(throws: LoadingError.self) {
            try CgroupHierarchyTests.level(of: "/a", mounts: mounts, own: "1:cpu:/\n", namespace: CgroupHierarchyTests.other, ownLevel: 3)
        }
        #expect(throws: LoadingError.self) {
            try CgroupHierarchyTests.level(of: "/a", mounts: mounts, own: "0::/a/b\n", namespace: CgroupHierarchyTests.other, ownLevel: 1)
        }
        #expect(throws: LoadingError.self) {
            try CgroupHierarchyTests.level(of: "/a", mounts: CgroupHierarchyTests.line("/", "/sys/fs/cgroup/cpu", type: "cgroup"))
        }
    }
}
