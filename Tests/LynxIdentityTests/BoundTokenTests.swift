import LynxCedar
import LynxIdentity
import Testing

@Suite("Tokens that are bound to a certificate")
struct BoundTokenTests {
    // RFC 8705, appendix A: the certificate of figure 6, and its thumbprint in figure 5.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
        ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
        SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
        /Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
        SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
        bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
        -----END CERTIFICATE-----
        """
    private static let thumbprint: CedarString = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"
    private static let now: Int64 = 1_800_000_000

    @Test("a thumbprint is that of RFC 8705")
    func thumbprint() {
        #expect(PeerCertificate.thumbprint(pem: Self.certificate) == Self.thumbprint)
        #expect(PeerCertificate.thumbprint(pem: "") == nil)
        #expect(PeerCertificate.thumbprint(pem: String(Self.certificate.prefix(200))) == nil)
    }

    @Test("a bound token is taken with its certificate and with nothing else")
    func confirmation() async throws {
        let ring = try KeyRing(.es256, now: Self.now)
        let own: CedarString = "https://lynx.example"
        let validator = TokenValidator([
            Issuer(name: "lynxd", identifier: own, profile: .own, algorithms: [.es256], entrances: [.decision], keys: .ring(ring))
        ])
        func token(boundTo certificate: CedarString?) throws -> String {
            let contents = TokenIssuer.Contents(
                subject: Party(issuer: own, subject: "a"), audience: "there", actors: ActorChain(), expires: Self.now + 60, certificate: certificate)
            return try #require(TokenIssuer(own, ring: ring).issue(contents, id: "1", now: Self.now)).token
        }
        func isTaken(_ token: String, with certificate: CedarString?) async -> Bool {
            do throws(TokenRefusal) {
                _ = try await validator.validate(token, at: .decision, audiences: ["there"], certificate: certificate, now: Self.now)
                return true
            } catch {
                #expect(error.reason == .confirmation)
                return false
            }
        }
        let bound = try token(boundTo: Self.thumbprint)
        #expect(await isTaken(bound, with: Self.thumbprint))
        #expect(await !isTaken(bound, with: "another"))
        #expect(await !isTaken(bound, with: nil))
        let free = try token(boundTo: nil)
        #expect(await isTaken(free, with: Self.thumbprint))
        #expect(await isTaken(free, with: nil))
    }

    @Test("what is no SVID is nobody's certificate, and no authority vouches for it")
    func strangers() async throws {
        let authorities = try TrustBundles.certificates(pem: Array(Self.certificate.utf8))
        #expect(authorities.count == 1)
        let bundles = TrustBundles(["example.org": .fixed(authorities)])
        #expect(bundles.trustDomains == ["example.org"])
        for chain in [[], [[]], [[0x30, 0x00]]] as [[[UInt8]]] {
            await #expect(throws: TokenRefusal.self) { try await bundles.verify(chain) }
        }
        #expect(throws: KeyFault.self) { try TrustBundles.certificates(pem: []) }
        #expect(throws: KeyFault.self) { try TrustBundles.certificates(pem: Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".utf8)) }
    }
}
