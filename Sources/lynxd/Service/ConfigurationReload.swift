import Foundation
import Logging
import LynxAudit
import LynxCedar
import LynxIdentity
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again when its files change or SIGHUP comes.
///
/// What can be read is put in force as a whole; what cannot leaves in force what was, and the log and the readiness page say so. Listeners, signing keys and what is
/// said of records stay as they were at the start; SIGHUP also begins a new file of records where the old one was moved away.
struct ConfigurationReload: Service {
    let path: String
    let state: DaemonState
    let keys: KeyCache
    let audit: AuditLog
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        try? await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in signals {
                        reopen()
                        await reload()
                    }
                }
                group.addTask { try await watch() }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private func watch() async throws {
        var last = stamps()
        while true {
            try await Task.sleep(for: .seconds(1))
            let now = stamps()
            guard now != last else { continue }
            last = now
            await reload()
        }
    }

    private struct Stamp: Equatable {
        let name: String
        let modified: Date?
        let size: UInt64?
    }

    /// When the files were last written.
    private func stamps() -> [Stamp] {
        let folder = ConfigurationFolder(of: path)
        var names = [path]
        if let bytes = try? ConfigurationFolder(of: path).bytes(String(path.split(separator: "/").last ?? "")),
            let source = try? SourceText(utf8: bytes), let configuration = try? Configuration(source)
        {
            names += LoadedConfiguration.files(configuration).map(folder.path)
        }
        return names.map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: name)
            return Stamp(
                name: name, modified: attributes?[.modificationDate] as? Date, size: (attributes?[.size] as? NSNumber)?.uint64Value)
        }
    }

    /// For those who move the file of records away themselves.
    private func reopen() {
        do throws(AuditFault) {
            if try audit.reopen() { logger.notice("records go to a new file") }
        } catch {
            logger.error("records go on in the file that was moved: \(error)")
        }
    }

    private func reload() async {
        let before = state.decisions.value.installation.policies.fingerprint
        do throws(ParseError) {
            let loaded = try LoadedConfiguration(path: path, keys: keys)
            var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
            record.change = AuditRecord.Change(
                subject: "configuration", before: before, after: loaded.decisionRules.installation.policies.fingerprint)
            do throws(AuditFault) {
                // A change that cannot be recorded is not made.
                try await audit.record(record)
            } catch {
                throw ParseError(Diagnostic("the change cannot be recorded: \(error)"))
            }
            state.install(loaded)
            state.reloadFault = nil
            logger.notice("the configuration was read again")
        } catch {
            state.reloadFault = error.description
            logger.error("the configuration stays as it was: \(error)")
            var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
            record.isAllowed = false
            record.reason = "reload-refused"
            record.change = AuditRecord.Change(subject: "configuration", before: before, after: nil)
            try? await audit.record(record)
        }
    }
}
