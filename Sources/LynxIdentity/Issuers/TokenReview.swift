import Crypto
import LynxCedar
import Synchronization

/// Asks a Kubernetes API server whether a token still counts (`authentication.k8s.io/v1`, TokenReview).
///
/// A signature says nothing of a pod or an account that is gone. What cannot be asked is refused; an answer is kept for a few seconds, and a token is asked about once at a time.
public final class TokenReview: Sendable {
    private let url: String
    private let fetcher: DocumentFetcher
    private let lifetime: Int64
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    private typealias Outcome = Result<Int64, TokenRefusal>

    private struct Key: Hashable {
        let token: SHA256.Digest
        let audiences: [CedarString]
    }

    private enum Found {
        /// Until when the answer may be used.
        case answered(Int64)
        case asked(Task<Outcome, Never>)
    }

    private struct State {
        /// A success says until when it may be used.
        var answers = ExpiringCache<Key, Outcome>(capacity: TokenReview.maximumAnswers)
        var pending: [Key: Task<Outcome, Never>] = [:]
    }

    /// How many answers are kept, and how many questions are open at once: more are refused.
    private static let maximumAnswers = 10_000
    private static let maximumPending = 64
    /// How long a refusal and a server that does not answer are remembered at most, in seconds.
    private static let refusalLifetime: Int64 = 5
    private static let faultLifetime: Int64 = 1

    /// - Parameters:
    ///   - server: the URL of the API server, without path.
    ///   - fetcher: with the authorities of the server and the token that it asks for.
    ///   - lifetime: how long an answer is kept, in seconds; 0 to ask each time.
    public init(server: String, fetcher: DocumentFetcher, lifetime: Int64, now: @escaping @Sendable () -> Int64 = WallClock.now) {
        var base = server[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        url = base + "/apis/authentication.k8s.io/v1/tokenreviews"
        self.fetcher = fetcher
        self.lifetime = lifetime
        self.now = now
    }

    /// - Parameters:
    ///   - token: whose signature has been checked.
    ///   - audiences: for one of which the token must count.
    /// - Returns: until when the answer may be used, in seconds since 1970.
    /// - Throws: when the token does not count any more, or the server cannot be asked.
    func confirm(_ token: CompactToken, of subject: CedarString, audiences: [CedarString]) async throws(TokenRefusal) -> Int64 {
        let text = token.text
        let key = Key(token: SHA256.hash(data: Array(text.utf8)), audiences: audiences)
        let now = now()
        let found: Found = try state.withLock { state throws(TokenRefusal) in
            if let answer = state.answers.value(of: key, now: now) { return .answered(try answer.get()) }
            if let pending = state.pending[key] { return .asked(pending) }
            guard state.pending.count < TokenReview.maximumPending else { throw TokenRefusal(.reviewUnavailable, "too many at once") }
            let task = Task { await self.ask(text, subject, key) }
            state.pending[key] = task
            return .asked(task)
        }
        switch found {
        case .answered(let until): return until
        case .asked(let task): return try await task.value.get()
        }
    }

    private func ask(_ text: String, _ subject: CedarString, _ key: Key) async -> Outcome {
        var outcome: Outcome
        do throws(TokenRefusal) {
            try await review(text, subject, key.audiences)
            outcome = .success(0)
        } catch {
            outcome = .failure(error)
        }
        let now = now()
        let until =
            switch outcome {
            case .success: now + lifetime
            case .failure(let refusal):
                now + min(lifetime, refusal.reason == .reviewRefused ? TokenReview.refusalLifetime : TokenReview.faultLifetime)
            }
        if case .success = outcome { outcome = .success(until) }
        let final = outcome
        state.withLock { state in
            state.pending[key] = nil
            // Where there is no room the next one asks again.
            state.answers.take(final, for: key, until: until, now: now)
        }
        return final
    }

    private func review(_ text: String, _ subject: CedarString, _ audiences: [CedarString]) async throws(TokenRefusal) {
        let question: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
            "spec": [
                "token": JSONValue(.string(CedarString(text))), "audiences": JSONValue(.array(audiences.map { JSONValue(.string($0)) })),
            ],
        ]
        let bytes: [UInt8]
        do throws(KeyFault) {
            bytes = try await fetcher.post(question, to: url)
        } catch {
            throw TokenRefusal(.reviewUnavailable, error.description)
        }
        let status: Claims
        do {
            let answer = try Claims(JSONValue(parsing: SourceText(utf8: bytes), maximumNesting: 32))
            guard try answer.string("kind") == "TokenReview", let found = try answer.object("status") else { throw TokenRefusal(.reviewUnavailable) }
            status = found
        } catch {
            throw TokenRefusal(.reviewUnavailable, "an answer that is none")
        }
        guard case .bool(true)? = status["authenticated"]?.kind else { throw TokenRefusal(.reviewRefused) }
        guard let user = try? status.object("user"), (try? user.string("username")) == subject else {
            throw TokenRefusal(.reviewRefused, "another account")
        }
        // A server that does not look at audiences says nothing of them.
        guard let confirmed = try? status.strings("audiences"), confirmed.contains(where: audiences.contains) else {
            throw TokenRefusal(.reviewRefused, "not for this audience")
        }
    }
}
