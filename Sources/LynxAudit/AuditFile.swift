import Foundation
import LynxCedar

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file that records are appended to, and those that were put aside when they had grown. One process writes it at a time.
struct AuditFile: ~Copyable {
    private let path: String
    /// From this size on, in bytes, the file is put aside.
    private let rotation: Int64?
    private var descriptor: Int32
    /// Where the last whole line ends.
    private var size: Int64
    private(set) var chain: AuditChain
    /// Whether a part of a line may lie behind `size`, which was acknowledged to nobody.
    private var isTorn = false
    /// Why the file could not be put aside, and the size from which on that is tried again. It is gone on with meanwhile.
    private(set) var rotationFault: AuditFault?
    private var nextRotation: Int64
    /// What was found behind the last whole line and lies in files of its own now. The next record must tell of it.
    let tears: [AuditTear]

    /// Where the last line is looked for first, in bytes from the end of the file, and the longest that is looked for.
    private static let usualLine: Int64 = 1 << 20
    private static let maximumLine: Int64 = 64 << 20
    private static let rotationRetry: Int64 = 1 << 20

    /// Opens the file, or makes it, and goes on behind its last line, or that of the file that was put aside last.
    ///
    /// - Throws: when another process writes it, its last line was altered, or what is torn cannot be kept.
    init(_ path: String, rotation: Int64? = nil) throws(AuditFault) {
        let descriptor = try AuditFile.lockedFile(path)
        let end: (size: Int64, chain: AuditChain, tears: [AuditTear])
        do throws(AuditFault) {
            end = try AuditFile.end(of: descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.rotation = rotation
        self.descriptor = descriptor
        (size, chain, tears) = end
        nextRotation = rotation ?? .max
    }

    deinit {
        close(descriptor)
    }

    // MARK: Opening

    /// Opens a file and takes it for this process.
    private static func lockedFile(_ path: String) throws(AuditFault) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditFault("cannot open `\(path)`: \(SystemFault.last)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw AuditFault("`\(path)` is being written by another process")
        }
        return descriptor
    }

    /// Puts aside what is unfinished, and reads the last line.
    private static func end(of descriptor: Int32, _ path: String) throws(AuditFault) -> (size: Int64, chain: AuditChain, tears: [AuditTear]) {
        let (end, tail) = try tail(of: descriptor, path)
        let lineEnd = tail.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard lineEnd > 0 || end < maximumLine else { throw AuditFault("`\(path)` is not an audit file") }
        let torn = Array(tail[lineEnd...])
        // Read before anything is cut off: a file that is not ours stays as it is.
        let chain = lineEnd > 0 ? try chain(tail.prefix(lineEnd - 1), path) : try chainPutAside(path)
        if !torn.isEmpty { try keep(torn, path, behind: chain.sequence) }
        let tears = try AuditFile.tears(path, behind: chain.sequence)
        let size = end - Int64(torn.count)
        guard torn.isEmpty || ftruncate(descriptor, off_t(size)) == 0 else { throw AuditFault("cannot repair `\(path)`: \(SystemFault.last)") }
        return (size, chain, tears)
    }

    /// Copies what was torn into a file of its own, which is on the disk before anything is cut off.
    private static func keep(_ torn: [UInt8], _ path: String, behind sequence: Int64) throws(AuditFault) {
        // A program that was ended in between has kept it already.
        let folder = AuditFile.folder(of: path)
        let kept = AuditFiles.torn(from: path, behind: sequence).contains { FileManager.default.contents(atPath: "\(folder)/\($0)") == Data(torn) }
        guard !kept else { return }
        let name = AuditFiles.nextTorn(from: path, behind: sequence)
        // It gets its name when it is whole: one that is not would be a tear that never was, and each attempt would leave another.
        let unfinished = path + ".unfinished"
        do throws(AuditFault) {
            try makeFile(unfinished, of: torn)
            guard rename(unfinished, name) == 0 else { throw AuditFault("cannot name `\(name)`: \(SystemFault.last)") }
        } catch {
            unlink(unfinished)
            throw AuditFault("cannot keep what is torn of `\(path)`: \(error)")
        }
        synchronizeFolder(of: path)
    }

    /// Writes a file that is on the disk afterwards.
    private static func makeFile(_ path: String, of torn: [UInt8]) throws(AuditFault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditFault("cannot open `\(path)`: \(SystemFault.last)") }
        defer { close(descriptor) }
        var rest = torn[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw AuditFault("cannot write `\(path)`: \(SystemFault.last)") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw AuditFault("cannot write `\(path)` to the disk: \(SystemFault.last)") }
    }

    /// What lies there of tears that no record tells of: one that does would be behind the last.
    private static func tears(_ path: String, behind sequence: Int64) throws(AuditFault) -> [AuditTear] {
        let folder = AuditFile.folder(of: path)
        var tears: [AuditTear] = []
        for name in AuditFiles.torn(from: path, behind: sequence) {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { throw AuditFault("cannot read `\(folder)/\(name)`") }
            tears.append(AuditTear(name: name, bytes: Array(data)))
        }
        return tears
    }

    private static func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// New names are on the disk then.
    private static func synchronizeFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func tail(of descriptor: Int32, _ path: String) throws(AuditFault) -> (end: Int64, bytes: [UInt8]) {
        let end = Int64(lseek(descriptor, 0, SEEK_END))
        var window = usualLine
        while true {
            let bytes = try read(descriptor, from: max(0, end - window), to: end, path)
            // The last line is there as a whole when it ends, and another ends before it or the file begins.
            if window >= end || window >= maximumLine || bytes.lazy.filter({ $0 == UInt8(ascii: "\n") }).prefix(2).count == 2 { return (end, bytes) }
            window *= 2
        }
    }

