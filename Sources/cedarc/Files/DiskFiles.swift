import CedarLanguageServer
import LynxCedar

/// The files of a workspace as they lie on the disk. What cannot be read is not there: the server goes on without it.
struct DiskFiles: WorkspaceFiles {
    /// The largest file that is looked into, in bytes: an editor waits for the answer.
    private static let maximumSize: Int64 = 16 << 20

    func contents(of path: String) -> [UInt8]? {
        var status = stat()
        // Only of plain files: opening a pipe would wait for its writer.
        guard !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= DiskFiles.maximumSize
        else { return nil }
        do throws(Failure) {
            var reader = try InputFile.path(path).open(as: "workspace")
            return try reader.readToEnd()
        } catch {
            return nil
        }
    }

    func names(in folder: String) -> [String] {
        (try? FileTree.names(in: folder)) ?? []
    }

    func files(below folder: String, endingIn suffix: String) -> [String] {
        (try? FileTree.files(below: folder, endingIn: [suffix])) ?? []
    }
}
