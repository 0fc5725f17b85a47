import LynxCedar
import LynxIdentity
import Testing

@Suite("Trust bundles")
struct TrustBundleTests {
    /// Of an authority: self-signed, with `CA:TRUE`.
    private static let authority = "MIIBtzCCAVygAwIBAgIUWApwDfyyqEXKTiCP0b7zHXW3j7cwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLZXhhbXBsZS5vcmcwIBcNMjYxMTIzMTgzMzA1WhgPMjEyNjEwMzAxODMzMDVaMBYxFDASBgNVBAMMC2V4YW1wbGUub3JnMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZQP47LSDWGLA//ko5YHpS1MyEPkVNR/q94ov/DarAnM3I8U8gaj/NuYkKkwZIuseFOsGQOBCyQI1Mo2RU1HsEaOBhTCBgjAdBgNVHQ4EFgQUpFNX+PhBCLqKHKKBkpFvQgfnVhIwHwYDVR0jBBgwFoAUpFNX+PhBCLqKHKKBkpFvQgfnVhIwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHwYDVR0RBBgwFoYUc3BpZmZlOi8vZXhhbXBsZS5vcmcwCgYIKoZIzj0EAwIDSQAwRgIhAOCJmFLlOgacuZmVvbX+E1XmC6Y0xgrXgAnyH8cT7FnqAiEA65yuJFc2jmF3rm0RpC2Gd3JSLO5MlkeACoPgPyEJc/g="
    // RFC 7515, A.3: the public half of the example's key.
    private static let point = #""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#
    /// RFC 8705, appendix A: a certificate of version 1, which is no authority's.
    private static let workload =
        "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY="

    private func bundle(_ entries: String...) throws -> TrustBundle {
        try TrustBundle(json: Array(#"{"spiffe_sequence":7,"spiffe_refresh_hint":60,"keys":[\#(entries.joined(separator: ","))]}"#.utf8))
    }

    @Test("has keys for tokens and authorities for certificates, each by its use")
    func uses() throws {
        let bundle = try bundle(
            #"{"use":"x509-svid",\#(Self.point),"x5c":["\#(Self.authority)"]}"#, #"{"use":"jwt-svid","kid":"1",\#(Self.point)}"#)
        #expect(bundle.authorities.count == 1)
        #expect(bundle.keys.keys.map(\.id) == ["1"])
    }

    // SPIFFE Trust Domain and Bundle, 4.2.2 and 4.2.3.
    @Test("leaves out entries that are of no use", arguments: [
        #"{"kid":"1",\#(Self.point)}"#, #"{"use":"sig","kid":"1",\#(Self.point)}"#, #"{"use":"jwt-svid",\#(Self.point)}"#, #"{"use":"jwt-svid","kid":"1","kty":"oct","k":"AAAA"}"#,
        #"{"use":"x509-svid",\#(Self.point)}"#, #"{"use":"x509-svid",\#(Self.point),"x5c":[]}"#, #"{"use":"x509-svid",\#(Self.point),"x5c":"\#(Self.authority)"}"#,
        #"{"use":"x509-svid",\#(Self.point),"x5c":["\#(Self.authority)","\#(Self.authority)"]}"#, #"{"use":"x509-svid",\#(Self.point),"x5c":["AAAA"]}"#,
        #"{"use":"x509-svid",\#(Self.point),"x5c":["\#(Self.workload)"]}"#, #"{"use":"x509-svid","d":"AAAA",\#(Self.point),"x5c":["\#(Self.authority)"]}"#,
        #"{"use":"x509-svid",\#(Self.point),"x5c":[" \#(Self.authority)"]}"#, "7",
    ])
    func useless(_ entry: String) throws {
        let bundle = try bundle(entry)
        #expect(bundle.authorities.isEmpty && bundle.keys.keys.isEmpty)
    }

    // 4.1.1: all that was published before is withdrawn.
    @Test("may be empty, and vouches for nobody then")
    func empty() throws {
        let bundle = try bundle()
        #expect(bundle.authorities.isEmpty && bundle.keys.keys.isEmpty)
    }

    @Test("is refused where it is no JWK set, has too many entries, or figures that are none", arguments: [
        "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"spiffe_sequence":"7"}"#, #"{"keys":[],"spiffe_refresh_hint":-1}"#,
        #"{"keys":[\#(Array(repeating: "{}", count: 257).joined(separator: ","))]}"#,
    ])
    func faulty(_ text: String) {
        #expect(throws: KeyFault.self) { try TrustBundle(json: Array(text.utf8)) }
    }

    @Test("where there is none for a trust domain, nobody is vouched for")
    func unknown() async {
        await #expect(throws: TokenRefusal.self) { try await TrustBundles(["example.org": .fixed([])]).verify([[0x30, 0x00]]) }
    }
}
