import Dispatch
import Foundation
import LynxCedar
import Synchronization

/// Writes records, many at a time, and answers when they are written.
///
/// A record that was acknowledged is in the file whatever happens to this process. Whether it is also on the disk is what ``Durability`` says. How many records
/// could not be written, and why, is a record of its own, the first that can be written again.
public final class AuditLog: Sendable {
    private struct Entry {
        let record: AuditRecord
        let json: [UInt8]
    }

    private struct Pending {
        let entry: Entry
        let continuation: CheckedContinuation<Result<Void, AuditFault>, Never>
    }

    private struct Queue {
        var pending: [Pending] = []
        var isWriting = false
        var isSynchronizing = false
        var isRetrying = false
        /// Why the last records are not in the file, or not on the disk; `nil` when they are.
        var fault: AuditFault?
        /// How often the disk has refused what was acknowledged, since it took something last. Only the disk's own word ends that: the system's memory takes records all
        /// the same.
        var diskFaults = 0
        var diskReason = ""
        /// How many records were not written since the last that was.
        var lost: Int64 = 0
        var lossReason = ""
    }

    private let settings: AuditSettings
    private let sinks: [any AuditSink]
    private let file: Mutex<AuditFile>
    private let state = Mutex(Queue())
    private let worker = DispatchQueue(label: "lynx.audit")
    /// How many records may wait: beyond that, there are more calls than the disk takes.
    private static let maximumPending = 10_000
    /// How long after a fault it is tried again, in milliseconds, though nobody may ask any more.
    private static let retryInterval = 500

    /// - Parameter sinks: get each record after it was written.
    public init(path: String, _ settings: AuditSettings, sinks: [any AuditSink] = []) throws(AuditFault) {
        self.settings = settings
        self.sinks = sinks
        recordedHeaders = settings.mask.headers.filter { $0.value != .remove }.keys.sorted()
        var file = try AuditFile(path, rotation: settings.rotation)
        try AuditLog.tell(of: file.tears, in: &file, sinks)
        self.file = Mutex(file)
    }

    /// Before anything else is written: what tells which tears are told of is that a record is behind them.
    private static func tell(of tears: [AuditTear], in file: inout AuditFile, _ sinks: [any AuditSink]) throws(AuditFault) {
        guard !tears.isEmpty else { return }
        let records = tears.map { tear in
            var record = AuditRecord(.torn, id: UUID().uuidString.lowercased(), time: Int64(Date().timeIntervalSince1970 * 1000))
            record.reason = "record-not-finished"
            record.tear = tear
            return record
        }
        let first = file.chain.sequence + 1
        let lines = try file.append(records.map(\.json))
        try file.synchronize()
        let written = AuditLog.written(records, lines, first: first)
        for sink in sinks { sink.take(written) }
    }

    private static func written(_ records: [AuditRecord], _ lines: [[UInt8]], first: Int64) -> [WrittenRecord] {
        zip(records, lines).enumerated().map { index, pair in
            WrittenRecord(record: pair.0, sequence: first + Int64(index), line: String(decoding: pair.1.dropLast(), as: UTF8.self))
        }
    }

    /// The names of headers that records of calls are to have, in lower case.
    public let recordedHeaders: [String]

    /// The last line that is written.
    public var chain: AuditChain { file.withLock { $0.chain } }

    /// What was found unfinished when the file was opened.
    public var tears: [AuditTear] { file.withLock { $0.tears } }

    /// Why records cannot be written now; `nil` when they can.
    public var fault: AuditFault? { state.withLock { $0.fault } }

    /// Why the file is larger than it should be; `nil` when it is not.
    public var rotationFault: AuditFault? { file.withLock { $0.rotationFault } }

    /// Whether decisions can be made: they are recorded, or go on without.
    public var isReady: Bool { settings.unrecorded == .allow || fault == nil }

    /// Writes a record.
    ///
    /// - Throws: when it is not in the file. Whatever it tells of must not happen then.
    public func record(_ record: AuditRecord) async throws(AuditFault) {
        let masked = settings.mask.applied(to: record)
        let entry = Entry(record: masked, json: masked.json)
        if case .interval = settings.durability, let result = writeAtOnce(entry) { return try result.get() }
        let result = await withCheckedContinuation { continuation in
            enqueue(Pending(entry: entry, continuation: continuation))
        }
        try result.get()
    }

