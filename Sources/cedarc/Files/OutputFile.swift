import ArgumentParser
import LynxCedar

/// A file that a command writes, as named on the command line; `-` is the standard output.
enum OutputFile: Hashable {
    case standardOutput
    case path(String)
}

extension OutputFile: ExpressibleByArgument {
    init?(argument: String) {
        self = argument == "-" ? .standardOutput : .path(argument)
    }
}

extension OutputFile {
    /// - Throws: a usage error when one of `inputs` would be replaced by what is made of it.
    func checkIsNoInput(_ inputs: [InputFile?]) throws {
        guard case .path(let path) = self, inputs.contains(.path(path)) else { return }
        throw ValidationError("The file '\(DisplayText.line(path))' is read and cannot be written too.")
    }

    /// Writes a text that ends with a newline.
    ///
    /// - Parameter role: what the file is to the command, for messages: "links", "report".
    func write(_ text: String, as role: String, _ console: inout Console) throws(Failure) {
        switch self {
        case .standardOutput: try console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        case .path(let path): try OutputFile.replace(path, with: Array(text.utf8), as: role)
        }
    }

    /// Replaces a file's content.
    ///
    /// The new content is written to a file beside it, which then takes its place: whoever reads meanwhile, or is left with the file
    /// after a crash, has the old content or the new, and never half of it. What is no file (a device, a pipe) is written to.
    static func replace(_ path: String, with bytes: [UInt8], as role: String) throws(Failure) {
        func fail(_ code: Int32) -> Failure {
            Failure("cannot write the \(role) file `\(path)`: \(SystemError(code: code))")
        }
        // A zero byte would end the path for the C library, and another file be written than was named.
        guard !path.utf8.contains(0) else { throw Failure("the path of the \(role) file holds a zero byte") }
        // What a symbolic link points to is replaced, not the link.
        let target = resolved(path)
        var status = stat()
        let isThere = stat(target, &status) == 0
        if isThere && status.st_mode & S_IFMT != S_IFREG {
            let code = write(bytes, into: target)
            if code != 0 { throw fail(code) }
            return
        }
        let temporary = "\(target).\(getpid()).new"
        let mode = isThere ? status.st_mode & 0o7777 : 0o644
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw fail(errno) }

        var code = writeAll(bytes, to: descriptor)
        if code == 0, fchmod(descriptor, mode) != 0 { code = errno }
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, target) != 0 { code = errno }
        if code != 0 {
            unlink(temporary)
            throw fail(code)
        }
    }

    /// - Returns: 0, or the error number of what went wrong.
    private static func write(_ bytes: [UInt8], into device: String) -> Int32 {
        let descriptor = open(device, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        let code = writeAll(bytes, to: descriptor)
        return close(descriptor) != 0 && code == 0 ? errno : code
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
