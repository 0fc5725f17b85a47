import LynxAudit
import LynxCedar

/// Records as rows of a ClickHouse table, over its HTTP interface.
///
/// A row has the columns that one looks for, and the line itself. The table is to be made beforehand: ``table(_:)`` says how.
public struct ClickHouseRows: ExportFormat {
    private let url: String
    private let table: String
    private let headers: [(name: String, value: String)]

    /// - Parameters:
    ///   - url: without path, such as `http://127.0.0.1:8123`.
    ///   - table: with its database.
    /// - Returns: `nil` when the table's name has other characters than letters, digits, `_` and one `.`.
    public init?(url: String, table: String, user: String?, password: String?) {
        let parts = table.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ part in !part.isEmpty && part.utf8.allSatisfy(ClickHouseRows.isNameByte) }) else { return nil }
        self.url = url
        self.table = table
        var headers: [(name: String, value: String)] = [("content-type", "application/x-ndjson")]
        if let user { headers.append(("x-clickhouse-user", user)) }
        if let password { headers.append(("x-clickhouse-key", password)) }
        self.headers = headers
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
    }

    /// The statement that makes the table.
    public static func table(_ name: String) -> String {
        """
        CREATE TABLE \(name) (
            seq UInt64, time Int64, at DateTime64(3) MATERIALIZED fromUnixTimestamp64Milli(time), kind LowCardinality(String), id String, trace String,
            entrance LowCardinality(String), outcome LowCardinality(String), reason LowCardinality(String), principal String, action String, resource String,
            destination LowCardinality(String), policies Array(String), microseconds Int64, record String
        ) ENGINE = ReplacingMergeTree ORDER BY (time, seq)
        """
    }

    public func post(_ records: [WrittenRecord]) -> ExportPost? {
        guard let first = records.first, let last = records.last else { return nil }
        var body: [UInt8] = []
        for record in records {
            body += ClickHouseRows.row(record).description.utf8
            body.append(UInt8(ascii: "\n"))
        }
        // What was taken though the answer got lost is not taken twice.
        let token = "\(first.record.time)-\(first.sequence)-\(last.sequence)"
        return ExportPost(
            url: "\(url)/?query=INSERT%20INTO%20\(table)%20FORMAT%20JSONEachRow&insert_deduplication_token=\(token)", headers: headers, body: body)
    }

    private static func row(_ written: WrittenRecord) -> JSONValue {
        let record = written.record
        func text(_ text: String?) -> JSONValue { JSONValue(.string(CedarString(text ?? ""))) }
        return [
            "seq": JSONValue(.integer(written.sequence)), "time": JSONValue(.integer(record.time)), "kind": text(record.kind.rawValue), "id": text(record.id),
            "trace": text(record.traceID), "entrance": text(record.entrance), "outcome": text(record.isAllowed.map { $0 ? "allow" : "deny" }),
            "reason": text(record.reason), "principal": text(record.principal?.description), "action": text(record.action?.description),
            "resource": text(record.resource?.description), "destination": text(record.destination),
            "policies": JSONValue(.array(record.policies.map { JSONValue(.string($0.text)) })), "microseconds": JSONValue(.integer(record.microseconds ?? 0)),
            "record": text(written.line),
        ]
    }
}
