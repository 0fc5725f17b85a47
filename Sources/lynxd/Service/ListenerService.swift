import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import LynxDecisionPoint
import LynxIdentity
import LynxTelemetry
import LynxTokenExchange
import NIOSSL
import ServiceLifecycle

/// One address that we listen at.
struct ListenerService: Service {
    private let body: @Sendable () async throws -> Void

    init(
        _ listener: ListenerConfiguration, point: DecisionPoint, exchange: TokenExchange, ring: KeyRing, metrics: DecisionMetrics, exporters: [Exporter],
        state: DaemonState, folder: ConfigurationFolder, _ logger: Logger
    ) throws {
        switch listener.service {
        case .grpcDecisions:
            let server = try ListenerService.grpc(listener, point, state, folder)
            body = {
                try await withGracefulShutdownHandler {
                    try await server.serve()
                } onGracefulShutdown: {
                    server.beginGracefulShutdown()
                }
            }
        case .httpDecisions(let gateway, let headers):
            let gateways = Set((listener.tls?.gateways ?? []).compactMap { SPIFFEID($0) })
            body = try ListenerService.http(
                HTTPDecisionResponder(
                    point, gateway: gateway, hasAllHeaders: headers == .all, gateways: gateways, peer: ListenerService.peer(listener, state)),
                listener, state, folder, logger)
        case .tokens:
            let takesCertificates = listener.tls?.svids == true
            body = try ListenerService.http(
                TokenEndpoint<PeerContext>(
                    exchange, ring: ring, takesCertificates: takesCertificates, peer: ListenerService.peer(listener, state), source: \.address),
                listener, state, folder, logger)
        case .operation:
            body = try ListenerService.http(OperationResponder(metrics: metrics, exporters: exporters, state: state), listener, state, folder, logger)
        }
    }

    func run() async throws {
        try await withTaskExecutorPreference(EventLoopExecutor.shared) { try await body() }
    }

    // MARK: HTTP

    private static func http<Responder: HTTPResponder>(
        _ responder: Responder, _ listener: ListenerConfiguration, _ state: DaemonState, _ folder: ConfigurationFolder, _ logger: Logger
    ) throws -> @Sendable () async throws -> Void where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let address: BindAddress =
            switch listener.address {
            case .tcp(let host, let port): .hostname(host, port: port)
            case .unix(let path): .unixDomainSocket(path: folder.path(path))
            }
        let limits = listener.limits
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [RequestDeadline(idle: .seconds(limits.idle), call: .seconds(limits.call))],
                idleTimeout: .seconds(limits.idle)))
        let server: HTTPServerBuilder = try listener.tls.map { try .tls(plain, configuration: tls($0, state, folder)) } ?? plain
        let application = Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: address, availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            logger: logger)
        return { try await application.run() }
    }

    private static func tls(_ tls: ListenerConfiguration.TLS, _ state: DaemonState, _ folder: ConfigurationFolder) throws -> TLSChannelConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(folder.path(tls.certificate)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: folder.path(tls.key), format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        if let clients = tls.clients {
            configuration.trustRoots = .file(folder.path(clients))
            configuration.certificateVerification = .noHostnameVerification
        }
        guard tls.svids else { return TLSChannelConfiguration(tlsConfiguration: configuration) }
        configuration.certificateVerification = .noHostnameVerification
        return TLSChannelConfiguration(tlsConfiguration: configuration) { certificates in
            // By the bundles as they are now: authorities change more often than listeners.
            try await state.peers.verify(try certificates.map { try $0.toDERBytes() })
            return .certificateVerified
        }
    }

    /// What tells the certificate of a client.
    private static func peer(
        _ listener: ListenerConfiguration, _ state: DaemonState
    ) -> @Sendable (PeerContext) async throws(TokenRefusal) -> PeerCertificate? {
        guard listener.tls?.svids == true else { return { _ in nil } }
        return { (context: PeerContext) async throws(TokenRefusal) in
            // Where a certificate must be shown there is one.
            guard let der = await context.certificate() else { throw TokenRefusal(.certificate, "none") }
            return try await state.peers.peer(der)
        }
    }

    // MARK: gRPC

    private static func grpc(
        _ listener: ListenerConfiguration, _ point: DecisionPoint, _ state: DaemonState, _ folder: ConfigurationFolder
    ) throws -> GRPCServer<HTTP2ServerTransport.Posix> {
        let address: GRPCNIOTransportCore.SocketAddress =
            switch listener.address {
            case .tcp(let host, let port): host.contains(":") ? .ipv6(host: host, port: port) : .ipv4(host: host, port: port)
            case .unix(let path): .unixDomainSocket(path: folder.path(path))
            }
        let transport = HTTP2ServerTransport.Posix(
            address: address, transportSecurity: listener.tls.map { security($0, folder) } ?? .plaintext,
            config: .defaults { limit(&$0, by: listener.limits) })
        var services: [any RegistrableRPCService] = [
            AuthorizationService(point, trust: trust(listener), maximumSize: Int(listener.limits.message)),
            ExtMCPService(point, trust: trust(listener), maximumSize: Int(listener.limits.message)),
            HealthService(services: [AuthorizationService.name, ExtMCPService.name]) { state.health },
        ]
        if let reflection = ReflectionService() { services.append(reflection) }
        return GRPCServer(transport: transport, services: services)
    }

    /// How often a client is asked whether it is still there, in seconds.
    private static let pulse = 60

    private static func limit(_ configuration: inout HTTP2ServerTransport.Posix.Config, by limits: LimitsConfiguration) {
        // A question that is not much too large is read, in order to be denied in words; the transport answers to none that is larger.
        configuration.rpc.maxRequestPayloadSize = 2 * Int(limits.message)
        configuration.http2.maxConcurrentStreams = limits.streams
        configuration.connection.maxIdleTime = .seconds(limits.idle)
        configuration.connection.maxGraceTime = .seconds(ConnectionLimit.farewell)
        configuration.connection.keepalive.time = .seconds(pulse)
        let limit = ConnectionLimit(limits)
        configuration.channelDebuggingCallbacks.onAcceptTCPConnection = { limit.admit($0) }
        configuration.channelDebuggingCallbacks.onAcceptHTTP2Stream = { limit.begin($0) }
    }

    private static func security(
        _ tls: ListenerConfiguration.TLS, _ folder: ConfigurationFolder
    ) -> HTTP2ServerTransport.Posix.TransportSecurity {
        let chain: [TLSConfig.CertificateSource] = [.file(path: folder.path(tls.certificate), format: .pem)]
        let key: TLSConfig.PrivateKeySource = .file(path: folder.path(tls.key), format: .pem)
        guard let clients = tls.clients else { return .tls(certificateChain: chain, privateKey: key) }
        return .mTLS(certificateChain: chain, privateKey: key) {
            $0.trustRoots = .certificates([.file(path: folder.path(clients), format: .pem)])
        }
    }

    private static func trust(_ listener: ListenerConfiguration) -> GatewayTrust {
        if case .unix = listener.address { return .everybody }
        guard let tls = listener.tls, tls.clients != nil else { return .none }
        return .certificates(Set(tls.gateways.compactMap { SPIFFEID($0) }))
    }
}
