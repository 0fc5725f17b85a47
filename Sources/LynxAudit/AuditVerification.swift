import Foundation

/// Reads an audit file from its beginning and follows the chain.
public enum AuditVerification {
    public enum Outcome: Sendable {
        /// All lines follow one another.
        case intact(AuditChain)
        /// A line, counted from 1, does not.
        case broken(line: Int, AuditChain.Fault)
        /// The file ends in the middle of a line: it is being written, or its writer was ended then.
        case unfinished(AuditChain, bytes: Int)
        /// A hash that was noted down is that of no line.
        case cut
    }

    /// - Parameter known: the hash of a line that must be there.
    /// - Throws: when the file cannot be read.
    public static func verify(_ path: String, expecting known: String? = nil) throws(AuditFault) -> Outcome {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AuditFault("cannot open `\(path)`: \(SystemFault.last)") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var chain = AuditChain()
        var rest: [UInt8] = []
        var line = 0
        var isKnownFound = known == nil
        do {
            while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
                rest += chunk
                var start = 0
                while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                    line += 1
                    do throws(AuditChain.Fault) {
                        try chain.verify(rest[start..<end])
                    } catch {
                        return .broken(line: line, error)
                    }
                    if chain.hash == known { isKnownFound = true }
                    start = end + 1
                }
                rest.removeFirst(start)
            }
        } catch {
            throw AuditFault("cannot read `\(path)`: \(error.localizedDescription)")
        }
        guard isKnownFound else { return .cut }
        return rest.isEmpty ? .intact(chain) : .unfinished(chain, bytes: rest.count)
    }
}
