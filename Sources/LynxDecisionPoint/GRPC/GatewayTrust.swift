import GRPCCore
import GRPCNIOTransportHTTP2Posix
import LynxIdentity
import X509

/// Who may say what the caller's certificate is.
public enum GatewayTrust: Sendable {
    /// Nobody: the channel is open to whoever reaches it.
    case none
    /// Whoever reaches the channel: a unix socket.
    case everybody
    /// Those with a certificate of these SPIFFE ids, and nobody else that TLS has verified.
    case certificates(Set<SPIFFEID>)

    /// Whether who asks is believed.
    ///
    /// - Throws: when who asks must show a certificate and shows that of somebody else: it is not answered at all.
    func isGiven(to context: ServerContext) throws(RPCError) -> Bool {
        switch self {
        case .none: return false
        case .everybody: return true
        case .certificates(let ids):
            let transport = context.transportSpecific as? HTTP2ServerTransport.Posix.Context
            guard let certificate = transport?.peerCertificate else { throw RPCError(code: .unauthenticated, message: "show a certificate") }
            let domains = Set(ids.map(\.trustDomain))
            guard let id = try? X509SVID.id(of: certificate, trustDomains: domains), ids.contains(id) else {
                throw RPCError(code: .permissionDenied, message: "another gateway")
            }
            return true
        }
    }
}
