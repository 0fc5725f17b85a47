import LynxCedar
import Synchronization

/// The keys that we sign with: one signs, the next is published ahead of its first use, and those before stay published for as long as something that
/// they have signed may be shown to somebody.
public final class KeyRing: Sendable {
    public enum Algorithm: String, CaseIterable, Sendable {
        case es256 = "ES256"
        case edDSA = "EdDSA"
    }

    /// All in seconds.
    public struct Times: Hashable, Sendable {
        /// How long a key signs.
        public var rotation: Int64 = 24 * 3600
        /// How long verifiers may keep keys, and the longest lifetime of what is signed: a key is published that much before its first use and
        /// after its last.
        public var overlap: Int64 = 2 * 3600

        public init() {}
    }

    private let algorithm: Algorithm
    private let times: Times
    private let folder: KeyFolder?
    private let keys: Mutex<[SigningKey]>
    /// What became of the keys when they were read.
    public let opening: Change

    /// Which keys were published, and which are.
    public struct Change: Hashable, Sendable {
        public let before: [CedarString]
        public let after: [CedarString]
        /// When the latest key starts to sign, in seconds since 1970.
        public let starts: Int64?

        init(_ before: [SigningKey], _ after: [SigningKey]) {
            self.before = before.map(\.id)
            self.after = after.map(\.id)
            starts = after.last?.starts
        }

        /// The ids of new keys.
        public var made: [CedarString] { after.filter { !before.contains($0) } }
    }

    /// Reads the keys of a folder, or makes the first one. Without a folder they are gone with the program.
    public init(
        _ algorithm: Algorithm, times: Times = Times(), folder path: String? = nil, now: Int64 = WallClock.now()
    ) throws(KeyFault) {
        self.algorithm = algorithm
        self.times = times
        folder = try path.map { path throws(KeyFault) in try KeyFolder(path) }
        let kept = (try folder?.read() ?? []).sorted { $0.starts < $1.starts }
        let next = KeyRing.keys(after: kept, algorithm, times, now: now)
        opening = Change(kept, next)
        if opening.before != opening.after { try folder?.write(next) }
        keys = Mutex(next)
    }

    /// Makes the next key when it is time to publish it, and forgets those whose time is over. To be called at least as often as
    /// ``Times/overlap`` passes.
    ///
    /// - Returns: what changed; `nil` when nothing did.
    @discardableResult
    public func advance(to now: Int64 = WallClock.now()) throws(KeyFault) -> Change? {
        let (algorithm, times, folder) = (algorithm, times, folder)
        let result: Result<Change?, KeyFault> = keys.withLock { keys in
            let next = KeyRing.keys(after: keys, algorithm, times, now: now)
            let change = Change(keys, next)
            guard change.before != change.after else { return .success(nil) }
            do throws(KeyFault) {
                try folder?.write(next)
            } catch {
                return .failure(error)
            }
            keys = next
            return .success(change)
        }
        return try result.get()
    }

    private static func keys(after keys: [SigningKey], _ algorithm: Algorithm, _ times: Times, now: Int64) -> [SigningKey] {
        var next = keys
        if next.last.map({ now >= $0.starts + times.rotation - times.overlap }) ?? true {
            // The first key has nobody to wait for; a late one still waits until verifiers can know it.
            let starts = next.last.map { max($0.starts + times.rotation, now + times.overlap) } ?? now
            next.append(SigningKey.generate(algorithm, created: now, starts: starts))
        }
        // A key stops when the next one starts.
        while next.count > 1, next[1].starts + times.overlap < now { next.removeFirst() }
        return next
    }

    /// What verifiers are told.
    var published: KeySet { KeySet(keys.withLock { $0.map(\.verificationKey) }) }

    /// The JWK set to publish (RFC 7517, 5).
    public var json: JSONValue { ["keys": JSONValue(.array(keys.withLock { $0.map(\.json) }))] }

    /// The key that signs.
    func signingKey(at now: Int64) -> SigningKey? {
        keys.withLock { keys in keys.last { $0.starts <= now } ?? keys.first }
    }
}
