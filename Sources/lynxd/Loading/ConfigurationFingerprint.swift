import Crypto
import LynxAudit
import Synchronization

/// What tells the files that we decide by from what they were before: the configuration itself, with registrations, destinations and limits; policies, entities and schema; the
/// public keys of issuers and clients, and the certificates of authorities. No secrets are among them, not even as hashes.
struct ConfigurationFingerprint: Hashable, Sendable {
    /// The SHA-256 of what was read, by the name of the file.
    private let files: [String: String]

    init(_ files: [String: String] = [:]) {
        self.files = files
    }

    /// With other files beside these.
    func adding(_ others: ConfigurationFingerprint) -> ConfigurationFingerprint {
        ConfigurationFingerprint(files.merging(others.files) { own, _ in own })
    }

    /// One hash over all names and hashes.
    var text: String {
        var hash = SHA256()
        // No name has a line break in it that could be taken for the next: hashes are of one length.
        for (name, content) in files.sorted(by: { $0.key < $1.key }) { hash.update(data: Array("\(content) \(name)\n".utf8)) }
        return hash.finalize().hexadecimal
    }

    /// The names of files that are others than in `earlier`, or in one of both only, sorted.
    func changes(since earlier: ConfigurationFingerprint) -> [String] {
        Set(files.keys).union(earlier.files.keys).filter { files[$0] != earlier.files[$0] }.sorted()
    }
}

/// Notes what is read, as it is read: nobody can change a file between the reading and the noting.
final class ReadFiles: Sendable {
    private let hashes = Mutex<[String: String]>([:])

    func note(_ bytes: [UInt8], of name: String) {
        hashes.withLock { $0[name] = SHA256.hash(data: bytes).hexadecimal }
    }

    var fingerprint: ConfigurationFingerprint { ConfigurationFingerprint(hashes.withLock { $0 }) }
}
