import Foundation
import LynxAudit
import LynxCedar
import Testing

@Suite("What records must not tell")
struct MaskTests {
    /// The line of a record of alice's, as it is in the file.
    private func line(_ mask: AuditMask) async throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var record = AuditRecord(.decision, id: "1", time: 0)
        record.subject = "https://idp.example|alice"
        record.principal = #"Lynx::User::"corporate|alice""#
        record.chain = ["https://idp.example|planner"]
        record.authentication = .init(method: "oidc", issuer: "https://idp.example", tokenID: "t-1")
        record.call = .init(method: "GET", host: "web.example", path: "/users/alice/files/a/b", source: "10.1.2.3")
        record.call?.headers = [.init(name: "user-agent", value: "agent/1"), .init(name: "x-tenant", value: "acme"), .init(name: "x-other", value: "other")]
        let log = try AuditLog(path: path, AuditSettings(.always, mask: mask))
        try await log.record(record)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test("what is kept is as it was, and headers that are not named are not there")
    func kept() async throws {
        var mask = AuditMask()
        mask.headers = ["user-agent": .keep]
        let line = try await line(mask)
        for text in ["alice", "planner", "t-1", "10.1.2.3", "/users/alice/files/a/b", #""headers":{"user-agent":"agent/1"}"#] { #expect(line.contains(text)) }
        #expect(!line.contains("acme"))
    }

    @Test("what is removed is nowhere in the line")
    func removed() async throws {
        var mask = AuditMask()
        (mask.subject, mask.actors, mask.tokenID, mask.source) = (.remove, .remove, .remove, .remove)
        mask.paths = [try #require(AuditMask.PathPattern("/users/*/files/**"))]
        let line = try await line(mask)
        for text in ["alice", "planner", "t-1", "10.1.2.3", "/a/b"] { #expect(!line.contains(text)) }
        #expect(line.contains(#""path":"/users/*/files/**""#))
    }

    private func line(of record: AuditRecord, _ mask: AuditMask = AuditMask()) async throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try AuditLog(path: path, AuditSettings(.always, mask: mask))
        try await log.record(record)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    // What these policies fail on follows from Cedar's rules; the request has `alice` wherever they could quote it from.
    @Test("an error of a policy tells the policy, the place and the kind, and no value", arguments: [
        "principal.limit > 1", "principal.getTag(\"alice\") == \"x\"", "User::\"alice\".limit > 1", "ip(context.name).isLoopback()", "decimal(context.name).lessThan(decimal(\"1.0\"))",
        "datetime(context.name) == datetime(\"2020-01-01\")", "context.name + 1 > 1", "context.list.missing", "context.alices.missing",
        "9223372036854775807 + context.one > 1",
    ])
    func errors(_ condition: String) async throws {
        let policies = try PolicySet(cedar: SourceText("@id(\"p\") permit (principal, action, resource)\nwhen { \(condition) };", name: "policies.cedar"))
        let entities = try Entities(json: #"[{"uid": {"type": "User", "id": "alice2"}, "attrs": {"alice": 1}, "parents": []}]"#)
        let response = Authorizer(policies: policies, entities: entities).isAuthorized(
            Request(
                principal: "User::\"alice2\"", action: "Action::\"view\"", resource: "Photo::\"alice\"",
                context: ["name": "alice", "list": ["alice": 1], "alices": ["other": "alice"], "one": 1]))
        #expect(response.errors.count == 1)
        var record = AuditRecord(.decision, id: "1", time: 0)
        record.errors = response.errors
        let line = try await line(of: record)
        #expect(!line.contains("alice"), "\(line)")
        #expect(line.contains("policies.cedar:2:"), "\(line)")
    }

    @Test("what a call is for is told by name, and the path in a resource's URI is hidden like that of a call", arguments: [
        (AuditRecord.Target.tool("refund", server: "payments"), #""target":{"server":"payments","tool":"refund"}"#),
        (.model("m", provider: "p"), #""target":{"provider":"p","model":"m"}"#), (.request("message/send", agent: "a"), #""target":{"agent":"a","method":"message/send"}"#),
        (.resource("file:///users/alice/x", server: "s"), #""target":{"server":"s","resource":"file:///users/*/x"}"#),
        (.resource("https://h/users/alice/x", server: "s"), #""target":{"server":"s","resource":"https://h/users/*/x"}"#),
        (.resource("/users/alice/x", server: "s"), #""target":{"server":"s","resource":"/users/*/x"}"#), (.prompt("p", server: "s"), #""target":{"server":"s","prompt":"p"}"#),
    ])
    func targets(_ target: AuditRecord.Target, _ expected: String) async throws {
        var mask = AuditMask()
        mask.paths = [try #require(AuditMask.PathPattern("/users/*/x"))]
        var record = AuditRecord(.decision, id: "1", time: 0)
        record.target = target
        #expect(try await line(of: record, mask).contains(expected))
    }

    @Test("a colon in a path is no scheme's (RFC 3986, 3.1), and the path is hidden")
    func colons() async throws {
        var mask = AuditMask()
        mask.paths = [try #require(AuditMask.PathPattern("/users/*/x"))]
        var record = AuditRecord(.decision, id: "1", time: 0)
        record.target = .resource("/users/alice:1/x", server: "s")
        #expect(try await line(of: record, mask).contains(#""resource":"/users/*/x""#))
    }

    @Test("what is long is cut after it was hidden, or what is left of it would be in the clear")
    func long() async throws {
        var mask = AuditMask()
        mask.paths = [try #require(AuditMask.PathPattern("/users/*/x"))]
        let path = "/users/" + String(repeating: "alice", count: 1000) + "/x"
        var record = AuditRecord(.decision, id: "1", time: 0)
        record.call = .init(method: "GET", host: "web.example", path: path, source: nil)
        record.target = .resource("file://\(path)", server: "s")
        let hidden = try await line(of: record, mask)
        #expect(!hidden.contains("alice") && hidden.contains(#""path":"/users/*/x""#) && hidden.contains(#""resource":"file:///users/*/x""#))
        let kept = try await line(of: record)
        #expect(kept.contains(String(path.prefix(512)) + "...") && kept.utf8.count < 2000)
    }

    @Test("a hash is the HMAC-SHA256 by the key")
    func hashed() async throws {
        // RFC 4231, 4.2: a key of twenty bytes 0x0b, and "Hi There".
        var mask = AuditMask(key: [UInt8](repeating: 0x0B, count: 20))
        mask.source = .hash
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var record = AuditRecord(.decision, id: "1", time: 0)
        record.call = .init(method: "GET", host: "web.example", path: "/", source: "Hi There")
        let log = try AuditLog(path: path, AuditSettings(.always, mask: mask))
        try await log.record(record)
        #expect(
            try String(contentsOfFile: path, encoding: .utf8)
                .contains(#""source":"hmac:b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7""#))
    }

    @Test("without a key, what should be hashed is removed")
    func withoutKey() async throws {
        var mask = AuditMask()
        mask.subject = .hash
        #expect(try await !line(mask).contains("alice\""))
    }

    @Test("no key is in a description")
    func description() {
        #expect(!"\(AuditMask(key: [77, 77, 77, 77]))".contains("77"))
    }

    @Test("only paths with a slash at the beginning and whole segments as wildcards are patterns", arguments: [
        ("/users/*", true), ("/", true), ("/**", true), ("/a/*/b/**", true), ("users", false), ("", false), ("/a*", false), ("/**/a", false),
    ])
    func patterns(_ text: String, _ isPattern: Bool) {
        #expect((AuditMask.PathPattern(text) != nil) == isPattern)
    }
}
