import Foundation
import LynxAudit
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
