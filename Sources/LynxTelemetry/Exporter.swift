import AsyncHTTPClient
import LynxAudit
import NIOCore
import Synchronization

/// Sends records on to a receiver, some time after they are in the file.
///
/// Nothing waits for it. While the receiver is away or slow, records wait here, so many at most; those that come then are left out and counted. The file has them all,
/// and their numbers show what a receiver has not got.
public final class Exporter: AuditSink {
    public struct Limits: Sendable {
        /// How many records may wait.
        public var capacity: Int
        /// How many are sent at once.
        public var batch: Int
        /// How long is waited for more of them.
        public var delay: Duration
        /// How long a receiver may take.
        public var timeout: Duration
        /// How long after a failure it is tried again: doubled each time, from the first to the second.
        public var backoff: (first: Duration, longest: Duration)

        public init(
            capacity: Int = 10_000, batch: Int = 500, delay: Duration = .milliseconds(250), timeout: Duration = .seconds(10),
            backoff: (first: Duration, longest: Duration) = (.milliseconds(250), .seconds(30))
        ) {
            self.capacity = capacity
            self.batch = batch
            self.delay = delay
            self.timeout = timeout
            self.backoff = backoff
        }
    }

    /// What became of records.
    public struct Tally: Hashable, Sendable {
        public var sent = 0
        /// Left out because too many waited.
        public var overflowed = 0
        /// Refused by the receiver for good.
        public var refused = 0
        /// Attempts that failed.
        public var failures = 0
        public var waiting = 0
    }

    private struct State {
        var waiting: [WrittenRecord] = []
        var tally = Tally()
    }

    public let name: String
    private let format: any ExportFormat
    private let limits: Limits
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// - Parameter report: is told when the receiver fails and when it takes records again.
    public init(_ name: String, _ format: any ExportFormat, limits: Limits = Limits(), report: @escaping @Sendable (String) -> Void) {
        self.name = name
        self.format = format
        self.limits = limits
        self.report = report
    }

    public var tally: Tally {
        state.withLock { state in
            var tally = state.tally
            tally.waiting = state.waiting.count
            return tally
        }
    }

    public func take(_ records: [WrittenRecord]) {
        state.withLock { state in
            let room = max(0, limits.capacity - state.waiting.count)
            state.waiting += records.prefix(room)
            state.tally.overflowed += max(0, records.count - room)
        }
        arrival.yield()
    }

    // MARK: Sending

    /// Sends until the task is cancelled, and then once more what is left.
    public func run() async {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(2)))
        configuration.httpVersion = .http1Only
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        for await _ in arrivals {
            while !Task.isCancelled, hasWaiting {
                if !hasBatch { try? await Task.sleep(for: limits.delay) }
                await send(takeBatch(), by: client)
            }
        }
        // In a task of its own: this one is cancelled, and its requests would be too.
        await Task { await finish(by: client) }.value
        try? await client.shutdown()
    }

    private func finish(by client: HTTPClient) async {
        while hasWaiting {
            let batch = takeBatch()
            guard let post = format.post(batch) else { continue }
            guard case .taken = await attempt(post, by: client) else {
                state.withLock { $0.tally.failures += 1 }
                return
            }
            count(batch, .taken)
        }
    }

    private var hasWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }
    private var hasBatch: Bool { state.withLock { $0.waiting.count >= limits.batch } }

    private func takeBatch() -> [WrittenRecord] {
        state.withLock { state in
            let batch = Array(state.waiting.prefix(limits.batch))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    /// Tries until the receiver has taken or refused it, or the task is cancelled: the records then wait again.
    private func send(_ batch: [WrittenRecord], by client: HTTPClient) async {
        guard let post = format.post(batch) else { return }
        var pause = limits.backoff.first
        var hasFailed = false
        while true {
            let outcome = await attempt(post, by: client)
            guard case .failed(let reason) = outcome else {
                count(batch, outcome)
                if case .refused(let reason) = outcome { report("\(name) refuses \(batch.count) records: \(reason)") }
                if hasFailed { report("\(name) answers again") }
                return
            }
            state.withLock { $0.tally.failures += 1 }
            if !hasFailed, !Task.isCancelled { report("\(name) does not take records: \(reason)") }
            hasFailed = true
            do {
                try await Task.sleep(for: pause * Double.random(in: 0.75...1.25))
            } catch {
                state.withLock { $0.waiting.insert(contentsOf: batch, at: 0) }
                return
            }
            pause = min(pause * 2, limits.backoff.longest)
        }
    }

    private func count(_ batch: [WrittenRecord], _ outcome: Outcome) {
        state.withLock { state in
            if case .taken = outcome { state.tally.sent += batch.count } else { state.tally.refused += batch.count }
        }
    }

    private enum Outcome {
        case taken
        case refused(String)
        case failed(String)
    }

    private func attempt(_ post: ExportPost, by client: HTTPClient) async -> Outcome {
        var request = HTTPClientRequest(url: post.url)
        request.method = .POST
        for (name, value) in post.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: post.body))
        do {
            let response = try await client.execute(request, timeout: .nanoseconds(Int64(limits.timeout / .nanoseconds(1))))
            let answer = try await response.body.collect(upTo: 64 << 10)
            switch response.status.code {
            case 200...299: return .taken
            // Those say that it may go well another time.
            case 408, 425, 429, 500...599: return .failed("status \(response.status.code)")
            default: return .refused("status \(response.status.code): \(String(String(buffer: answer).prefix(200)))")
            }
        } catch {
            return .failed("\(error)")
        }
    }
}
