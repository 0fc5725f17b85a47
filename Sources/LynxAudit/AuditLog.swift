import Dispatch
import Foundation
import LynxCedar
import Synchronization

/// Writes records, many at a time, and answers when they are written.
///
/// A record that was acknowledged is in the file whatever happens to this process. Whether it is also on the disk is what ``Durability`` says. How many records
/// could not be written, and why, is a record of its own, the first that can be written again.
public final class AuditLog: Sendable {
    public enum Durability: Hashable, Sendable {
        /// Every record is on the disk before it is acknowledged. Records that come together share the wait.
        case always
        /// Records are on the disk after so many milliseconds at most: a loss of power may cost those.
        case interval(Int)
    }

    /// What becomes of a decision that cannot be recorded.
    public enum Unrecorded: String, CaseIterable, Hashable, Sendable {
        case deny
        case allow
    }

    private struct Pending {
        let members: [JSONValue.Member]
        let continuation: CheckedContinuation<Result<Void, AuditFault>, Never>
    }

    private struct Queue {
        var pending: [Pending] = []
        var isWriting = false
        var isSynchronizing = false
        var isRetrying = false
        /// Why the last records are not in the file; `nil` when they are.
        var fault: AuditFault?
        /// How many records were not written since the last that was.
        var lost: Int64 = 0
        var lossReason = ""
    }

    private let durability: Durability
    private let unrecorded: Unrecorded
    private let file: Mutex<AuditFile>
    private let state = Mutex(Queue())
    private let worker = DispatchQueue(label: "lynx.audit")
    /// How many records may wait: beyond that, there are more calls than the disk takes.
    private static let maximumPending = 10_000
    /// How long after a fault it is tried again, in milliseconds, though nobody may ask any more.
    private static let retryInterval = 500

    public init(path: String, durability: Durability, unrecorded: Unrecorded = .deny) throws(AuditFault) {
        self.durability = durability
        self.unrecorded = unrecorded
        file = Mutex(try AuditFile(path))
    }

    /// The last line that is written.
    public var chain: AuditChain { file.withLock { $0.chain } }

    /// Bytes of an unfinished line that were cut off when the file was opened.
    public var repaired: Int64 { file.withLock { $0.repaired } }

    /// Why records cannot be written now; `nil` when they can.
    public var fault: AuditFault? { state.withLock { $0.fault } }

    /// Whether decisions can be made: they are recorded, or go on without.
    public var isReady: Bool { unrecorded == .allow || fault == nil }

    /// Writes a record.
    ///
    /// - Throws: when it is not in the file. Whatever it tells of must not happen then.
    public func record(_ record: AuditRecord) async throws(AuditFault) {
        let members = record.members
        let result = await withCheckedContinuation { continuation in
            enqueue(Pending(members: members, continuation: continuation))
        }
        try result.get()
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
            guard unrecorded == .allow else { throw error }
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
        while true {
            let batch = state.withLock { state in
                let batch = state.pending
                state.pending = []
                if batch.isEmpty { state.isWriting = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            let result = write(batch.map(\.members))
            for pending in batch { pending.continuation.resume(returning: result) }
        }
    }

    // MARK: On the worker

    private func write(_ records: [[JSONValue.Member]]) -> Result<Void, AuditFault> {
        let (lost, reason) = state.withLock { ($0.lost, $0.lossReason) }
        let loss = lost > 0 ? [AuditLog.loss(lost, reason).members] : []
        let result: Result<Void, AuditFault> = file.withLock { file in
            do throws(AuditFault) {
                try file.append(loss + records)
                // The retry finds out whether the disk takes anything again.
                if durability == .always || records.isEmpty { try file.synchronize() }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success:
            state.withLock { state in
                state.lost -= lost
                state.fault = nil
            }
            if case .interval(let milliseconds) = durability { synchronizeLater(milliseconds) }
        case .failure(let fault): fail(fault, losing: records.count)
        }
        return result
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
        worker.asyncAfter(deadline: .now() + .milliseconds(AuditLog.retryInterval)) {
            let isFaulty = self.state.withLock { state in
                state.isRetrying = false
                return state.fault != nil
            }
            if isFaulty { _ = self.write([]) }
        }
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

    /// Puts on the disk what is written.
    public func synchronize() {
        let fault: AuditFault? = file.withLock { file in
            do throws(AuditFault) {
                try file.synchronize()
                return nil
            } catch {
                return error
            }
        }
        // Nobody waits for this one, and what the disk has lost was acknowledged: no more is, until it takes records again.
        if let fault { fail(fault, losing: 0) }
    }
}
