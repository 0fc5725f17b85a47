import LynxTelemetry
import ServiceLifecycle

/// Sends records on until the end, and what waits then.
struct ExportService: Service {
    let exporter: Exporter

    func run() async throws {
        await cancelWhenGracefulShutdown { await exporter.run() }
    }
}
