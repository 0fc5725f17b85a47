import LynxDecisionPoint
import LynxIdentity

/// An address that we listen at, and what is asked there.
struct ListenerConfiguration {
    let address: Address
    let service: Service
    let tls: TLS?
    let limits: LimitsConfiguration

    enum Address: Hashable, Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)

        /// `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`.
        init?(_ text: String) {
            if text.hasPrefix("unix:") {
                let path = String(text.dropFirst("unix:".count))
                guard !path.isEmpty, path.utf8.count < 104 else { return nil }
                self = .unix(path: path)
                return
            }
            guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
            var host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
            guard !host.isEmpty else { return nil }
            self = .tcp(host: String(host), port: Int(port))
        }
    }

    enum Service: Hashable, Sendable {
        case grpcDecisions
        case httpDecisions(HTTPGateway, Headers)
        case tokens
        case operation
    }

    /// Which headers of a call its gateway sends with the question, as the operator vouches.
    enum Headers: String, CaseIterable {
        case all
        case some
    }

    struct TLS: Hashable, Sendable {
        let certificate: String
        let key: String
        /// The authorities of clients, which must then show a certificate.
        let clients: String?
        /// Whether clients must show an X.509-SVID of a trust domain whose authorities are configured.
        let svids: Bool
        /// The SPIFFE ids of gateways that may ask. With SVIDs: those whose certificate is not the caller's.
        let gateways: [String]
    }

    static func all(_ file: ConfigurationSection) -> [ListenerConfiguration] {
        let limits = LimitsConfiguration(file)
        let listeners = file.sections("listen").compactMap { ListenerConfiguration($0, limits) }
        if listeners.isEmpty, file.faults.diagnostics.isEmpty {
            file.report("`listen` is missing: nobody could ask", at: "listen", help: "write `listen: [{grpc: \"127.0.0.1:9191\"}]`")
        }
        return listeners
    }

    private static let kinds = ["grpc", "http", "tokens", "operation"]

    private init?(_ section: ConfigurationSection, _ limits: LimitsConfiguration) {
        let present = ListenerConfiguration.kinds.filter { section.has($0) }
        guard present.count == 1, let kind = present.first else {
            section.faults.report("`\(section.name)` must have one of `grpc`, `http`, `tokens`, `operation`", at: section.mark)
            return nil
        }
        guard let address = Address(section.required(kind)) else {
            section.report("`\(section.name).\(kind)` is not an address", at: kind, help: "write `127.0.0.1:9191`, `[::1]:9191` or `unix:/run/lynxd.sock`")
            return nil
        }
        self.address = address
        self.limits = limits
        let service: Service =
            switch kind {
            case "grpc": .grpcDecisions
            case "http": ListenerConfiguration.httpDecisions(section)
            case "tokens": .tokens
            default: .operation
            }
        self.service = service
        tls = section.section("tls").map { TLS($0, service) }
        section.finish()
    }

    private static func httpDecisions(_ section: ConfigurationSection) -> Service {
        let gateway: HTTPGateway = section.choice("gateway", default: .original)
        return .httpDecisions(gateway, section.choice("headers", default: gateway.sendsHeaders ? .all : .some))
    }
}

extension ListenerConfiguration.TLS {
    fileprivate init(_ section: ConfigurationSection, _ service: ListenerConfiguration.Service) {
        certificate = section.required("certificate")
        key = section.required("key")
        clients = section.text("clients")
        svids = section.flag("svids", default: false)
        gateways = section.texts("gateways")
        for gateway in gateways where SPIFFEID(gateway) == nil { section.report("`\(gateway)` is not a SPIFFE id", at: "gateways") }
        if service == .grpcDecisions, clients != nil, gateways.isEmpty {
            section.faults.report(
                "`gateways` is missing: who may say whose a call is", at: section.mark, help: "write `gateways: \"spiffe://example.org/gateway\"`")
        }
        switch service {
        case .grpcDecisions, .operation:
            if svids { section.report("`\(section.name).svids` is for `http` and `tokens`", at: "svids", help: "write `clients: FILE`") }
        case .httpDecisions, .tokens:
            if svids, clients != nil { section.report("`\(section.name)` can have one of `clients` and `svids`", at: "svids") }
            if !svids, !gateways.isEmpty { section.report("`\(section.name).gateways` needs `svids: true` here", at: "gateways") }
        }
        section.finish()
    }
}
