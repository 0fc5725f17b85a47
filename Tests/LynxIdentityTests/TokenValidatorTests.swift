import Crypto
import LynxCedar
import LynxIdentity
import Testing

@Suite("Tokens")
struct TokenValidatorTests {
    // RFC 7515, A.2: the key of the example, and its token, whose `exp` is 1300819380.
    private static let exampleKeys = """
        {"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]}
        """
    private static let exampleToken =
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

    private func example(_ algorithms: Set<SignatureAlgorithm> = [.rs256]) throws -> TokenValidator {
        let keys = try KeySet(json: Array(Self.exampleKeys.utf8))
        return TokenValidator([
            Issuer(name: "joe", identifier: "joe", profile: .openID, algorithms: algorithms, entrances: [.decision], keys: .fixed(keys))
        ])
    }

    private func refusal(_ token: String, by validator: TokenValidator, now: Int64, at entrance: Entrance = .decision) async -> TokenRefusal.Reason? {
        do throws(TokenRefusal) {
            _ = try await validator.validate(token, at: entrance, audiences: ["here"], now: now)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("the example of RFC 7515 has a good signature, and lacks an audience")
    func exampleOfTheStandard() async throws {
        let validator = try example()
        // The audience is looked at behind the signature and the times.
        #expect(await refusal(Self.exampleToken, by: validator, now: 1_300_819_000) == .audienceMissing)
        #expect(await refusal(Self.exampleToken, by: validator, now: 1_300_819_380 + 59) == .audienceMissing)
        #expect(await refusal(Self.exampleToken, by: validator, now: 1_300_819_380 + 60) == .expired)
    }

    @Test("no byte of the example can be changed")
    func everyByteCounts() async throws {
        let validator = try example()
        let bytes = Array(Self.exampleToken.utf8)
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var altered = bytes
            altered[index] = altered[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let reason = await refusal(String(decoding: altered, as: UTF8.self), by: validator, now: 1_300_819_000)
            #expect(reason != nil && reason != .audienceMissing, "at \(index)")
        }
    }

    @Test("an issuer's tokens are taken where the configuration says, with the algorithms that it says")
    func limits() async throws {
        #expect(await refusal(Self.exampleToken, by: try example(), now: 1_300_819_000, at: .exchange) == .issuerNotHere)
        #expect(await refusal(Self.exampleToken, by: try example([.ps256]), now: 1_300_819_000) == .algorithmNotAllowed)
        #expect(await refusal(Self.exampleToken, by: TokenValidator([]), now: 1_300_819_000) == .issuerUnknown)
    }

    @Test("a key set leaves out keys that are private, symmetric, short, for encryption, or of another use", arguments: [
        #"{"kty":"oct","k":"c2VjcmV0"}"#,
        #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#,
        #"{"kty":"EC","crv":"P-256","use":"enc","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        #"{"kty":"EC","crv":"P-256","alg":"RS256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}"#,
        #"{"kty":"RSA","n":"vrjOfz9Ccdgx5nQudyhdoR17V-IubWMeOZCwX_jj0hgAsz2J_pqYW08PLbK_PdiVGKPrqzmDIsLI7sA25VEnHU1uCLNwBuUiCO11_-7dYbsr4iJmG0Qu2j8DsVyT1azpJC_NG84Ty5KKthuCaPod7iI7w0LK9orSMhBEwwZDCxTWq4aYWAchc8t-emd9qOvWtVMDC2BXksRngh6X5bUYLy6AyHKvj-nUy1wgzjYQDwHMTplCoLtU-o-8SNnZ1tmRoGE9uJkBLdh5gFENabWnU5m1ZqZPdwS-qo-meMvVfJb6jJVWRpl2SUtCnYG2C32qvbWbjZ_jBPD5eunqsIo1vQ","e":"AQ"}"#,
        #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
    ])
    func keysLeftOut(_ key: String) {
        #expect(throws: KeyFault.self) { try KeySet(json: Array("{\"keys\":[\(key)]}".utf8)) }
    }
}
