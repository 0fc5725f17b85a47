import Crypto
import CryptoExtras
import Foundation
import LynxCedar

/// A folder that keeps signing keys: a file for each, named by when it was made and when it starts, readable for its owner only.
struct KeyFolder: Sendable {
    private let path: String

    /// Makes the folder where there is none.
    init(_ path: String) throws(KeyFault) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw KeyFault("the folder of keys `\(path)` cannot be made: \(error.localizedDescription)")
        }
    }

    /// - Throws: when a file with a key's name is no key: a ring that forgets a key would refuse what it has signed itself.
    func read() throws(KeyFault) -> [SigningKey] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw KeyFault("the folder of keys `\(path)` cannot be read: \(error.localizedDescription)")
        }
        var keys: [SigningKey] = []
        for name in names where name.hasSuffix(".pem") {
            let times = name.dropLast(".pem".count).split(separator: "-").compactMap { Int64($0) }
            guard times.count == 2, let text = try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8),
                let material = SigningKey.Material(pem: text)
            else { throw KeyFault("`\(path)/\(name)` is not a signing key") }
            keys.append(SigningKey(material, created: times[0], starts: times[1]))
        }
        return keys
    }

    /// Writes the keys that are not there yet, then removes the files of those that are gone.
    func write(_ keys: [SigningKey]) throws(KeyFault) {
        let names = Set(keys.map { "\($0.created)-\($0.starts).pem" })
        do {
            let present = try Set(FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".pem") })
            for key in keys {
                let name = "\(key.created)-\(key.starts).pem"
                guard !present.contains(name) else { continue }
                // Never there in part, and never readable for others.
                let temporary = "\(path)/.\(name)"
                try? FileManager.default.removeItem(atPath: temporary)
                guard FileManager.default.createFile(
                    atPath: temporary, contents: Data(key.material.pem.utf8), attributes: [.posixPermissions: 0o600])
                else { throw KeyFault("`\(temporary)` cannot be written") }
                try FileManager.default.moveItem(atPath: temporary, toPath: "\(path)/\(name)")
            }
            for name in present.subtracting(names) { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        } catch let fault as KeyFault {
            throw fault
        } catch {
            throw KeyFault("the folder of keys `\(path)` cannot be written: \(error.localizedDescription)")
        }
    }
}

extension SigningKey.Material {
    /// PKCS #8, as `openssl genpkey` writes it.
    fileprivate init?(pem: String) {
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
            self = .p256(key)
        } else if let key = try? Curve25519.Signing.PrivateKey(pemRepresentation: pem) {
            self = .ed25519(key)
        } else {
            return nil
        }
    }

    fileprivate var pem: String {
        switch self {
        case .p256(let key): key.pemRepresentation
        case .ed25519(let key): key.pemRepresentation
        }
    }
}
