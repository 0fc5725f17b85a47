import Hummingbird
import Logging
import LynxAudit
import LynxCedar
import LynxDecisionPoint
import LynxIdentity
import LynxPolicy
import LynxTelemetry
import LynxTokenExchange
import ServiceLifecycle

/// Everything that runs, put together from a configuration.
struct Daemon: Sendable {
    private let path: String
    private let listeners: [ListenerConfiguration]
    private let lasting: [String: String]
    /// Of the configuration's files before they were read.
    private let stamps: ConfigurationStamps
    private let folder: ConfigurationFolder
    private let keys: KeyCache
    private let ring: KeyRing
    private let audit: AuditLog
    private let exporters: [Exporter]
    private let metrics: DecisionMetrics
    private let state: DaemonState
    private let logger: Logger

    /// Reads the configuration, fetches the keys of issuers once, and opens the audit file.
    init(path: String) async throws(ParseError) {
        let keys = KeyCache()
        stamps = ConfigurationStamps(path: path)
        let loaded: LoadedConfiguration
        do throws(ParseError) {
            loaded = try LoadedConfiguration(path: path, keys: keys)
        } catch {
            await keys.close()
            throw error
        }
        var logger = Logger(label: "lynxd") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        let exporters = loaded.receivers.map { [logger] receiver in
            Exporter(receiver.name, receiver.format, limits: .init(capacity: receiver.queue)) { logger.warning("\($0)") }
        }
        do throws(AuditFault) {
            audit = try AuditLog(path: loaded.folder.path(loaded.configuration.audit.file), loaded.audit, sinks: exporters)
        } catch {
            await keys.close()
            throw ParseError(Diagnostic(error.description))
        }
        self.path = path
        self.keys = keys
        listeners = loaded.configuration.listeners
        lasting = loaded.configuration.lasting
        folder = loaded.folder
        ring = loaded.ring
        metrics = DecisionMetrics()
        state = DaemonState(loaded, audit: audit)
        self.exporters = exporters
        self.logger = logger
    }

    /// - Parameter others: what else is to run, such as the parts of the demo.
    func run(with others: (DecisionPoint, Logger) -> [any Service] = { _, _ in [] }) async throws {
        for issuer in state.issuers.value {
            guard case .remote(let keys) = issuer.keys else { continue }
            await keys.prepare()
            if let fault = keys.lastFault { logger.warning("keys of `\(issuer.name)`: \(fault)") }
        }
        try await recordStart()
        let point = DecisionPoint(state.decisions, audit: audit, metrics: metrics)
        let metrics = metrics
        let exchange = TokenExchange(state.exchanges, audit: audit) { metrics.count($0, elapsed: $1) }
        var services: [any Service] = [
            KeyRenewal(state: state, audit: audit),
            KeyRotation(ring: ring, audit: audit, logger: logger),
            ConfigurationReload(path: path, lasting, stamps, state: state, keys: keys, audit: audit, logger: logger),
        ]
        // Before those who ask, so that it ends after them.
        services += exporters.map { ExportService(exporter: $0) }
        for listener in listeners {
            services.append(
                try ListenerService(
                    listener, point: point, exchange: exchange, ring: ring, metrics: metrics, exporters: exporters, state: state, folder: folder,
                    logger))
        }
        services += others(point, logger)
        // The last is asked first to end.
        services.append(Draining(state: state))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        audit.synchronize()
        await keys.close()
    }

    private func recordStart() async throws(AuditFault) {
        var record = AuditRecord(.start, id: RandomID.make(), time: WallClock.milliseconds())
        record.change = AuditRecord.Change(subject: "configuration", before: nil, after: state.fingerprint.value.text)
        try await audit.record(record)
        // The first key, and those that were made late, are made before there is a file of records.
        try await audit.record(KeyRotation.record(ring.opening))
    }
}
