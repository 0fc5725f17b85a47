import LynxCedar
import Testing

@testable import LynxDecisionPoint

@Suite("The ExtMcp protocol")
struct ExtMCPTests {
    /// An McpRequest of `tools/call` for `s`, with the metadata `a: b` and `n: 1`, the parameters `{}` and the header `h: v`, written by another implementation of protobuf.
    private static let request: [UInt8] = [
        0x0a, 0x01, 0x73, 0x12, 0x0a, 0x74, 0x6f, 0x6f, 0x6c, 0x73, 0x2f, 0x63, 0x61, 0x6c, 0x6c, 0x1a, 0x1a, 0x0a, 0x08, 0x0a, 0x01, 0x61, 0x12, 0x03, 0x1a, 0x01,
        0x62, 0x0a, 0x0e, 0x0a, 0x01, 0x6e, 0x12, 0x09, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x3f, 0x22, 0x02, 0x7b, 0x7d, 0x2a, 0x06, 0x0a, 0x01, 0x68,
        0x12, 0x01, 0x76,
    ]

    @Test("a request is read")
    func reads() throws {
        let check = try MCPCheck(Self.request)
        #expect(check.services == ["s"] && check.method == "tools/call" && check.json == Array("{}".utf8))
        #expect(check.metadata == ["a": "b"], "only texts are taken")
        #expect(check.headers.map(\.name) == ["h"] && check.headers.map(\.value) == ["v"])
    }

    @Test("any bytes are read without harm")
    func noise() {
        let (taken, refused) = DamagedBytes(of: Self.request).read { _ = try MCPCheck($0) }
        #expect(taken > 0 && refused > 0)
    }

    @Test("a certificate is believed of gateways that are trusted, and the credential of one server is for no other")
    func calls() throws {
        var check = try MCPCheck([])
        check.services = ["s"]
        check.metadata = ["spiffe_id": "spiffe://d/x", "authorization": "Bearer t"]
        #expect(check.call(to: "s", isTrusted: false).certificateID == nil)
        #expect(check.call(to: "s", isTrusted: true).certificateID == "spiffe://d/x")
        #expect(check.call(to: "s", isTrusted: true).headers.all("authorization") == ["Bearer t"])
        #expect(check.call(to: "s", isTrusted: true).takesCredential)
        check.services = ["s", "t"]
        #expect(!check.call(to: "s", isTrusted: true).takesCredential)
        check.headers = [("Authorization", "Bearer t")]
        #expect(check.call(to: "s", isTrusted: false).headers.all("authorization") == ["Bearer t"], "the same twice is one")
        check.headers = [("Authorization", "Bearer u")]
        #expect(check.call(to: "s", isTrusted: false).headers.all("authorization").count == 2)
    }

    // The gateway sets first and removes then.
    @Test("what is set is not removed")
    func mutation() {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        let passage = Verdict.Passage(credential: "c", traceparent: "t", expires: 1)
        // Field 2 of the mutation, with the header's name.
        let removal = "\u{12}\u{0d}authorization"
        #expect(!text(MCPAnswer.pass(passage, metadata: [])).contains(removal))
        #expect(text(MCPAnswer.pass(passage, metadata: [])).contains("Bearer c"))
        #expect(text(MCPAnswer.pass(nil, metadata: [])).contains(removal))
        #expect(text(MCPAnswer.pass(Verdict.Passage(credential: nil, traceparent: "t", expires: 1), metadata: [])).contains(removal))
        // The oneof: field 1, an empty message.
        #expect(MCPAnswer.pass(nil, metadata: []).starts(with: [0x0a, 0x00]))
        #expect(MCPAnswer.unchanged == [0x0a, 0x00])
    }

    @Test("lists are cut down, and the rest stays", arguments: [
        ("tools/list", "tools", "name"), ("prompts/list", "prompts", "name"), ("resources/list", "resources", "uri"),
        ("resources/templates/list", "resourceTemplates", "uriTemplate"),
    ])
    func lists(_ method: String, _ list: String, _ key: String) throws {
        let kind = try #require(MCPListing.Kind(rawValue: method))
        let text = "{\"_meta\":{\"a\":1.50},\"\(list)\":[{\"\(key)\":\"a\",\"x\":null},{\"\(key)\":\"b\"}],\"nextCursor\":\"n\"}"
        let listing = try MCPListing(kind, result: Array(text.utf8))
        #expect(listing.names == ["a", "b"])
        #expect(listing.keeping([true, false]) == (try JSONValue(parsing: SourceText("{\"_meta\":{\"a\":1.50},\"\(list)\":[{\"\(key)\":\"a\",\"x\":null}],\"nextCursor\":\"n\"}"))))
        for faulty in ["", "[]", "{}", "{\"\(list)\":1}", "{\"\(list)\":[1]}", "{\"\(list)\":[{}]}", "{\"\(list)\":[{\"\(key)\":1}]}",
            "{\"\(list)\":[{\"\(key)\":\"\"}]}", "{\"\(list)\":[],\"\(list)\":[]}", "{\"\(list)\":[]} ,", "{\"\(list)\":[{\"\(key)\":\"a\",\"\(key)\":\"b\"}]}"] {
            #expect(throws: UnclassifiedCall.self, "\(faulty)") { try MCPListing(kind, result: Array(faulty.utf8)) }
        }
    }

    @Test("a list with more than is decided at once is refused as that")
    func longList() throws {
        func list(_ count: Int) -> [UInt8] {
            Array("{\"tools\":[\(Array(repeating: "{\"name\":\"t\"}", count: count).joined(separator: ","))]}".utf8)
        }
        #expect(try MCPListing(.tools, result: list(MCPListing.maximumCount)).names.count == MCPListing.maximumCount)
        #expect(throws: UnclassifiedCall.list) { try MCPListing(.tools, result: list(MCPListing.maximumCount + 1)) }
        #expect(throws: UnclassifiedCall.list) { try MCPListing(.tools, result: [UInt8](repeating: 0x20, count: CallBody.maximumSize + 1)) }
    }

    // agentgateway's `resource_name` and `resource_uri`: SERVER_NAME and SERVER+URI, where it multiplexes.
    @Test("names in gathered lists are those of one server", arguments: [
        (MCPListing.Kind.tools, "s_x", "x"), (.prompts, "s_x", "x"), (.resources, "s+file:///x", "file:///x"), (.tools, "t_x", nil), (.tools, "s_", nil),
        (.tools, "sx", nil), (.tools, "x", nil), (.resources, "file:///x", nil), (.tools, "s_s_x", "s_x"),
    ] as [(MCPListing.Kind, String, String?)])
    func natives(_ kind: MCPListing.Kind, _ name: String, _ expected: String?) {
        #expect(kind.native(name, of: "s", isGathered: true) == expected)
        #expect(kind.native(name, of: "s", isGathered: false) == name)
    }
}
