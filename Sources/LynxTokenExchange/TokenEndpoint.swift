import HTTPTypes
import Hummingbird
import LynxIdentity

/// Serves `/token`, the metadata of RFC 8414 and the keys.
public struct TokenEndpoint<Context: RequestContext>: HTTPResponder {
    private let exchange: TokenExchange
    private let ring: KeyRing
    private let takesCertificates: Bool
    private let peer: @Sendable (Context) async throws(TokenRefusal) -> PeerCertificate?

    /// The largest form, in bytes: three tokens and some.
    private static var maximumSize: Int { 64 * 1024 }

    /// - Parameters:
    ///   - takesCertificates: whether clients here may show who they are by a certificate.
    ///   - peer: the certificate that the channel was opened with; `nil` where none is asked for.
    public init(
        _ exchange: TokenExchange, ring: KeyRing, takesCertificates: Bool = false,
        peer: @escaping @Sendable (Context) async throws(TokenRefusal) -> PeerCertificate?
    ) {
        self.exchange = exchange
        self.ring = ring
        self.takesCertificates = takesCertificates
        self.peer = peer
    }

    public func respond(to request: Hummingbird.Request, context: Context) async throws -> Hummingbird.Response {
        let issuer = exchange.rules.value.issuer
        let base = TokenEndpoint.path(of: issuer)
        switch (request.method, request.uri.path) {
        case (.post, base + "/token"):
            return await token(request, context)
        case (.get, "/.well-known/oauth-authorization-server" + base):
            return TokenEndpoint.json(.ok, metadata(issuer), cache: "max-age=300")
        case (.get, base + "/jwks"):
            return TokenEndpoint.json(.ok, ring.json.description, cache: "max-age=300")
        case (_, base + "/token"):
            return Hummingbird.Response(status: .methodNotAllowed)
        default:
            return Hummingbird.Response(status: .notFound)
        }
    }

    private func token(_ request: Hummingbird.Request, _ context: Context) async -> Hummingbird.Response {
        guard let body = try? await request.body.collect(upTo: TokenEndpoint.maximumSize) else {
            return Hummingbird.Response(status: .contentTooLarge)
        }
        let certificate: Result<PeerCertificate?, TokenRefusal>
        do throws(TokenRefusal) {
            certificate = .success(try await peer(context))
        } catch {
            certificate = .failure(error)
        }
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        let answer = await exchange.answer(
            TokenExchange.Question(
                authorization: request.headers[values: .authorization], certificate: certificate,
                isForm: type == "application/x-www-form-urlencoded", body: Array(body.readableBytesView), source: nil,
                traceID: nil))
        var response = TokenEndpoint.json(HTTPResponse.Status(code: answer.status), answer.json.description, cache: "no-store")
        // RFC 6749, 5.2.
        if answer.status == 401 { response.headers[.wwwAuthenticate] = "Basic realm=\"token\"" }
        return response
    }

    private static func json(_ status: HTTPResponse.Status, _ text: String, cache: String) -> Hummingbird.Response {
        Hummingbird.Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: cache],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// The path of a URL, without a slash at the end.
    private static func path(of url: String) -> String {
        guard let scheme = url.range(of: "://") else { return "" }
        var path = url[scheme.upperBound...].drop { $0 != "/" }
        while path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    /// RFC 8414, 2; RFC 8705, 3.3.
    private func metadata(_ issuer: String) -> String {
        let (method, binding) = takesCertificates ? (",\"tls_client_auth\"", "\"tls_client_certificate_bound_access_tokens\":true,") : ("", "")
        return """
            {"issuer":"\(issuer)","token_endpoint":"\(issuer)/token","jwks_uri":"\(issuer)/jwks","response_types_supported":[],\
            "grant_types_supported":["urn:ietf:params:oauth:grant-type:token-exchange"],\
            "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","spiffe_jwt"\(method)],\(binding)\
            "token_endpoint_auth_signing_alg_values_supported":["RS256","RS384","RS512","PS256","PS384","PS512","ES256","ES384","ES512","EdDSA"]}
            """
    }
}
