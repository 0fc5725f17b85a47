/// Which trace a call belongs to (W3C Trace Context, 2.2).
public struct TraceContext: Sendable {
    public let traceID: String
    /// Of what is done about it here.
    public let spanID: String
    /// Of what the call came from; `nil` at the beginning of a trace.
    public let parentSpanID: String?
    /// Whether the trace is kept by those who are in it.
    public let isSampled: Bool
    /// What to send on: the same trace, and ours as the parent.
    public let outgoing: String

    /// Goes on with the trace of a call, or starts one.
    ///
    /// - Parameter values: of all headers `traceparent`: where there are several, none counts.
    public init(traceparent values: [String]) {
        let parts = values.count == 1 ? values[0].split(separator: "-", omittingEmptySubsequences: false) : []
        let span = String(RandomID.make().prefix(16))
        spanID = span
        if parts.count == 4, parts[0] == "00", TraceContext.isID(parts[1], size: 32), TraceContext.isID(parts[2], size: 16),
            TraceContext.isHexadecimal(parts[3]), parts[3].utf8.count == 2
        {
            traceID = String(parts[1])
            parentSpanID = String(parts[2])
            isSampled = UInt8(parts[3], radix: 16).map { $0 & 1 == 1 } ?? false
            outgoing = "00-\(parts[1])-\(span)-\(parts[3])"
        } else {
            traceID = RandomID.make()
            (parentSpanID, isSampled) = (nil, false)
            outgoing = "00-\(traceID)-\(span)-00"
        }
    }

    private static func isID(_ text: Substring, size: Int) -> Bool {
        text.utf8.count == size && isHexadecimal(text) && text.utf8.contains { $0 != UInt8(ascii: "0") }
    }

    private static func isHexadecimal(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }
}
