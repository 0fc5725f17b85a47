import CLibBPF

/// The folder where the state of sandboxes is kept. Nothing in it is believed that another user could have written.
struct StateFolder: Sendable {
    let path: String

    static let standard = StateFolder(path: "/run/lynxcedar")

    /// The longest file: names of 10,000 rules take far less.
    private static let maximumSize: off_t = 64 << 20

    /// The content of a file; `nil` when it is not there.
    func read(_ name: String) throws(LoadingError) -> [UInt8]? {
        guard let folder = try open() else { return nil }
        defer { close(folder) }
        // Not to wait for the other end, were it a pipe.
        let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system("read `\(path)/\(name)`", errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("read `\(path)/\(name)`", errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else { throw LoadingError("`\(path)/\(name)` is no plain file") }
        try StateFolder.checkOwner(status, "\(path)/\(name)")
        guard status.st_size <= StateFolder.maximumSize else { throw LoadingError("the file `\(path)/\(name)` is too large") }
        return try SmallFile.read(descriptor, "\(path)/\(name)")
    }

    /// Writes a file. A reader has the old content or the new, never half of it.
    func write(_ bytes: [UInt8], to name: String) throws(LoadingError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system("make the folder `\(path)`", errno) }
        guard let folder = try open() else { throw .system("open the folder `\(path)`", ENOENT) }
        defer { close(folder) }
        let new = ".\(name).new"
        unlinkat(folder, new, 0)
        let descriptor = openat(folder, new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("write `\(path)/\(new)`", errno) }
        do throws(LoadingError) {
            defer { close(descriptor) }
            try SmallFile.write(bytes, descriptor, "\(path)/\(new)")
        } catch {
            unlinkat(folder, new, 0)
            throw error
        }
        guard renameat(folder, new, folder, name) == 0 else { throw .system("write `\(path)/\(name)`", errno) }
    }

    func remove(_ name: String) throws(LoadingError) {
        guard let folder = try open() else { return }
        defer { close(folder) }
        guard unlinkat(folder, name, 0) == 0 || errno == ENOENT else { throw .system("remove `\(path)/\(name)`", errno) }
    }

    /// - Returns: a descriptor; `nil` when the folder is not there.
    private func open() throws(LoadingError) -> Int32? {
        let folder = systemOpen(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else {
            if errno == ENOENT { return nil }
            throw .system("open the folder `\(path)`", errno, help: "it has to be a folder, and no link to one")
        }
        var status = stat()
        do throws(LoadingError) {
            guard fstat(folder, &status) == 0 else { throw .system("open the folder `\(path)`", errno) }
            try StateFolder.checkOwner(status, path)
        } catch {
            close(folder)
            throw error
        }
        return folder
    }

    /// - Throws: when a file or a folder is another user's, or others may write or read there.
    static func checkOwner(_ status: stat, _ path: String) throws(LoadingError) {
        guard status.st_uid == geteuid() else {
            throw LoadingError(
                "`\(path)` belongs to user \(status.st_uid) and not to user \(geteuid()), and is not used",
                help: "find out who made it, and remove it; or run as its owner")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw LoadingError(
                "`\(path)` is open to other users, and is not used", help: "see that nobody has changed what is in it, then: chmod go= \(path)")
        }
    }
}
