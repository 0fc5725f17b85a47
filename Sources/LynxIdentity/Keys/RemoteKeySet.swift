import LynxCedar
import Synchronization

/// The keys of one configured issuer, fetched and kept.
///
/// Whoever validates a token reads a snapshot and waits for nobody while it is fresh. It is renewed in the background; at most one fetch is under
/// way at a time. Keys that have not been renewed for long are not used any more.
public final class RemoteKeySet: Sendable {
    /// Where keys are to be had.
    public enum Location: Hashable, Sendable {
        case keys(url: String)
        /// The document that the issuer publishes about itself (OpenID Connect Discovery, 4).
        case discovery(issuer: CedarString)
        /// A SPIFFE trust bundle, which has the authorities of certificates too (SPIFFE Federation, 5.2.1: the endpoint is known by its certificate of the web).
        case bundle(url: String)
    }

    /// All in seconds.
    public struct Times: Hashable, Sendable {
        /// The bounds of what `max-age` may ask for.
        public var age: ClosedRange<Int64> = 60...3600
        /// The bounds of what `spiffe_refresh_hint` may ask for, and what is taken where it is not there (SPIFFE Federation, 4.1).
        public var refresh: ClosedRange<Int64> = 5...3600
        public var usualRefresh: Int64 = 300
        /// When keys were last confirmed this long ago, they are not used any more.
        public var staleLimit: Int64 = 24 * 3600
        /// Between fetches because of a key id that is not known.
        public var unknownKeyInterval: Int64 = 30
        /// After a fetch that failed.
        public var retryInterval: Int64 = 5

        public init() {}

        /// How long what was fetched is not asked for again: there is time left to ask again before it is too old to be used.
        ///
        /// - Parameter age: what the issuer asks for; `nil` where it does not say.
        func lifetime(asking age: Int64?, at location: Location) -> Int64 {
            let (range, usual) = if case .bundle = location { (refresh, usualRefresh) } else { (self.age, self.age.upperBound) }
            return min(max(age ?? usual, range.lowerBound), range.upperBound, staleLimit / 2)
        }
    }

    private let location: Location
    private let use: String?
    private let fetcher: DocumentFetcher
    private let times: Times
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        var published: PublishedKeys?
        var confirmed: Int64 = 0
        var expires: Int64 = 0
        var lastFailure: Int64?
        var lastFault: KeyFault?
        var lastUnknownFetch: Int64?
        var fetch: Task<Void, Never>?

