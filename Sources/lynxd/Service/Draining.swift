import ServiceLifecycle

/// Says that we are not ready any more when the end has come, before listeners close: whoever watches goes elsewhere.
struct Draining: Service {
    let state: DaemonState

    func run() async throws {
        try? await gracefulShutdown()
        state.drain()
    }
}
