import Hummingbird
import NIOCore
import NIOSSL

/// The context of a request that knows the channel it came by, and so who is at its other end.
struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The address at the other end, without its port; `nil` for a unix socket.
    var address: String? { channel.remoteAddress?.ipAddress }

    /// The certificate, in DER, that the client has shown in the handshake; `nil` when it has shown none.
    func certificate() async -> [UInt8]? {
        guard let certificate = try? await channel.nioSSL_peerCertificate().get() else { return nil }
        return try? certificate.toDERBytes()
    }
}
