import Foundation
import LynxCedar

/// The folder that a configuration file lies in: names in it are relative to that.
struct ConfigurationFolder {
    private let path: String
    /// Gets what is read; `nil` where that is nothing to decide by.
    private var noted: ReadFiles?

    /// The largest file that is read, in bytes.
    private static let maximumSize = 256 << 20

    init(of file: String) {
        path = URL(fileURLWithPath: file).deletingLastPathComponent().path
    }

    /// The same folder, of which each file that is read is noted.
    func noting(_ files: ReadFiles) -> ConfigurationFolder {
        var folder = self
        folder.noted = files
        return folder
    }

    /// Notes what is no file, and is decided by all the same.
    func note(_ text: String, of name: String) {
        noted?.note(Array(text.utf8), of: name)
    }

    func path(_ name: String) -> String { name.hasPrefix("/") ? name : "\(path)/\(name)" }

    func read(_ name: String) throws(ParseError) -> SourceText {
        try SourceText(utf8: bytes(name), name: name)
    }

    func bytes(_ name: String) throws(ParseError) -> [UInt8] {
        let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ParseError(Diagnostic("cannot open `\(name)`: \(String(cString: strerror(errno)))")) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            let bytes = Array(try file.read(upToCount: ConfigurationFolder.maximumSize) ?? Data())
            noted?.note(bytes, of: name)
            return bytes
        } catch {
            throw ParseError(Diagnostic("cannot read `\(name)`: \(error.localizedDescription)"))
        }
    }
}
