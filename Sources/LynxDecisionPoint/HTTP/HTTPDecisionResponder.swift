import HTTPTypes
import Hummingbird
import LynxIdentity

/// Answers proxies that ask over HTTP: 200 with what to send on, or 401, 403 or 503.
public struct HTTPDecisionResponder<Context: RequestContext>: HTTPResponder {
    private let point: DecisionPoint
    private let gateway: HTTPGateway
    private let hasAllHeaders: Bool
    private let gateways: Set<SPIFFEID>
    private let peer: @Sendable (Context) async throws(TokenRefusal) -> PeerCertificate?

    /// - Parameters:
    ///   - hasAllHeaders: whether the proxy sends all headers of a call with the question. Without that, only plain HTTP can be decided.
    ///   - gateways: who may ask about the calls of others. Whoever else shows a certificate asks about its own.
    ///   - peer: the certificate that the channel was opened with; `nil` where none is asked for.
    public init(
        _ point: DecisionPoint, gateway: HTTPGateway, hasAllHeaders: Bool, gateways: Set<SPIFFEID> = [],
        peer: @escaping @Sendable (Context) async throws(TokenRefusal) -> PeerCertificate?
    ) {
        self.point = point
        self.gateway = gateway
        self.hasAllHeaders = hasAllHeaders
        self.gateways = gateways
        self.peer = peer
    }

    public func respond(to request: Hummingbird.Request, context: Context) async throws -> Hummingbird.Response {
        var call = await call(in: request)
        call.hasAllHeaders = hasAllHeaders
        do throws(TokenRefusal) {
            if let peer = try await peer(context), !gateways.contains(peer.id) {
                call.certificateID = peer.id.description
                call.certificateThumbprint = peer.thumbprint
            }
        } catch {
            call.certificateFault = error
        }
        let verdict = await point.decide(call)
        var fields = HTTPFields()
        fields[.lynxDecision] = verdict.decisionID
        fields[.cacheControl] = "no-store"
        switch verdict.outcome {
        case .allow(let passage):
            if let credential = passage.credential {
                fields[.authorization] = "Bearer \(credential)"
            } else {
                // Envoy sends the caller's own on unless it is told not to.
                fields[.envoyRemovals] = "authorization"
            }
            fields[.traceparent] = passage.traceparent
            return Hummingbird.Response(status: .ok, headers: fields)
        case .deny(let denial):
            fields[.contentType] = "application/json"
            if let challenge = denial.challenge { fields[.wwwAuthenticate] = challenge }
            return Hummingbird.Response(
                status: HTTPResponse.Status(code: denial.status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: denial.body)))
        }
    }

    /// The call that is asked about. Where a header that should tell it is missing or there twice, it may be the caller's own: the call is then one without headers, which
    /// is denied.
    private func call(in request: Hummingbird.Request) async -> IncomingCall {
        let headers = HeaderList(request.headers.lazy.map { ($0.name.canonicalName, $0.value) })
        guard let names = gateway.headers else {
            var call = IncomingCall(
                entrance: "http", method: request.method.rawValue, host: request.head.authority ?? "", path: request.head.path ?? "",
                headers: headers, body: await body(of: request))
            call.source = HTTPDecisionResponder.source("x-forwarded-for", headers)
            return call
        }
        guard let method = headers.only(names.method), let path = headers.only(names.path), let host = headers.only(names.host) else {
            return IncomingCall(entrance: "http", method: "", host: "", path: "", headers: HeaderList(), body: .absent)
        }
        var call = IncomingCall(entrance: "http", method: method, host: host, path: path, headers: headers, body: .absent)
        call.source = HTTPDecisionResponder.source(names.source, headers)
        return call
    }

    /// The last address: what the gateway itself has seen. What stands before it may be of the caller's making.
    private static func source(_ name: String, _ headers: HeaderList) -> String? {
        headers.all(name).last?.split(separator: ",", omittingEmptySubsequences: false).last.map { String($0.filter { $0 != " " && $0 != "\t" }) }
    }

    private func body(of request: Hummingbird.Request) async -> IncomingCall.Body {
        do {
            let buffer = try await request.body.collect(upTo: CallBody.maximumSize)
            return buffer.readableBytes == 0 ? .absent : .whole(Array(buffer.readableBytesView))
        } catch {
            return .truncated
        }
    }
}

extension HTTPField.Name {
    static var lynxDecision: HTTPField.Name { HTTPField.Name("X-Lynx-Decision") ?? .server }
    static var envoyRemovals: HTTPField.Name { HTTPField.Name("x-envoy-auth-headers-to-remove") ?? .server }
    static var traceparent: HTTPField.Name { HTTPField.Name("traceparent") ?? .server }
}
