import LynxIdentity
import ServiceLifecycle

/// Keeps the keys of issuers fresh.
struct KeyRenewal: Service {
    let state: DaemonState

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(2))
                await withTaskGroup(of: Void.self) { group in
                    for issuer in state.issuers.value {
                        if case .remote(let keys) = issuer.keys { group.addTask { await keys.renewWhenDue() } }
                    }
                }
            }
        }
    }
}
