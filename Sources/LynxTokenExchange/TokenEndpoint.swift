import HTTPTypes
import Hummingbird
import LynxIdentity

/// Serves `/token`, the metadata of RFC 8414 and the keys.
public struct TokenEndpoint<Context: RequestContext>: HTTPResponder {
    private let exchange: TokenExchange
    private let ring: KeyRing
    private let takesCertificates: Bool
    private let peer: @Sendable (Context) async throws(TokenRefusal) -> PeerCertificate?
    private let source: @Sendable (Context) -> String?

    /// The largest form, in bytes: three tokens and some.
    private static var maximumSize: Int { 64 * 1024 }

    /// - Parameters:
    ///   - takesCertificates: whether clients here may show who they are by a certificate.
    ///   - peer: the certificate that the channel was opened with; `nil` where none is asked for.
    ///   - source: the address at the other end of the channel; `nil` where it has none.
    public init(
        _ exchange: TokenExchange, ring: KeyRing, takesCertificates: Bool = false,
        peer: @escaping @Sendable (Context) async throws(TokenRefusal) -> PeerCertificate?, source: @escaping @Sendable (Context) -> String?
    ) {
        self.exchange = exchange
        self.ring = ring
        self.takesCertificates = takesCertificates
        self.peer = peer
        self.source = source
    }

    public func respond(to request: Hummingbird.Request, context: Context) async throws -> Hummingbird.Response {
        let issuer = exchange.rules.value.issuer
        let base = TokenEndpoint.path(of: issuer)
        switch (request.method, request.uri.path) {
        case (.post, base + "/token"):
            return await token(request, context)
        case (.get, "/.well-known/oauth-authorization-server" + base):
            return TokenEndpoint.json(.ok, try AuthorizationServerMetadata(issuer: issuer, takesCertificates: takesCertificates).json(), cache: "max-age=300")
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
        let trace = TraceContext(traceparent: request.headers[values: .traceparent])
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        let answer = await exchange.answer(
            TokenExchange.Question(
                authorization: request.headers[values: .authorization], certificate: certificate,
                isForm: type == "application/x-www-form-urlencoded", body: Array(body.readableBytesView), source: source(context), trace: trace))
        var response = TokenEndpoint.json(HTTPResponse.Status(code: answer.status), answer.json.description, cache: "no-store")
        response.headers[.traceparent] = trace.outgoing
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
}

extension HTTPField.Name {
    fileprivate static var traceparent: HTTPField.Name { HTTPField.Name("traceparent") ?? .server }
}
