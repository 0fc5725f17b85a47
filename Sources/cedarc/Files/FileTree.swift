/// The files below a folder.
enum FileTree {
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The files below a folder whose names end as given, in the order of their paths.
    ///
    /// What is hidden is left out. Links to folders are not followed, so that the walk ends.
    static func files(below folder: String, endingIn suffixes: [String]) throws(Failure) -> [String] {
        var files: [String] = []
        var folders = [folder]
        while let folder = folders.popLast() {
            for name in try names(in: folder) where !name.hasPrefix(".") {
                let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
                var status = stat()
                guard lstat(path, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    folders.append(path)
                } else if suffixes.contains(where: name.hasSuffix), !isFolder(path) {
                    files.append(path)
                }
            }
        }
        return files.sorted()
    }

    /// The names of what is in a folder, in no order.
    static func names(in folder: String) throws(Failure) -> [String] {
        guard let stream = opendir(folder) else {
            throw Failure("cannot read the folder `\(folder)`: \(SystemError(code: errno))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    // `d_name` ends with a zero byte, and may reach beyond the array that it is declared as.
                    name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
                })
        }
        return names
    }
}
