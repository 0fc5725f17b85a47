import LynxAudit
import LynxCedar
import LynxTelemetry
import Testing

@Suite("What receivers get")
struct FormatTests {
    private func written(_ change: (inout AuditRecord) -> Void = { _ in }) -> WrittenRecord {
        var record = AuditRecord(.decision, id: "d-1", time: 1_700_000_000_123)
        record.traceID = "0af7651916cd43dd8448eb211c80319c"
        record.spanID = "b7ad6b7169203331"
        record.isAllowed = true
        record.microseconds = 250
        change(&record)
        return WrittenRecord(record: record, sequence: 7, line: #"{"seq":7,"a":"é\"x"}"#)
    }

    private func json(_ post: ExportPost?) throws -> JSONValue {
        try JSONValue(parsing: SourceText(utf8: try #require(post).body))
    }

    /// The value at a path of names and places.
    private func find(_ json: JSONValue, _ path: String) -> String? {
        var value: JSONValue? = json
        for part in path.split(separator: ".") {
            switch value?.kind {
            case .object(let members)?: value = members.first { $0.name.string == part }?.value
            case .array(let elements)?: value = Int(part).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: return nil
            }
        }
        switch value?.kind {
        case .string(let text)?: return text.string
        case .integer(let integer)?: return String(integer)
        default: return nil
        }
    }

    @Test("a log record has the line as its body, and 64-bit times as texts")
    func log() throws {
        let post = OpenTelemetry(.logs, url: "http://127.0.0.1:4318", headers: [("x-a", "b")]).post([written()])
        #expect(post?.url == "http://127.0.0.1:4318/v1/logs")
        #expect(post?.headers.contains { $0.name == "x-a" && $0.value == "b" } == true)
        let json = try json(post)
        let record = "resourceLogs.0.scopeLogs.0.logRecords.0."
        #expect(find(json, record + "timeUnixNano") == "1700000000123000000")
        #expect(find(json, record + "body.stringValue") == #"{"seq":7,"a":"é\"x"}"#)
        #expect(find(json, record + "traceId") == "0af7651916cd43dd8448eb211c80319c")
        // SEVERITY_NUMBER_INFO
        #expect(find(json, record + "severityNumber") == "9")
        #expect(find(json, "resourceLogs.0.resource.attributes.0.value.stringValue") == "lynxd")
    }

    @Test("a denial is a warning")
    func denial() throws {
        let json = try json(OpenTelemetry(.logs, url: "", headers: []).post([written { $0.isAllowed = false }]))
        // SEVERITY_NUMBER_WARN
        #expect(find(json, "resourceLogs.0.scopeLogs.0.logRecords.0.severityNumber") == "13")
    }

    @Test("only decisions of traces that are kept are spans")
    func span() throws {
        let traces = OpenTelemetry(.traces, url: "http://127.0.0.1:4318", headers: [])
        #expect(traces.post([written()]) == nil)
        let json = try json(
            traces.post([
                written(),
                written {
                    $0.isSampled = true
                    $0.parentSpanID = "00f067aa0ba902b7"
                },
            ]))
        let span = "resourceSpans.0.scopeSpans.0.spans.0."
        #expect(find(json, span + "spanId") == "b7ad6b7169203331")
        #expect(find(json, span + "parentSpanId") == "00f067aa0ba902b7")
        #expect(find(json, span + "startTimeUnixNano") == "1700000000123000000")
        #expect(find(json, span + "endTimeUnixNano") == "1700000000123250000")
        #expect(find(json, "resourceSpans.0.scopeSpans.0.spans.1.spanId") == nil)
    }

    @Test("a row has the line as a text, and one row is one line")
    func row() throws {
        let rows = try #require(ClickHouseRows(url: "http://127.0.0.1:8123", table: "lynx.records", user: "u", password: "p"))
        let post = try #require(rows.post([written(), written()]))
        #expect(post.url.hasPrefix("http://127.0.0.1:8123/?query=INSERT%20INTO%20lynx.records%20FORMAT%20JSONEachRow&insert_deduplication_token="))
        let lines = post.body.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 2)
        let json = try JSONValue(parsing: SourceText(utf8: Array(lines[0])))
        #expect(find(json, "record") == #"{"seq":7,"a":"é\"x"}"#)
        #expect(find(json, "seq") == "7")
        #expect(find(json, "outcome") == "allow")
    }

    @Test("a table's name is letters, digits, underscores and one full stop", arguments: [
        ("records", true), ("lynx.records_2", true), ("", false), ("a.b.c", false), (".a", false), ("a b", false), ("a;b", false), ("a`b", false),
    ])
    func table(_ name: String, _ isName: Bool) {
        #expect((ClickHouseRows(url: "", table: name, user: nil, password: nil) != nil) == isName)
    }

    @Test("what does not fit is left out and counted, while nobody takes anything")
    func overflow() {
        let exporter = Exporter("x", OpenTelemetry(.logs, url: "", headers: []), limits: .init(capacity: 10)) { _ in }
        exporter.take((0..<7).map { _ in written() })
        exporter.take((0..<7).map { _ in written() })
        #expect(exporter.tally.waiting == 10)
        #expect(exporter.tally.overflowed == 4)
    }
}
