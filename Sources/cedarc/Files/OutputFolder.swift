/// A folder that a command writes files to.
enum OutputFolder {
    /// Makes the folder, unless it is there.
    static func make(_ path: String) throws(Failure) {
        guard !path.utf8.contains(0) else { throw Failure("the path of the folder holds a zero byte") }
        guard mkdir(path, 0o777) != 0 else { return }
        let code = errno
        guard code == EEXIST, FileTree.isFolder(path) else {
            throw Failure("cannot make the folder `\(path)`: \(SystemError(code: code))")
        }
    }
}
