import LynxAudit
import LynxCedar

/// Records in the JSON encoding of OTLP over HTTP (OpenTelemetry Protocol 1.x): ids in hexadecimal digits, 64-bit numbers as texts.
public struct OpenTelemetry: ExportFormat {
    public enum Signal: Sendable {
        /// Every record is a log record, its line the body.
        case logs
        /// Every decision in a trace that is kept is a span.
        case traces
    }

    private let signal: Signal
    private let url: String
    private let headers: [(name: String, value: String)]

    /// - Parameter url: without the signal's own path, such as `http://127.0.0.1:4318`.
    public init(_ signal: Signal, url: String, headers: [(name: String, value: String)]) {
        self.signal = signal
        self.url = url + (signal == .logs ? "/v1/logs" : "/v1/traces")
        self.headers = [("content-type", "application/json")] + headers
    }

    public func post(_ records: [WrittenRecord]) -> ExportPost? {
        let (outer, inner, name, items) =
            switch signal {
            case .logs: ("resourceLogs", "scopeLogs", "logRecords", records.map(OpenTelemetry.log))
            case .traces: ("resourceSpans", "scopeSpans", "spans", records.compactMap(OpenTelemetry.span))
            }
        guard !items.isEmpty else { return nil }
        let scope: JSONValue = ["name": "lynxd"]
        let resource: JSONValue = ["attributes": [OpenTelemetry.attribute("service.name", "lynxd")]]
        let scoped = OpenTelemetry.object([("scope", scope), (name, JSONValue(.array(items)))])
        let whole = OpenTelemetry.object([("resource", resource), (inner, JSONValue(.array([scoped])))])
        let body = OpenTelemetry.object([(outer, JSONValue(.array([whole])))])
        return ExportPost(url: url, headers: headers, body: Array(body.description.utf8))
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        JSONValue(.object(members.map { JSONValue.Member(CedarString($0.0), $0.1) }))
    }

    private static func text(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }

    private static func attribute(_ key: String, _ value: String) -> JSONValue { object([("key", text(key)), ("value", object([("stringValue", text(value))]))]) }

    private static func nanoseconds(_ milliseconds: Int64, plus microseconds: Int64 = 0) -> JSONValue {
        // No record is of a time that does not fit.
        text("\(milliseconds &* 1_000_000 &+ microseconds &* 1000)")
    }

    private static func attributes(_ written: WrittenRecord) -> JSONValue {
        let record = written.record
        let named: [(String, String?)] = [
            ("lynx.seq", "\(written.sequence)"), ("lynx.kind", record.kind.rawValue), ("lynx.decision", record.id), ("lynx.entrance", record.entrance),
            ("lynx.outcome", record.isAllowed.map { $0 ? "allow" : "deny" }), ("lynx.reason", record.reason),
            ("lynx.client", record.client?.string),
            ("lynx.principal", record.principal?.description), ("lynx.action", record.action?.description), ("lynx.resource", record.resource?.description),
            ("lynx.destination", record.destination),
        ]
        return JSONValue(.array(named.compactMap { key, value in value.map { attribute(key, $0) } }))
    }

    private static func log(_ written: WrittenRecord) -> JSONValue {
        let record = written.record
        // SEVERITY_NUMBER_INFO and _WARN
        let severity: Int64 = record.isAllowed == false || [.loss, .torn].contains(record.kind) ? 13 : 9
        var members: [(String, JSONValue)] = [
            ("timeUnixNano", nanoseconds(record.time)), ("observedTimeUnixNano", nanoseconds(record.time)), ("severityNumber", JSONValue(.integer(severity))),
            ("body", object([("stringValue", text(written.line))])), ("attributes", attributes(written)),
        ]
        if let trace = record.traceID { members.append(("traceId", text(trace))) }
        if let span = record.spanID { members.append(("spanId", text(span))) }
        return object(members)
    }

    private static func span(_ written: WrittenRecord) -> JSONValue? {
        let record = written.record
        guard record.isSampled, let trace = record.traceID, let span = record.spanID else { return nil }
        var members: [(String, JSONValue)] = [
            ("traceId", text(trace)), ("spanId", text(span)), ("name", record.kind == .issuance ? "lynx.issuance" : "lynx.decision"),
            // SPAN_KIND_SERVER
            ("kind", JSONValue(.integer(2))),
            ("startTimeUnixNano", nanoseconds(record.time)), ("endTimeUnixNano", nanoseconds(record.time, plus: record.microseconds ?? 0)),
            ("attributes", attributes(written)),
        ]
        if let parent = record.parentSpanID { members.append(("parentSpanId", text(parent))) }
        return object(members)
    }
}
