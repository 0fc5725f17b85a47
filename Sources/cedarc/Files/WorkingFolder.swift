/// The folder that the program was started in.
enum WorkingFolder {
    /// The path of a file whatever folder it is asked for from.
    static func absolute(_ path: String) throws(Failure) -> String {
        if path.hasPrefix("/") { return path }
        guard let buffer = getcwd(nil, 0) else {
            throw Failure("cannot tell the folder that the program runs in: \(SystemError(code: errno))")
        }
        defer { free(buffer) }
        let folder = String(cString: buffer)
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}
