import Logging
import LynxAudit
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
                    for id in try ring.advance() {
                        var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
                        record.change = AuditRecord.Change(subject: "signing key", before: nil, after: id.string)
                        try? await audit.record(record)
                    }
                } catch {
                    logger.error("signing keys: \(error)")
                }
            }
        }
    }
}
