import Foundation
import LynxCedar
import LynxIdentity
import Synchronization

/// What outlives a reload: our own keys, the keys that were fetched, and what API servers have said of tokens.
final class KeyCache: Sendable {
    /// Certificates that servers are checked by. Where a file has others than before, its servers are asked anew.
    struct Authorities: Hashable {
        let path: String
        let contents: [UInt8]
    }

    private struct Origin: Hashable {
        let location: RemoteKeySet.Location
        let use: String?
        let authorities: Authorities?
        let tokenFile: String?
        let times: RemoteKeySet.Times
    }

    private struct Reviewer: Hashable {
        let server: String
        let authorities: Authorities?
        let tokenFile: String?
        let lifetime: Int64
    }

    private struct State {
        var ring: (configuration: KeysConfiguration, ring: KeyRing)?
        var sets: [Origin: (keys: RemoteKeySet, fetcher: DocumentFetcher)] = [:]
        var reviews: [Reviewer: (review: TokenReview, fetcher: DocumentFetcher)] = [:]
        /// Of what nobody asks any more.
        var retired: [DocumentFetcher] = []
    }

    private let state = Mutex(State())
    /// Whether nothing is to be written: a key is then made for the moment only.
    private let isRehearsal: Bool

    init(isRehearsal: Bool = false) {
        self.isRehearsal = isRehearsal
    }

    /// - Throws: when the folder of keys cannot be used, or it is to be another than at the start.
    func ring(_ configuration: KeysConfiguration, _ folder: ConfigurationFolder) throws(KeyFault) -> KeyRing {
        if let kept = state.withLock({ $0.ring }) {
            // A second ring would sign by keys that nobody rotates or publishes.
            guard kept.configuration == configuration else { throw KeyFault("`keys` can be changed by a restart only") }
            return kept.ring
        }
        let ring = try KeyRing(configuration.algorithm, times: configuration.times, folder: isRehearsal ? nil : configuration.folder.map(folder.path))
        state.withLock { $0.ring = (configuration, ring) }
        return ring
    }

    func keys(
        _ location: RemoteKeySet.Location, use: String?, authorities: Authorities?, tokenFile: String?, staleLimit: Int64
    ) -> RemoteKeySet {
        var times = RemoteKeySet.Times()
        times.staleLimit = staleLimit
        let origin = Origin(location: location, use: use, authorities: authorities, tokenFile: tokenFile, times: times)
        return state.withLock { state in
            if let kept = state.sets[origin] { return kept.keys }
            let fetcher = KeyCache.fetcher(authorities, tokenFile, for: location.url)
            let keys = RemoteKeySet(location, use: use, fetcher: fetcher, times: times)
            state.sets[origin] = (keys, fetcher)
            return keys
        }
    }

    func review(server: String, authorities: Authorities?, tokenFile: String?, lifetime: Int64) -> TokenReview {
        let reviewer = Reviewer(server: server, authorities: authorities, tokenFile: tokenFile, lifetime: lifetime)
        return state.withLock { state in
            if let kept = state.reviews[reviewer] { return kept.review }
            let fetcher = KeyCache.fetcher(authorities, tokenFile, for: server)
            let review = TokenReview(server: server, fetcher: fetcher, lifetime: lifetime)
            state.reviews[reviewer] = (review, fetcher)
            return review
        }
    }

    private static func fetcher(_ authorities: Authorities?, _ tokenFile: String?, for url: String) -> DocumentFetcher {
        let token = tokenFile.map { path in DocumentFetcher.Token(for: url) { KeyCache.token(path) } }
        return DocumentFetcher(authorities: authorities?.path, token: token)
    }

    /// Read each time: Kubernetes renews it.
    private static func token(_ path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return String(text.filter { !$0.isWhitespace })
    }

    /// Lets go of what none of the issuers in force is asked by. It is closed the next time: calls that have begun may need it still.
    func release(except issuers: [Issuer]) async {
        let keys = Set(issuers.compactMap { issuer in if case .remote(let keys) = issuer.keys { ObjectIdentifier(keys) } else { nil } })
        let reviews = Set(issuers.compactMap { $0.review.map { ObjectIdentifier($0) } })
        let fetchers = state.withLock { state in
            let closing = state.retired
            state.retired = state.sets.values.filter { !keys.contains(ObjectIdentifier($0.keys)) }.map(\.fetcher)
                + state.reviews.values.filter { !reviews.contains(ObjectIdentifier($0.review)) }.map(\.fetcher)
            state.sets = state.sets.filter { keys.contains(ObjectIdentifier($0.value.keys)) }
            state.reviews = state.reviews.filter { reviews.contains(ObjectIdentifier($0.value.review)) }
            return closing
        }
        for fetcher in fetchers { await fetcher.close() }
    }

    func close() async {
        let fetchers = state.withLock { $0.sets.values.map(\.fetcher) + $0.reviews.values.map(\.fetcher) + $0.retired }
        for fetcher in fetchers { await fetcher.close() }
    }
}

extension RemoteKeySet.Location {
    /// What the configuration names.
    fileprivate var url: String {
        switch self {
        case .keys(let url), .bundle(let url): url
        case .discovery(let issuer): issuer.string
        }
    }
}
