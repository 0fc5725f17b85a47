import LynxAudit

/// How a receiver wants records.
public protocol ExportFormat: Sendable {
    /// Where and as what records are posted; `nil` when none of them is for this receiver.
    func post(_ records: [WrittenRecord]) -> ExportPost?
}

/// What is posted to a receiver.
public struct ExportPost: Sendable {
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
}