        /// - Throws: for a bundle that is older than what is there: its server has not heard of what was withdrawn since.
        mutating func install(_ next: PublishedKeys) throws(KeyFault) {
            var next = next
            if let before = published {
                if let known = before.sequence, let sequence = next.sequence, sequence < known {
                    throw KeyFault("the trust bundle is older than the one that is known: it has `spiffe_sequence` \(sequence), not \(known)")
                }
                next.version = before.version + (before.fingerprint == next.fingerprint ? 0 : 1)
            }
            published = next
        }
    }

    public init(
        _ location: Location, use: String? = nil, fetcher: DocumentFetcher, times: Times = Times(),
        now: @escaping @Sendable () -> Int64 = WallClock.now
    ) {
        self.location = location
        self.use = use
        self.fetcher = fetcher
        self.times = times
        self.now = now
    }

    /// Whether there are keys that may be used.
    public var isReady: Bool {
        let now = now()
        return state.withLock { $0.published != nil && now - $0.confirmed <= times.staleLimit }
    }

    /// Why the last fetch failed; `nil` when it did not.
    public var lastFault: KeyFault? { state.withLock { $0.lastFault } }

    /// Fetches keys ahead of the first token.
    public func prepare() async {
        await fetch()
    }

    /// Fetches keys that are missing or have expired, unless that has just failed. To be called every few seconds: who is not ready for want of keys may not be asked, and
    /// nobody would fetch them.
    public func renewWhenDue() async {
        let now = now()
        let isDue = state.withLock { $0.published == nil || now >= $0.expires }
        if isDue, mayRetry { await fetch() }
    }

    /// What tells the document that is used from others, for records; `nil` when there is none.
    public var fingerprint: String? { state.withLock { $0.published?.fingerprint } }

    /// The authorities of a trust domain.
    func authorities() async throws(TokenRefusal) -> TrustBundles.Authorities {
        let published = try await usable()
        guard let store = published.authorities else { throw TokenRefusal(.keysUnavailable) }
        return TrustBundles.Authorities(store: store, version: published.version)
    }

    func key(for header: TokenHeader) async throws(TokenRefusal) -> VerificationKey {
        let keys = try await usable().keys
        guard let id = header.keyID, !keys.contains(id) else { return try keys.key(for: header) }
        // A fetch that was under way may have begun before the key was there: one more may be begun for it.
        for _ in 0..<2 {
            switch search(for: id) {
            case .found(let renewed): return try renewed.key(for: header)
            case .fetch(let fetch): await fetch.value
            case .unknown: throw TokenRefusal(.keyUnknown)
            }
        }
        if case .found(let renewed) = search(for: id) { return try renewed.key(for: header) }
        throw TokenRefusal(.keyUnknown)
    }

    /// - Throws: when there are none, or they are too old.
    private func usable() async throws(TokenRefusal) -> PublishedKeys {
        let now = now()
        let (published, confirmed, expires) = state.withLock { ($0.published, $0.confirmed, $0.expires) }
        if let published, now - confirmed <= times.staleLimit {
            if now >= expires, mayRetry, !isFetching { Task { await self.fetch() } }
            return published
        }
        if mayRetry { await fetch() }
        let renewed = state.withLock { ($0.published, $0.confirmed) }
        guard let published = renewed.0 else { throw TokenRefusal(.keysUnavailable) }
        guard now - renewed.1 <= times.staleLimit else { throw TokenRefusal(.keysStale) }
        return published
    }

    private var mayRetry: Bool {
        let now = now()
        return state.withLock { $0.lastFailure.map { now - $0 >= times.retryInterval } ?? true }
    }

    private var isFetching: Bool { state.withLock { $0.fetch != nil } }

    private enum Search {
        case found(KeySet)
        case fetch(Task<Void, Never>)
        case unknown
    }

    /// What to do for a key that was not there: all under one lock, or who asks while another is about to fetch would be told that the key is unknown.
    private func search(for id: CedarString) -> Search {
        let now = now()
        return state.withLock { state in
            if let keys = state.published?.keys, keys.contains(id) { return .found(keys) }
            if let fetch = state.fetch { return .fetch(fetch) }
            if let last = state.lastUnknownFetch, now - last < times.unknownKeyInterval { return .unknown }
            state.lastUnknownFetch = now
            return .fetch(begin(&state))
        }
    }

    /// Joins the fetch that is under way, or starts one.
    private func fetch() async {
        let fetch = state.withLock { state in state.fetch ?? begin(&state) }
        await fetch.value
    }

    private func begin(_ state: inout State) -> Task<Void, Never> {
        let fetch = Task { await self.renew() }
        state.fetch = fetch
        return fetch
    }

    private func renew() async {
        let result: Result<PublishedKeys, KeyFault>
        do throws(KeyFault) {
            let document = try await fetcher.fetch(try await address())
            result = .success(try PublishedKeys(document.bytes, maximumAge: document.maximumAge, from: location, use: use))
        } catch {
            result = .failure(error)
        }
        let now = now()
        state.withLock { state in
            state.fetch = nil
            do throws(KeyFault) {
                try state.install(result.get())
                state.confirmed = now
                state.expires = now + times.lifetime(asking: state.published?.maximumAge, at: location)
                state.lastFailure = nil
                state.lastFault = nil
            } catch {
                state.lastFailure = now
                state.lastFault = error
            }
        }
    }

    private func address() async throws(KeyFault) -> String {
        switch location {
        case .keys(let url), .bundle(let url):
            return url
        case .discovery(let issuer):
            var base = issuer.string[...]
            while base.hasSuffix("/") { base = base.dropLast() }
            let document = try await fetcher.fetch(base + "/.well-known/openid-configuration")
            guard let json = try? JSONValue(parsing: SourceText(utf8: document.bytes)), let claims = try? Claims(json) else {
                throw KeyFault("the discovery document of `\(issuer)` is not a JSON object")
            }
            // OpenID Connect Discovery, 4.3: must be identical.
            guard case .string(issuer)? = claims["issuer"]?.kind else {
                throw KeyFault("the discovery document of `\(issuer)` is that of another issuer")
            }
            guard let url = claims.text("jwks_uri") else { throw KeyFault("the discovery document of `\(issuer)` has no `jwks_uri`") }
            return url
        }
    }
}
