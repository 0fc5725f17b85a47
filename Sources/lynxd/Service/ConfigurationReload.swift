import Logging
import LynxAudit
import LynxCedar
import LynxIdentity
import LynxPolicy
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again when its files change or SIGHUP comes, once for all that comes meanwhile.
///
/// What can be read is put in force as a whole; what cannot leaves in force what was, and the log and the readiness page say so. Listeners, signing keys and what is
/// said of records stay as they were at the start; SIGHUP also begins a new file of records where the old one was moved away.
struct ConfigurationReload: Service {
    private let path: String
    private let state: DaemonState
    private let keys: KeyCache
    private let audit: AuditLog
    private let logger: Logger
    /// What only a restart changes, as it was at the start.
    private let lasting: [String: String]
    /// Of the files before they were read last.
    private let loaded: Current<ConfigurationStamps>

    /// - Parameters:
    ///   - lasting: what only a restart changes, as it was at the start.
    ///   - stamps: of its files before they were read.
    init(
        path: String, _ lasting: [String: String], _ stamps: ConfigurationStamps, state: DaemonState, keys: KeyCache, audit: AuditLog, logger: Logger
    ) {
        self.path = path
        self.state = state
        self.keys = keys
        self.audit = audit
        self.logger = logger
        self.lasting = lasting
        loaded = Current(stamps)
    }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        // One reload may wait while another is under way: it reads what is there then.
        let (occasions, occasion) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try? await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in signals {
                        reopen()
                        occasion.yield()
                    }
                }
                group.addTask { try await watch(occasion) }
                group.addTask { for await _ in occasions { await reload() } }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private func watch(_ occasion: AsyncStream<Void>.Continuation) async throws {
        var last = loaded.value
        while true {
            try await Task.sleep(for: .seconds(1))
            let now = ConfigurationStamps(path: path)
            // What is still being written changes until the next time.
            if now == last, now != loaded.value { occasion.yield() }
            last = now
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
        let before = state.fingerprint.value
        // Taken first: what changes while it is read is read again.
        loaded.replace(with: ConfigurationStamps(path: path))
        do throws(ParseError) {
            let next = try LoadedConfiguration(path: path, keys: keys)
            var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
            let after = state.fingerprint(with: next)
            record.change = AuditRecord.Change(subject: "configuration", before: before.text, after: after.text)
            record.change?.files = after.changes(since: before).map { CedarString($0) }
            let unchanged = Set(lasting.keys).union(next.configuration.lasting.keys).sorted().filter { lasting[$0] != next.configuration.lasting[$0] }
            if !unchanged.isEmpty { record.detail = "as at the start: \(unchanged.joined(separator: ", "))" }
            do throws(AuditFault) {
                // A change that cannot be recorded is not made.
                try await audit.record(record)
            } catch {
                throw ParseError(Diagnostic("the change cannot be recorded: \(error)"))
            }
            state.install(next)
            state.reloadFault = nil
            for name in unchanged { logger.warning("`\(name)` stays as it was at the start: a restart changes it") }
            logger.notice("the configuration was read again")
        } catch {
            state.reloadFault = error.description
            logger.error("the configuration stays as it was: \(error)")
            var record = AuditRecord(.change, id: RandomID.make(), time: WallClock.milliseconds())
            record.isAllowed = false
            record.reason = "reload-refused"
            record.change = AuditRecord.Change(subject: "configuration", before: before.text, after: nil)
            try? await audit.record(record)
        }
        await keys.release(except: state.issuers.value)
    }
}
