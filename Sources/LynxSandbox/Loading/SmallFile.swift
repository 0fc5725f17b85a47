/// Files of a few lines, as the kernel's file systems and the state folder have them.
enum SmallFile {
    /// No file that is read here is longer.
    private static let maximumSize = 64 << 20

    static func read(_ path: String) throws(LoadingError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("read `\(path)`", errno) }
        defer { close(descriptor) }
        return try read(descriptor, path)
    }

    /// - Parameter path: what the descriptor was opened by, for messages.
    static func read(_ descriptor: Int32, _ path: String) throws(LoadingError) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < maximumSize {
            let count = block.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("read `\(path)`", errno)
            }
            bytes += block[..<count]
        }
        throw LoadingError("the file `\(path)` is larger than \(maximumSize) bytes")
    }

    static func readText(_ path: String) throws(LoadingError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Writes in one piece, as the files of cgroups need it. A file that is not there is made, for the owner alone.
    static func write(_ bytes: [UInt8], to path: String, creating: Bool = false) throws(LoadingError) {
        let flags = creating ? O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW : O_WRONLY | O_CLOEXEC
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw .system("write `\(path)`", errno) }
        defer { close(descriptor) }
        try write(bytes, descriptor, path)
    }

    /// - Parameter path: what the descriptor was opened by, for messages.
    static func write(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws(LoadingError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("write `\(path)`", errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    static func makeFolder(_ path: String, mode: mode_t = 0o700) throws(LoadingError) {
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .system("make the folder `\(path)`", errno) }
    }

    /// The names in a folder, sorted; none where there is no folder.
    static func names(in folder: String) throws(LoadingError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw .system("list `\(folder)`", errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            // Without an entry it may be the end, or an error.
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .system("list `\(folder)`", errno) }
                return names.sorted()
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                // `d_name` ends with a zero byte.
                name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }

    /// Whether there is a folder, and no link to one.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// What a symbolic link names.
    static func readLink(_ path: String) throws(LoadingError) -> String {
        var room = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &room, room.count)
        guard count >= 0 else { throw .system("read the link `\(path)`", errno) }
        return String(decoding: room.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Removes a folder with what is in it, where there is one. What can be removed is, also when something cannot.
    ///
    /// - Throws: the first thing that could not be removed.
    static func removeTree(_ path: String) throws(LoadingError) {
        guard isFolder(path) else {
            guard unlink(path) == 0 || errno == ENOENT else { throw .system("remove `\(path)`", errno) }
            return
        }
        var failure: LoadingError?
        for name in try names(in: path) {
            do throws(LoadingError) {
                try removeTree("\(path)/\(name)")
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        guard rmdir(path) == 0 || errno == ENOENT else { throw .system("remove the folder `\(path)`", errno) }
    }
}
