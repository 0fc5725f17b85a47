import LynxCedar
import Testing

@testable import LynxTokenExchange

@Suite("Metadata of the authorization server")
struct MetadataTests {
    private func members(takesCertificates: Bool) throws -> [CedarString: JSONValue] {
        let text = try AuthorizationServerMetadata(issuer: "https://lynx.example/a b\"c", takesCertificates: takesCertificates).json()
        guard case .object(let members) = try JSONValue(parsing: SourceText(text)).kind else { return [:] }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
    }

    private func texts(_ value: JSONValue?) -> [String] {
        guard case .array(let elements)? = value?.kind else { return [] }
        return elements.compactMap { if case .string(let text) = $0.kind { text.string } else { nil } }
    }

    // RFC 8414, 2.
    @Test("has what the standard requires, and the issuer as it is, whatever stands in it")
    func required() throws {
        let members = try members(takesCertificates: false)
        #expect(Set(members.keys) == [
            "issuer", "token_endpoint", "jwks_uri", "response_types_supported", "grant_types_supported", "token_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported",
        ])
        guard case .string(let issuer)? = members["issuer"]?.kind, case .string(let endpoint)? = members["token_endpoint"]?.kind else {
            Issue.record("no texts")
            return
        }
        #expect(issuer.string == "https://lynx.example/a b\"c")
        #expect(endpoint.string == "https://lynx.example/a b\"c/token")
        #expect(texts(members["grant_types_supported"]) == ["urn:ietf:params:oauth:grant-type:token-exchange"])
        // RFC 8414, 2: `none` must not be among them.
        let algorithms = texts(members["token_endpoint_auth_signing_alg_values_supported"])
        #expect(algorithms.contains("ES256") && !algorithms.contains("none") && !algorithms.contains { $0.hasPrefix("HS") })
    }

    // RFC 8705, 2.1.1 and 3.3.
    @Test("tells of certificates where they are taken")
    func certificates() throws {
        let members = try members(takesCertificates: true)
        #expect(texts(members["token_endpoint_auth_methods_supported"]).contains("tls_client_auth"))
        guard case .bool(true)? = members["tls_client_certificate_bound_access_tokens"]?.kind else {
            Issue.record("not told")
            return
        }
    }
}