    /// The chain behind the file that was put aside last; a new one when there is none.
    private static func chainPutAside(_ path: String) throws(AuditFault) -> AuditChain {
        guard let last = AuditFiles.putAside(from: path).last else { return AuditChain() }
        let descriptor = open(last, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AuditFault("cannot open `\(last)`: \(SystemFault.last)") }
        defer { close(descriptor) }
        let bytes = try tail(of: descriptor, last).bytes
        guard bytes.last == UInt8(ascii: "\n") else { throw AuditFault("`\(last)` is not whole") }
        return try chain(bytes.dropLast(), last)
    }

    private static func chain(_ lines: ArraySlice<UInt8>, _ path: String) throws(AuditFault) -> AuditChain {
        let start = lines.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.startIndex
        do throws(AuditChain.Fault) {
            return try AuditChain(endingWith: Array(lines[start...]))
        } catch {
            throw AuditFault("the last line of `\(path)` \(error)")
        }
    }

    private static func read(_ descriptor: Int32, from start: Int64, to end: Int64, _ path: String) throws(AuditFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(max(0, end - start)))
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let result = bytes.withUnsafeMutableBytes { buffer in
                // Invariant: `count` is below the buffer's size, and `room` is what is left behind it.
                buffer.baseAddress.map { pread(descriptor, $0 + count, room, off_t(start) + off_t(count)) } ?? 0
            }
            guard result > 0 else { throw AuditFault("cannot read `\(path)`: \(SystemFault.last)") }
            count += result
        }
        return bytes
    }

    // MARK: Writing

    /// Appends records, each a JSON object, as one write. Either all of them are in the file afterwards, or none is.
    ///
    /// - Returns: the lines, each with a newline.
    mutating func append(_ records: [[UInt8]]) throws(AuditFault) -> [[UInt8]] {
        try mend()
        if size >= nextRotation { rotate() }
        var next = chain
        let lines = records.map { next.append($0) }
        let bytes = lines.count == 1 ? lines[0] : Array(lines.joined())
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let result = bytes.withUnsafeBytes { buffer in
                // Invariant: as above.
                buffer.baseAddress.map { write(descriptor, $0 + count, room) } ?? 0
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else {
                let fault = AuditFault("cannot write `\(path)`: \(SystemFault.last)")
                isTorn = true
                // Where this fails too, it is tried again before the next line is written.
                try? mend()
                throw fault
            }
            count += result
        }
        size += Int64(bytes.count)
        chain = next
        return lines
    }

    /// Takes away what is there of lines that were not finished.
    private mutating func mend() throws(AuditFault) {
        guard isTorn else { return }
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw AuditFault("cannot repair `\(path)`: \(SystemFault.last)") }
        isTorn = false
    }

    /// Waits until all is on the disk.
    func synchronize() throws(AuditFault) {
        guard fsync(descriptor) == 0 else { throw AuditFault("cannot write `\(path)` to the disk: \(SystemFault.last)") }
    }

    /// Another descriptor of the same file, to be closed by the caller; -1 when there is none to be had.
    func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

    // MARK: Another file

    /// Puts the file aside under a name with the number of its last record, and begins another. When that fails, the file is gone on with.
    private mutating func rotate() {
        guard let rotation else { return }
        do throws(AuditFault) {
            try synchronize()
            let next = path + ".next"
            let descriptor = try AuditFile.lockedFile(next)
            do throws(AuditFault) {
                guard ftruncate(descriptor, 0) == 0 else { throw AuditFault("cannot empty `\(next)`: \(SystemFault.last)") }
                try replace(next)
            } catch {
                close(descriptor)
                throw error
            }
            close(self.descriptor)
            self.descriptor = descriptor
            size = 0
            rotationFault = nil
            nextRotation = rotation
        } catch {
            rotationFault = error
            nextRotation = size + AuditFile.rotationRetry
        }
    }

    /// Gives the file the name under which it is put aside, and another the name that it had: at no moment is there none of that name, which another process could make.
    private func replace(_ next: String) throws(AuditFault) {
        let aside = AuditFiles.name(path, endingWith: chain.sequence)
        // A name that is there already is of a rotation that was ended in the midst of it, when it is the same file.
        if link(path, aside) != 0 {
            let fault = AuditFault("cannot put `\(path)` aside: \(SystemFault.last)")
            guard errno == EEXIST, AuditFile.isSame(aside, descriptor) else { throw fault }
        }
        guard rename(next, path) == 0 else { throw AuditFault("cannot begin another `\(path)`: \(SystemFault.last)") }
        // Both names are on the disk before the first record of the other file is.
        AuditFile.synchronizeFolder(of: path)
    }

    private static func isSame(_ path: String, _ descriptor: Int32) -> Bool {
        var (named, held) = (stat(), stat())
        return stat(path, &named) == 0 && fstat(descriptor, &held) == 0 && named.st_dev == held.st_dev && named.st_ino == held.st_ino
    }

    /// Goes on in a new file where somebody else has moved or removed the one that is written.
    ///
    /// - Returns: whether there was a new one to begin.
    /// - Throws: when there is another that is not empty, or none can be made; the old one is gone on with then.
    mutating func reopen() throws(AuditFault) -> Bool {
        guard !AuditFile.isSame(path, descriptor) else { return false }
        try synchronize()
        let descriptor = try AuditFile.lockedFile(path)
        guard lseek(descriptor, 0, SEEK_END) == 0 else {
            close(descriptor)
            throw AuditFault("`\(path)` is another file now, and not empty")
        }
        close(self.descriptor)
        self.descriptor = descriptor
        (size, isTorn) = (0, false)
        return true
    }
}

/// Records that could not be written.
public struct AuditFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

enum SystemFault {
    /// What the last call to the system complained of.
    static var last: String { String(cString: strerror(errno)) }
}
