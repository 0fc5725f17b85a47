import Logging
import LynxAudit
import LynxCedar
import LynxIdentity
import ServiceLifecycle

/// Makes the next signing key in time.
struct KeyRotation: Service {
    let ring: KeyRing
    let audit: AuditLog
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(10))
                do throws(KeyFault) {
                    // What cannot be written is counted, and told of by the first record that can.
                    if let change = try ring.advance() { try? await audit.record(KeyRotation.record(change)) }
                } catch {
                    logger.error("signing keys: \(error)")
                }
            }
        }
    }

    /// By the ids of keys, which are their thumbprints.
    static func record(_ change: KeyRing.Change) -> AuditRecord {
        func ids(_ keys: [CedarString]) -> String? { keys.isEmpty ? nil : keys.map(\.string).joined(separator: " ") }
        var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
        record.change = AuditRecord.Change(subject: "signing keys", before: ids(change.before), after: ids(change.after))
        if !change.made.isEmpty, let starts = change.starts { record.detail = "the last of them is new and signs from \(starts) on" }
        return record
    }
}
