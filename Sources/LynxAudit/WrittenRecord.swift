/// A record that is in the file, for those that get it after that.
public struct WrittenRecord: Sendable {
    public let record: AuditRecord
    /// Its number in the chain.
    public let sequence: Int64
    /// As it is in the file, without the newline.
    public let line: String

    public init(record: AuditRecord, sequence: Int64, line: String) {
        self.record = record
        self.sequence = sequence
        self.line = line
    }
}

/// Gets records after they are in the file, which stays what counts.
public protocol AuditSink: Sendable {
    /// Must return at once: writing waits for it.
    func take(_ records: [WrittenRecord])
}