    /// Writing into the system's memory takes microseconds, less than to have another thread do it. Records that come meanwhile are that thread's.
    ///
    /// - Returns: `nil` where others are being written.
    private func writeAtOnce(_ entry: Entry) -> Result<Void, AuditFault>? {
        let isFree = state.withLock { state in
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isFree else { return nil }
        let result = write([entry])
        if hasMore() { worker.async { self.drain() } }
        return result
    }

    /// Writes the record of a decision.
    ///
    /// - Returns: whether it is in the file.
    /// - Throws: when it is not, and the decision must not be given for that reason.
    public func recordDecision(_ record: AuditRecord) async throws(AuditFault) -> Bool {
        do throws(AuditFault) {
            try await self.record(record)
            return true
        } catch {
            guard settings.unrecorded == .allow else { throw error }
            return false
        }
    }

    private func enqueue(_ pending: Pending) {
        let (isFull, starts) = state.withLock { state in
            guard state.pending.count < AuditLog.maximumPending else {
                state.lost += 1
                state.lossReason = "too many records were waiting to be written"
                return (true, false)
            }
            state.pending.append(pending)
            defer { state.isWriting = true }
            return (false, !state.isWriting)
        }
        if isFull { pending.continuation.resume(returning: .failure(AuditFault("too many records are waiting to be written"))) }
        if starts { worker.async { self.drain() } }
    }

    private func drain() {
        repeat {
            let batch = state.withLock { state in
                defer { state.pending = [] }
                return state.pending
            }
            if !batch.isEmpty {
                let result = write(batch.map(\.entry))
                for pending in batch { pending.continuation.resume(returning: result) }
            }
        } while hasMore()
    }

    /// Whether more has come while records were written. Otherwise the next one begins anew.
    private func hasMore() -> Bool {
        state.withLock { state in
            state.isWriting = !state.pending.isEmpty
            return state.isWriting
        }
    }

    // MARK: Writing

    private func write(_ batch: [Entry]) -> Result<Void, AuditFault> {
        let result: Result<[WrittenRecord], AuditFault> = file.withLock { file in
            do throws(AuditFault) {
                return .success(try write(batch, to: &file))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let written):
            if case .interval(let milliseconds) = settings.durability { synchronizeLater(milliseconds) }
            for sink in sinks { sink.take(written) }
            return .success(())
        case .failure(let fault):
            fail(fault, losing: batch.count)
            return .failure(fault)
        }
    }

    /// - Returns: what the sinks are to get, where there are any.
    private func write(_ batch: [Entry], to file: inout AuditFile) throws(AuditFault) -> [WrittenRecord] {
        let (lost, reason, diskFaults, diskReason) = state.withLock { ($0.lost, $0.lossReason, $0.diskFaults, $0.diskReason) }
        if diskFaults > 0 { try file.synchronize() }
        var loss = lost > 0 ? [AuditLog.loss(lost, reason)] : []
        if diskFaults > 0 { loss.append(AuditLog.diskLoss(diskReason)) }
        let first = file.chain.sequence + 1
        let lines = try file.append(loss.map(\.json) + batch.map(\.json))
        // The retry finds out whether the disk takes anything again.
        if settings.durability == .always || batch.isEmpty { try file.synchronize() }
        state.withLock { state in
            state.lost -= lost
            state.diskFaults -= diskFaults
            if state.diskFaults == 0 { state.fault = nil }
        }
        return sinks.isEmpty ? [] : AuditLog.written(loss + batch.map(\.record), lines, first: first)
    }

    /// How many are missing nobody knows before the file is read again.
    private static func diskLoss(_ reason: String) -> AuditRecord {
        var record = loss(0, reason)
        record.reason = "records-not-on-disk"
        return record
    }

    private static func loss(_ count: Int64, _ reason: String) -> AuditRecord {
        var record = AuditRecord(.loss, id: UUID().uuidString.lowercased(), time: Int64(Date().timeIntervalSince1970 * 1000))
        record.reason = "records-not-written"
        record.detail = reason
        record.lost = count
        return record
    }

    /// Notes a fault, and tries again some time later: whoever is told that we are not ready asks no more, and nothing would be written.
    private func fail(_ fault: AuditFault, losing count: Int) {
        let starts = state.withLock { state in
            state.fault = fault
            state.lost += Int64(count)
            state.lossReason = fault.description
            defer { state.isRetrying = true }
            return !state.isRetrying
        }
        guard starts else { return }
        // A log that nobody has any more tries nothing, and lets go of its file.
        worker.asyncAfter(deadline: .now() + .milliseconds(AuditLog.retryInterval)) { [weak self] in
            guard let self else { return }
            let isFaulty = self.state.withLock { state in
                state.isRetrying = false
                return state.fault != nil
            }
            if isFaulty { _ = self.write([]) }
        }
    }

    /// Goes on in a new file where the one that is written was moved or removed.
    ///
    /// - Returns: whether it was.
    public func reopen() throws(AuditFault) -> Bool {
        let result: Result<Bool, AuditFault> = file.withLock { file in
            do throws(AuditFault) {
                return .success(try file.reopen())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func synchronizeLater(_ milliseconds: Int) {
        let starts = state.withLock { state in
            defer { state.isSynchronizing = true }
            return !state.isSynchronizing
        }
        guard starts else { return }
        worker.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            self.state.withLock { $0.isSynchronizing = false }
            self.synchronize()
        }
    }

    /// Puts on the disk what is written. Records can be written meanwhile.
    public func synchronize() {
        let copy = file.withLock { $0.duplicate() }
        defer { if copy >= 0 { close(copy) } }
        // Nobody waits for this one, and what the disk has lost was acknowledged: no more is, until it takes records again.
        guard copy < 0 || fsync(copy) != 0 else { return }
        let fault = AuditFault("cannot write records to the disk: \(SystemFault.last)")
        state.withLock { state in
            state.diskFaults += 1
            state.diskReason = fault.description
        }
        fail(fault, losing: 0)
    }
}
