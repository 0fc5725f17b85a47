import Foundation

/// Reads audit files from their beginning and follows the chain through them.
public enum AuditVerification {
    public enum Outcome: Sendable {
        /// All lines follow one another.
        case intact(AuditChain)
        /// A line of a file, counted from 1, does not.
        case broken(file: String, line: Int, AuditChain.Fault)
        /// The last file ends in the middle of a line: it is being written, or its writer was ended then.
        case unfinished(AuditChain, bytes: Int)
        /// A hash that was noted down is that of no line.
        case cut
    }

    /// - Parameters:
    ///   - paths: of the files, in the order in which they were written.
    ///   - known: the hash of a line that must be there.
    ///   - told: gets what records tell of lines that were never finished, with the file that such a record is in and its line, counted from 1.
    /// - Throws: when a file cannot be read.
    public static func verify(
        _ paths: [String], expecting known: String? = nil, tears told: (AuditTear, String, Int) -> Void = { _, _, _ in }
    ) throws(AuditFault) -> Outcome {
        var reader = Reader(known: known)
        for path in paths {
            // A line goes not from one file into the next.
            guard reader.rest.isEmpty else { return .broken(file: reader.path, line: reader.line + 1, .notARecord) }
            if let fault = try reader.read(path, told) { return .broken(file: path, line: reader.line, fault) }
        }
        guard reader.isKnownFound else { return .cut }
        return reader.rest.isEmpty ? .intact(reader.chain) : .unfinished(reader.chain, bytes: reader.rest.count)
    }

    private struct Reader {
        var chain = AuditChain()
        var rest: [UInt8] = []
        var path = ""
        var line = 0
        let known: String?
        var isKnownFound: Bool

        init(known: String?) {
            self.known = known
            isKnownFound = known == nil
        }

        /// - Returns: what is wrong with the line that was come to.
        mutating func read(_ path: String, _ told: (AuditTear, String, Int) -> Void) throws(AuditFault) -> AuditChain.Fault? {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw AuditFault("cannot open `\(path)`: \(SystemFault.last)") }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            (self.path, line) = (path, 0)
            do {
                while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
                    rest += chunk
                    if let fault = takeLines(told) { return fault }
                }
            } catch {
                throw AuditFault("cannot read `\(path)`: \(error.localizedDescription)")
            }
            return nil
        }

        private mutating func takeLines(_ told: (AuditTear, String, Int) -> Void) -> AuditChain.Fault? {
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                line += 1
                do throws(AuditChain.Fault) {
                    if let tear = AuditTear(record: try chain.verify(rest[start..<end])) { told(tear, path, line) }
                } catch {
                    return error
                }
                if chain.hash == known { isKnownFound = true }
                start = end + 1
            }
            rest.removeFirst(start)
            return nil
        }
    }
}
