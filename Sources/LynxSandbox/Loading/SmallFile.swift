/// Files of a few lines, as the kernel's file systems and the state folder have them.
enum SmallFile {
    /// No file that is read here is longer.
    private static let maximumSize = 64 << 20

    static func read(_ path: String) throws(LoadingError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("read `\(path)`", errno) }
        defer { close(descriptor) }
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
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                // `d_name` ends with a zero byte.
                name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder with what is in it, as far as that can be done.
    static func removeTree(_ path: String) {
        for name in names(in: path) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0 { removeTree(entry) }
        }
        rmdir(path)
    }
}
