import Foundation
import LynxCedar
import LynxIdentity
import Synchronization

/// What outlives a reload: our own keys, and the keys that were fetched.
final class KeyCache: Sendable {
    private struct Origin: Hashable {
        let location: RemoteKeySet.Location
        let use: String?
        let authorities: String?
        let tokenFile: String?
        let times: RemoteKeySet.Times
    }

    private struct State {
        var ring: (configuration: KeysConfiguration, ring: KeyRing)?
        var sets: [Origin: (keys: RemoteKeySet, fetcher: DocumentFetcher)] = [:]
    }

    private let state = Mutex(State())
    /// Whether nothing is to be written: a key is then made for the moment only.
    private let isRehearsal: Bool

    init(isRehearsal: Bool = false) {
        self.isRehearsal = isRehearsal
    }

    /// - Throws: when the folder of keys cannot be used.
    func ring(_ configuration: KeysConfiguration, _ folder: ConfigurationFolder) throws(KeyFault) -> KeyRing {
        if let kept = state.withLock({ $0.ring }), kept.configuration == configuration { return kept.ring }
        let ring = try KeyRing(configuration.algorithm, times: configuration.times, folder: isRehearsal ? nil : configuration.folder.map(folder.path))
        state.withLock { $0.ring = (configuration, ring) }
        return ring
    }

    func keys(
        _ location: RemoteKeySet.Location, use: String?, authorities: String?, tokenFile: String?, staleLimit: Int64
    ) -> RemoteKeySet {
        var times = RemoteKeySet.Times()
        times.staleLimit = staleLimit
        let origin = Origin(location: location, use: use, authorities: authorities, tokenFile: tokenFile, times: times)
        return state.withLock { state in
            if let kept = state.sets[origin] { return kept.keys }
            let token = tokenFile.map { path in { @Sendable in KeyCache.token(path) } }
            let fetcher = DocumentFetcher(authorities: authorities, token: token)
            let keys = RemoteKeySet(location, use: use, fetcher: fetcher, times: times)
            state.sets[origin] = (keys, fetcher)
            return keys
        }
    }

    /// Read each time: Kubernetes renews it.
    private static func token(_ path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return String(text.filter { !$0.isWhitespace })
    }

    func close() async {
        let fetchers = state.withLock { $0.sets.values.map(\.fetcher) }
        for fetcher in fetchers { await fetcher.close() }
    }
}
