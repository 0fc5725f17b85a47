import LynxAudit
import LynxIdentity
import ServiceLifecycle

/// Keeps the keys of issuers fresh, and records when they are others.
struct KeyRenewal: Service {
    let state: DaemonState
    let audit: AuditLog

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var known: [String: String] = [:]
            while true {
                known = await recordChanges(since: known)
                try await Task.sleep(for: .seconds(2))
                await renew()
            }
        }
    }

    private func renew() async {
        await withTaskGroup(of: Void.self) { group in
            for issuer in state.issuers.value {
                if case .remote(let keys) = issuer.keys { group.addTask { await keys.renewWhenDue() } }
            }
        }
    }

    /// Keys that come from elsewhere are decided by as much as those in files.
    private func recordChanges(since known: [String: String]) async -> [String: String] {
        var found: [String: String] = [:]
        for issuer in state.issuers.value {
            guard case .remote(let keys) = issuer.keys, let fingerprint = keys.fingerprint else { continue }
            found[issuer.name] = fingerprint
            guard fingerprint != known[issuer.name] else { continue }
            var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
            record.change = AuditRecord.Change(subject: "keys of \(issuer.name)", before: known[issuer.name], after: fingerprint)
            // What cannot be written is counted, and told of by the first record that can.
            try? await audit.record(record)
        }
        return found
    }
}
