import Foundation
import LynxIdentity

/// What clients are told of us (RFC 8414, 2; RFC 8705, 3.3).
struct AuthorizationServerMetadata: Encodable, Sendable {
    let issuer: String
    let tokenEndpoint: String
    let keys: String
    let responseTypes: [String] = []
    let grantTypes = [ExchangeRequest.grantType]
    let authenticationMethods: [String]
    let signingAlgorithms = SignatureAlgorithm.allCases.map(\.rawValue)
    /// `nil` where clients cannot show certificates.
    let bindsTokensToCertificates: Bool?

    private enum CodingKeys: String, CodingKey {
        case issuer
        case tokenEndpoint = "token_endpoint"
        case keys = "jwks_uri"
        case responseTypes = "response_types_supported"
        case grantTypes = "grant_types_supported"
        case authenticationMethods = "token_endpoint_auth_methods_supported"
        case signingAlgorithms = "token_endpoint_auth_signing_alg_values_supported"
        case bindsTokensToCertificates = "tls_client_certificate_bound_access_tokens"
    }

    init(issuer: String, takesCertificates: Bool) {
        self.issuer = issuer
        tokenEndpoint = issuer + "/token"
        keys = issuer + "/jwks"
        authenticationMethods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "spiffe_jwt"] + (takesCertificates ? ["tls_client_auth"] : [])
        bindsTokensToCertificates = takesCertificates ? true : nil
    }

    /// In the same order each time.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
