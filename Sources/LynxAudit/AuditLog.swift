import Dispatch
import LynxCedar
import Synchronization

/// Writes records, many at a time, and answers when they are written.
///
/// A record that was acknowledged is in the file whatever happens to this process. Whether it is also on the disk is what ``Durability`` says.
public final class AuditLog: Sendable {
    public enum Durability: Hashable, Sendable {
        /// Every record is on the disk before it is acknowledged. Records that come together share the wait.
        case always
        /// Records are on the disk after so many milliseconds at most: a loss of power may cost those.
        case interval(Int)
    }

    private struct Pending {
        let members: [JSONValue.Member]
        let continuation: CheckedContinuation<Result<Void, AuditFault>, Never>
    }

    private struct Queue {
        var pending: [Pending] = []
        var isWriting = false
        var isSynchronizing = false
    }

    private let durability: Durability
    private let file: Mutex<AuditFile>
    private let state = Mutex(Queue())
    private let worker = DispatchQueue(label: "lynx.audit")
    /// How many records may wait: beyond that, there are more calls than the disk takes.
    private static let maximumPending = 10_000

    public init(path: String, durability: Durability) throws(AuditFault) {
        self.durability = durability
        file = Mutex(try AuditFile(path))
    }

    /// The last line that is written.
    public var chain: AuditChain { file.withLock { $0.chain } }

    /// Bytes of an unfinished line that were cut off when the file was opened.
    public var repaired: Int64 { file.withLock { $0.repaired } }

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

    private func enqueue(_ pending: Pending) {
        let (isFull, starts) = state.withLock { state in
            guard state.pending.count < AuditLog.maximumPending else { return (true, false) }
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

    private func write(_ records: [[JSONValue.Member]]) -> Result<Void, AuditFault> {
        let result: Result<Void, AuditFault> = file.withLock { file in
            do throws(AuditFault) {
                try file.append(records)
                if case .always = durability { try file.synchronize() }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        if case .interval(let milliseconds) = durability { synchronizeLater(milliseconds) }
        return result
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
        file.withLock { file in
            // Nobody waits for this one. A disk that fails shows at the next write.
            try? file.synchronize()
        }
    }
}
