import HTTPTypes
import Hummingbird
import LynxDecisionPoint
import LynxTelemetry

/// For those who run us: whether we are alive, whether we are ready, and figures.
struct OperationResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let metrics: DecisionMetrics
    let exporters: [Exporter]
    let state: DaemonState

    func respond(to request: Hummingbird.Request, context: BasicRequestContext) async throws -> Hummingbird.Response {
        switch (request.method, request.uri.path) {
        case (.get, "/healthz"):
            return OperationResponder.text(.ok, "alive\n")
        case (.get, "/readyz"):
            let isReady = state.health == .ready
            let lines = (isReady ? ["ready"] : []) + state.complaints
            return OperationResponder.text(isReady ? .ok : .serviceUnavailable, lines.joined(separator: "\n") + "\n")
        case (.get, "/metrics"):
            return OperationResponder.text(.ok, metrics.text + ExportMetrics.text(exporters))
        default:
            return Hummingbird.Response(status: .notFound)
        }
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Hummingbird.Response {
        Hummingbird.Response(
            status: status, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
