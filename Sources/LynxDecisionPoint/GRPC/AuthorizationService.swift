import GRPCCore
import GRPCNIOTransportHTTP2Posix
import LynxIdentity
import X509

/// `envoy.service.auth.v3.Authorization`: what Envoy and agentgateway ask.
public struct AuthorizationService: RegistrableRPCService {
    /// Who may say what the caller's certificate is.
    public enum Trust: Sendable {
        /// Nobody: the channel is open to whoever reaches it.
        case none
        /// Whoever reaches the channel: a unix socket.
        case everybody
        /// Those with a certificate of these SPIFFE ids; any that TLS has verified, when empty.
        case certificates(Set<SPIFFEID>)
    }

    private let point: DecisionPoint
    private let trust: Trust

    public init(_ point: DecisionPoint, trust: Trust) {
        self.point = point
        self.trust = trust
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerUnary("envoy.service.auth.v3.Authorization", "Check") { bytes, context in
            let isTrusted = try trusts(context)
            do throws(WireReader.Fault) {
                let request = try CheckRequest(bytes)
                return CheckResponse(await point.decide(request.call(isTrusted: isTrusted))).bytes
            } catch {
                throw RPCError(code: .invalidArgument, message: "the request cannot be read")
            }
        }
    }

    /// - Throws: when who asks must show a certificate and shows that of somebody else: it is not answered at all.
    private func trusts(_ context: ServerContext) throws(RPCError) -> Bool {
        switch trust {
        case .none: return false
        case .everybody: return true
        case .certificates(let ids):
            let transport = context.transportSpecific as? HTTP2ServerTransport.Posix.Context
            guard let certificate = transport?.peerCertificate else { throw RPCError(code: .unauthenticated, message: "show a certificate") }
            guard !ids.isEmpty else { return true }
            let domains = Set(ids.map(\.trustDomain))
            guard let id = try? X509SVID.id(of: certificate, trustDomains: domains), ids.contains(id) else {
                throw RPCError(code: .permissionDenied, message: "another gateway")
            }
            return true
        }
    }
}
