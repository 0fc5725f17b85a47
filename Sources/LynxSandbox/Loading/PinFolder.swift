import CLibBPF

/// Where a sandbox's links are pinned: what keeps it in force after the loader has gone.
struct PinFolder {
    /// The file system of pins, and the product's folder in it.
    private static let fileSystem = "/sys/fs/bpf"
    static let root = fileSystem + "/lynxcedar"

    let path: String

    init(sandbox: String) {
        path = PinFolder.root + "/" + sandbox
    }

    /// The folder of one set of programs; `replace` makes the next.
    func generation(_ number: Int) -> String { "\(path)/generation-\(number)" }

    /// What is pinned that more than one generation uses.
    var reports: String { path + "/reports" }
    var lost: String { path + "/lost" }

    /// The generations that are there, the newest last.
    var generations: [Int] {
        get throws(LoadingError) {
            try SmallFile.names(in: path).compactMap { name in
                name.hasPrefix("generation-") ? Int(name.dropFirst("generation-".count)) : nil
            }.sorted()
        }
    }

    var isThere: Bool { access(path, F_OK) == 0 }

    static var sandboxes: [String] {
        get throws(LoadingError) {
            guard try checkRoot() else { return [] }
            return try SmallFile.names(in: root)
        }
    }

    /// Pins that another user could have made are not used.
    ///
    /// - Returns: whether the product's folder is there.
    private static func checkRoot() throws(LoadingError) -> Bool {
        var status = stat()
        guard lstat(root, &status) == 0 else {
            if errno == ENOENT { return false }
            throw .system("look at `\(root)`", errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw LoadingError("`\(root)` is no folder") }
        try StateFolder.checkOwner(status, root)
        return true
    }

    /// Makes the folder, and mounts the file system where nobody has.
    func make() throws(LoadingError) {
        try PinFolder.mountIfMissing()
        // Whoever takes the last sandbox away takes the product's folder too, perhaps just now.
        for _ in 0..<PinFolder.attempts {
            try SmallFile.makeFolder(PinFolder.root)
            guard try PinFolder.checkRoot() else { continue }
            if mkdir(path, 0o700) == 0 { return }
            if errno == EEXIST {
                throw LoadingError(
                    "there is a sandbox of this name already", help: "detach it first, replace its policies, or take another name")
            }
            guard errno == ENOENT else { throw .system("make the folder `\(path)`", errno) }
        }
        throw .system("make the folder `\(path)`", ENOENT)
    }

    private static let attempts = 10

    /// Removes every pin; what is pinned nowhere else ends with it.
    func remove() throws(LoadingError) {
        try SmallFile.removeTree(path)
        // The product's own, when this was the last in it.
        rmdir(PinFolder.root)
    }

    static func mountIfMissing() throws(LoadingError) {
        var system = statfs()
        guard statfs(fileSystem, &system) == 0 else {
            throw .system("look at `\(fileSystem)`", errno, help: "mount sysfs at /sys")
        }
        guard UInt32(truncatingIfNeeded: system.f_type) != magic else { return }
        guard mount("bpf", fileSystem, "bpf", UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC), "mode=0700") == 0 else {
            throw .system("mount the file system of pins at `\(fileSystem)`", errno)
        }
    }

    private static let magic: UInt32 = 0xcafe_4a11

    /// Whether there is a file system of pins. It is not mounted to find out.
    static func probe() -> KernelCapabilities.Answer {
        var system = statfs()
        guard statfs(fileSystem, &system) == 0 else { return .no("there is no `\(fileSystem)`", help: "mount sysfs at /sys") }
        return .yes
    }
}
