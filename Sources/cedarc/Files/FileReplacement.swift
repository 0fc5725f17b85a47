/// Puts new content into a file.
enum FileReplacement {
    /// Replaces the file's content; makes the file where it is missing.
    ///
    /// The new content is written to a file beside it, which then takes its place: whoever reads meanwhile, or is left with the file
    /// after a crash, has the old content or the new, and never half of it. The permissions stay.
    ///
    /// - Parameter role: what the file is to the command, for messages: "policies", "links".
    static func write(_ text: String, to path: String, as role: String) throws(Failure) {
        func fail(_ code: Int32) -> Failure {
            Failure("cannot write the \(role) file `\(path)`: \(SystemError(code: code))")
        }
        // What a symbolic link points to is replaced, not the link.
        let target = resolved(path)
        let temporary = "\(target).\(getpid()).new"
        let mode = permissions(of: target)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw fail(errno) }

        var code = writeAll(Array(text.utf8), to: descriptor)
        if code == 0, fchmod(descriptor, mode) != 0 { code = errno }
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, target) != 0 { code = errno }
        if code != 0 {
            unlink(temporary)
            throw fail(code)
        }
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func permissions(of path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0o644
    }
}
