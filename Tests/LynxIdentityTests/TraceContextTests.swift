import LynxIdentity
import Testing

@Suite("Traces")
struct TraceContextTests {
    @Test("a trace goes on when it is one", arguments: [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true), ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
        ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false), ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
        ("", false), ("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false),
    ])
    func traces(_ header: String, _ goesOn: Bool) {
        let trace = TraceContext(traceparent: [header])
        #expect((trace.traceID == "0af7651916cd43dd8448eb211c80319c") == goesOn)
        #expect(trace.outgoing.utf8.count == 55 && trace.outgoing.hasPrefix("00-\(trace.traceID)-"))
    }

    @Test("where there are two, neither counts")
    func two() {
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let trace = TraceContext(traceparent: [header, header])
        #expect(trace.traceID != "0af7651916cd43dd8448eb211c80319c" && trace.parentSpanID == nil && !trace.isSampled)
    }
}
