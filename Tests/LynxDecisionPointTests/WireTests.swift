import Testing

@testable import LynxDecisionPoint

@Suite("The ext_authz protocol")
struct WireTests {
    /// A CheckRequest for `POST /x` at `h` with a header and a body, written by another implementation of the protocol.
    private static let request: [UInt8] = [
        0x0a, 0x2c, 0x0a, 0x0b, 0x22, 0x09, 0x73, 0x70, 0x69, 0x66, 0x66, 0x65, 0x3a, 0x2f, 0x2f, 0x22, 0x1d, 0x12, 0x1b, 0x12, 0x04, 0x50, 0x4f, 0x53, 0x54, 0x1a,
        0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0x62, 0x22, 0x02, 0x2f, 0x78, 0x2a, 0x01, 0x68, 0x48, 0x02, 0x5a, 0x02, 0x7b, 0x7d,
    ]

    @Test("a request is read")
    func reads() throws {
        let request = try CheckRequest(Self.request)
        #expect(request.method == "POST" && request.path == "/x" && request.host == "h")
        #expect(request.headers.map(\.name) == ["a"] && request.headers.map(\.value) == ["b"])
        #expect(request.size == 2 && request.body == Array("{}".utf8))
        #expect(request.sourcePrincipal == "spiffe://")
        #expect(request.call(isTrusted: false).certificateID == nil)
        #expect(request.call(isTrusted: true).certificateID == "spiffe://")
    }

    @Test("a request that is cut off anywhere is an error or lacks a part, and nothing worse")
    func cut() {
        for count in Self.request.indices {
            let request = try? CheckRequest(Array(Self.request.prefix(count)))
            #expect(request == nil || request?.method == "")
        }
    }

    @Test("any bytes are read without harm")
    func noise() {
        let (taken, refused) = DamagedBytes(of: Self.request).read { _ = try CheckRequest($0) }
        #expect(taken > 0 && refused > 0)
    }

    // protobuf's HeaderMap: field 13 of the HttpRequest, its entries field 1, in these 1 is the key, 3 the value in bytes.
    @Test("a header whose value is no text denies", arguments: [([0xFF, 0xFE] as [UInt8], true), (Array("\u{E9}".utf8), false)])
    func headers(_ value: [UInt8], _ isRefused: Bool) throws {
        var writer = WireWriter()
        writer.add(1) { attributes in
            attributes.add(4) { request in
                request.add(2) { http in
                    http.add(5, "h")
                    http.add(13) { map in
                        map.add(1) { header in
                            header.add(1, "a")
                            header.add(3, bytes: value)
                        }
                    }
                }
            }
        }
        let call = AuthorizationService.call(in: .success(writer.bytes), isTrusted: false)
        #expect(call.fault == (isRefused ? .header : nil) && call.host == "h")
    }

    @Test("a question that cannot be read is a call that is denied")
    func unreadable() {
        #expect(AuthorizationService.call(in: .success([0x0A, 0xFF]), isTrusted: true).fault == .question)
        #expect(AuthorizationService.call(in: .failure(.questionSize), isTrusted: true).fault == .questionSize)
        #expect(AuthorizationService.call(in: .success(Self.request), isTrusted: true).fault == nil)
    }

    @Test("a response always has a status")
    func status() {
        let denial = Verdict.Denial(.forbidden, decisionID: "d", messages: [], isRPC: false, rpcID: nil)
        // Field 1, a message, with field 1 as 7: PERMISSION_DENIED.
        #expect(CheckResponse(Verdict(decisionID: "d", outcome: .deny(denial))).bytes.starts(with: [0x0a, 0x0a, 0x08, 0x07]))
        let passage = Verdict.Passage(credential: nil, traceparent: "t", expires: 1)
        // OK is there although it is 0.
        #expect(CheckResponse(Verdict(decisionID: "d", outcome: .allow(passage))).bytes.starts(with: [0x0a, 0x02, 0x08, 0x00]))
    }

    @Test("a body that was cut off is not taken for a whole one", arguments: [
        (Int64(-1), "{}", true), (3, "{}", true), (2, "{}", false), (0, "{}", false),
    ])
    func truncation(_ size: Int64, _ body: String, _ isTruncated: Bool) throws {
        var request = try CheckRequest([])
        request.size = size
        request.body = Array(body.utf8)
        if case .truncated = request.call(isTrusted: false).body { #expect(isTruncated) } else { #expect(!isTruncated) }
    }
}
