import Testing

@testable import LynxIdentity

@Suite("Fetching documents")
struct FetcherTests {
    @Test("a token is shown to the server that is configured, and to no other", arguments: [
        ("https://k.example:6443/openid/v1/jwks", true), ("https://K.example:6443", true), ("https://k.example:6443?x", true),
        ("https://k.example/openid/v1/jwks", false), ("https://evil.example/https://k.example:6443/", false), ("http://k.example:6443/", false),
        ("https://k.example:6443@evil.example/", false), ("https://k.example:6443.evil.example/", false), ("https://k.example:6443\\@evil.example/", false),
    ])
    func token(_ url: String, _ isShown: Bool) {
        #expect(DocumentFetcher.Token(for: "https://k.example:6443/cluster") { "t" }.isFor(url) == isShown)
    }
}
