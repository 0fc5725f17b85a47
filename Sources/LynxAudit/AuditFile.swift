#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import LynxCedar

/// The file that records are appended to. One process writes it at a time.
struct AuditFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    /// Where the last whole line ends.
    private var size: Int64
    private(set) var chain: AuditChain
    /// Whether a part of a line may lie behind `size`, which was acknowledged to nobody.
    private var isTorn = false
    /// Bytes of a line that was never finished, and so never acknowledged, which opening has cut off.
    let repaired: Int64

    /// The longest line, in bytes, that is looked for at the end of the file.
    private static let maximumLine: Int64 = 1 << 20

    /// Opens the file, or makes it, and goes on behind its last line.
    ///
    /// - Throws: when another process writes it, or its last line was altered.
    init(_ path: String) throws(AuditFault) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditFault("cannot open `\(path)`: \(SystemFault.last)") }
        let end: (size: Int64, chain: AuditChain, repaired: Int64)
        do throws(AuditFault) {
            end = try AuditFile.end(of: descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        (size, chain, repaired) = end
    }

    deinit {
        close(descriptor)
    }

    /// Takes the file for this process, cuts off what is unfinished, and reads the last line.
    private static func end(
        of descriptor: Int32, _ path: String
    ) throws(AuditFault) -> (size: Int64, chain: AuditChain, repaired: Int64) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw AuditFault("`\(path)` is being written by another process") }
        let end = Int64(lseek(descriptor, 0, SEEK_END))
        let tail = try read(descriptor, from: max(0, end - maximumLine), to: end, path)
        let lineEnd = tail.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard lineEnd > 0 || end < maximumLine else { throw AuditFault("`\(path)` is not an audit file") }
        let chain = try chain(tail.prefix(max(0, lineEnd - 1)), path)
        let repaired = Int64(tail.count - lineEnd)
        if repaired > 0 {
            guard ftruncate(descriptor, off_t(end - repaired)) == 0 else { throw AuditFault("cannot repair `\(path)`: \(SystemFault.last)") }
        }
        return (end - repaired, chain, repaired)
    }

    private static func chain(_ lines: ArraySlice<UInt8>, _ path: String) throws(AuditFault) -> AuditChain {
        guard !lines.isEmpty else { return AuditChain() }
        let start = lines.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.startIndex
        do throws(AuditChain.Fault) {
            return try AuditChain(endingWith: Array(lines[start...]))
        } catch {
            throw AuditFault("the last line of `\(path)` \(error)")
        }
    }

    private static func read(_ descriptor: Int32, from start: Int64, to end: Int64, _ path: String) throws(AuditFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(end - start))
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

    /// Appends records as one write. Either all of them are in the file afterwards, or none is.
    mutating func append(_ records: [[JSONValue.Member]]) throws(AuditFault) {
        try mend()
        var next = chain
        var bytes: [UInt8] = []
        for record in records { bytes += next.append(record) }
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
