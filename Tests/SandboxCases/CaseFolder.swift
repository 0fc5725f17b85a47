import LynxSandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder for the files of cases, removed with the object.
public final class CaseFolder {
    public let path: String

    public init() throws {
        var template = Array("/tmp/sandbox-cases.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CaseError("cannot make a folder: \(String(cString: strerror(errno)))") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        _ = try? ChildProcess.start(["rm", "-rf", path]).wait()
    }

    public func write(_ name: String, _ bytes: [UInt8]) throws {
        guard let file = fopen("\(path)/\(name)", "wb") else { throw CaseError("cannot write \(name)") }
        defer { fclose(file) }
        guard bytes.withUnsafeBytes({ fwrite($0.baseAddress, 1, $0.count, file) }) == bytes.count else { throw CaseError("cannot write \(name)") }
    }

    public func read(_ name: String) throws -> [UInt8] { try CaseFolder.read("\(path)/\(name)") }

    /// The bytes of a file anywhere.
    public static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw CaseError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Runs a program in this process's surroundings, with what it says in the file `log`.
    ///
    /// - Returns: its exit status, as shells tell it.
    public func run(_ arguments: [String]) throws -> Int32 {
        let log = open("\(path)/log", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw CaseError("cannot write the log") }
        defer { close(log) }
        do {
            return try ChildProcess.start(arguments, errors: log, passing: [(log, as: 1)]).wait().status
        } catch {
            throw CaseError("cannot run \(arguments.first ?? "")")
        }
    }

    /// What the last program said.
    public var log: String {
        String(decoding: (try? read("log")) ?? [], as: UTF8.self)
    }
}

/// Why a case could not be tried.
public struct CaseError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
