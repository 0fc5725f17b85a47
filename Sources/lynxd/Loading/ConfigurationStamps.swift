import Foundation
import LynxCedar

/// What tells whether the configuration or a file that it names was written or replaced since.
struct ConfigurationStamps: Equatable {
    private struct Stamp: Equatable {
        let name: String
        /// `nil` when there is no such file.
        let file: File?
    }

    /// Of the file itself, not of a link to it: Kubernetes changes what its links lead to.
    private struct File: Equatable {
        let device: UInt64
        let inode: UInt64
        let seconds: Int
        let nanoseconds: Int
        let size: Int64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
            (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
            size = Int64(status.st_size)
        }
    }

    private let stamps: [Stamp]

    /// - Parameter path: of the configuration file.
    init(path: String) {
        let folder = ConfigurationFolder(of: path)
        var names = [path]
        if let bytes = try? folder.bytes(String(path.split(separator: "/").last ?? "")), let source = try? SourceText(utf8: bytes),
            let configuration = try? Configuration(source)
        {
            names += LoadedConfiguration.files(configuration).map(folder.path)
        }
        stamps = names.map { Stamp(name: $0, file: File($0)) }
    }
}
