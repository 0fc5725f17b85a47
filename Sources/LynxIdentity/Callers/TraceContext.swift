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
        let span = String(RandomID.make().prefix(16))
        spanID = span
        if values.count == 1, let (trace, parent, flags) = TraceContext.parts(values[0]) {
            traceID = String(trace)
            parentSpanID = String(parent)
            isSampled = UInt8(flags, radix: 16).map { $0 & 1 == 1 } ?? false
            outgoing = "00-\(trace)-\(span)-\(flags)"
        } else {
            traceID = RandomID.make()
            (parentSpanID, isSampled) = (nil, false)
            outgoing = "00-\(traceID)-\(span)-00"
        }
    }

    /// `00-`, 32 digits, `-`, 16 digits, `-`, two digits.
    private static func parts(_ value: String) -> (trace: Substring, parent: Substring, flags: Substring)? {
        let bytes = value.utf8
        guard bytes.count == 55, bytes.starts(with: "00-".utf8) else { return nil }
        func part(_ range: Range<Int>) -> Substring {
            value[bytes.index(bytes.startIndex, offsetBy: range.lowerBound)..<bytes.index(bytes.startIndex, offsetBy: range.upperBound)]
        }
        guard isHexadecimal(part(3..<35)), part(35..<36) == "-", isHexadecimal(part(36..<52)), part(52..<53) == "-", isHexadecimal(part(53..<55)),
            !isZero(part(3..<35)), !isZero(part(36..<52))
        else { return nil }
        return (part(3..<35), part(36..<52), part(53..<55))
    }

    private static func isZero(_ text: Substring) -> Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } }

    private static func isHexadecimal(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }
}
