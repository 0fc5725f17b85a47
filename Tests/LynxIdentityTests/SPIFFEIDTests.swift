import LynxIdentity
import Testing

@Suite("SPIFFE ids")
struct SPIFFEIDTests {
    // SPIFFE-ID, 2.1 to 2.3.
    @Test("has a trust domain and a path", arguments: [
        ("spiffe://example.org/agent", "example.org"), ("spiffe://a_b-c.1/x/y.z/_", "a_b-c.1"),
    ])
    func ids(_ text: String, _ domain: String) {
        #expect(SPIFFEID(text)?.trustDomain == domain)
        #expect(SPIFFEID(text)?.description == text)
    }

    @Test("refuses what is no SPIFFE id, or one in another spelling", arguments: [
        "", "spiffe://", "spiffe://example.org", "spiffe://example.org/", "spiffe:///x", "SPIFFE://example.org/x", "spiffe://Example.org/x",
        "spiffe://example.org:80/x", "spiffe://user@example.org/x", "spiffe://example.org/a//b", "spiffe://example.org/a/", "spiffe://example.org/./a",
        "spiffe://example.org/../a", "spiffe://example.org/a%2Fb", "spiffe://example.org/a?x", "spiffe://example.org/a#x", "spiffe://example.org/é",
        "https://example.org/x", " spiffe://example.org/x",
    ])
    func refusals(_ text: String) {
        #expect(SPIFFEID(text) == nil)
    }
}
