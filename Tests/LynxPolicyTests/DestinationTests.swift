import LynxCedar
import LynxPolicy
import Testing

@Suite("Destinations")
struct DestinationTests {
    private let table = DestinationTable([
        Destination(name: "all", kind: .http, audience: "all"),
        Destination(name: "pay", kind: .mcp, hosts: ["a.example"], path: "/pay", audience: "pay"),
        Destination(name: "pay-any", kind: .mcp, path: "/pay", audience: "pay-any"),
        Destination(name: "refunds", kind: .mcp, path: "/pay/refunds", audience: "refunds"),
        Destination(name: "host", kind: .http, hosts: ["b.example", "[::1]"], audience: "host"),
    ])

    @Test("a host wins over any, then the longest path", arguments: [
        ("a.example", "/pay", "pay"), ("a.example", "/pay/x", "pay"), ("a.example:8080", "/pay/", "pay"), ("A.EXAMPLE", "/pay", "pay"),
        ("c.example", "/pay", "pay-any"), ("a.example", "/pay/refunds/1", "pay"), ("c.example", "/pay/refunds/1", "refunds"), ("a.example", "/pays", "all"), ("b.example", "/", "host"),
        ("[::1]:80", "/", "host"), ("b.example.evil", "/", "all"),
    ])
    func closest(_ host: String, _ path: String, _ name: String) {
        #expect(table.destination(host: host, path: path)?.name == name)
    }

    @Test("a path is plain when everybody reads it in the same way", arguments: [
        "/", "/a", "/a/", "/a/b.c/..d", "/a%20b", "/%C3%A9", "/a;b=c", "/a:b",
    ])
    func plain(_ path: String) {
        #expect(DestinationTable.isPlain(path: path))
    }

    @Test("where destinations have paths, a path has no parameters")
    func parameters() {
        #expect(!table.isPlain("/pay;v=1") && table.isPlain("/pay"))
        #expect(DestinationTable([Destination(name: "all", kind: .http, audience: "all")]).isPlain("/pay;v=1"))
    }

    @Test("a host of a destination can be that of a call", arguments: [
        ("a.example", true), ("A.example", true), ("[::1]", true), ("a.example:80", false), ("[::1]:80", false), ("*.example", false), ("", false), ("::1", false),
    ])
    func hosts(_ host: String, _ isHost: Bool) {
        #expect(DestinationTable.isHost(host) == isHost)
    }

    @Test("and not otherwise", arguments: [
        "", "a", "//", "//a", "/a//b", "/.", "/..", "/a/../b", "/a/./b", "/a/..", "/..;/a", "/.;x/a", "/a\\b", "/%2e%2e/a", "/%2E/", "/a%2fb", "/a%5Cb",
        "/a%252fb", "/a%3b", "/%00", "/%0a", "/%6dcp", "/a%2Db", "/a%7E", "/a%5f", "/a%39", "/a%3Fb", "/a%23b", "/a%", "/a%2", "/a%zz", "/a b", "/a\tb", "/a#b", "/a\u{7F}",
    ])
    func notPlain(_ path: String) {
        #expect(!DestinationTable.isPlain(path: path))
    }
}
