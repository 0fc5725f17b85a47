import Crypto
import Foundation
import LynxCedar

/// The beginning of a record that was never finished, because its writer or the machine was ended meanwhile. It was acknowledged to nobody.
///
/// Opening a file moves it out of there, byte for byte, into a file of its own beside it, and the next record in the chain says what it was: nothing of it is lost without a trace.
public struct AuditTear: Hashable, Sendable {
    /// Of the file that has it now: `audit.jsonl.000000000123.torn`, by the number of the last whole record before it.
    public let name: String
    public let size: Int64
    /// The SHA-256 of its bytes in hexadecimal digits.
    public let hash: String

    init(name: String, bytes: [UInt8]) {
        self.name = name
        size = Int64(bytes.count)
        hash = SHA256.hash(data: bytes).hexadecimal
    }

    private init(name: String, size: Int64, hash: String) {
        (self.name, self.size, self.hash) = (name, size, hash)
    }

    /// What is there of it now.
    public enum Remains: Hashable, Sendable {
        case whole
        case missing
        case altered
    }

    /// - Parameter folder: of the file of records that it was found in.
    public func remains(in folder: String) -> Remains {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return .missing }
        return AuditTear(name: name, bytes: Array(data)) == self ? .whole : .altered
    }
}

extension AuditTear {
    var json: JSONValue {
        [
            "file": JSONValue(.string(CedarString(name))), "bytes": JSONValue(.integer(size)), "sha256": JSONValue(.string(CedarString(hash))),
        ]
    }

    /// What a record tells of; `nil` when it tells of none.
    init?(record members: [JSONValue.Member]) {
        guard let json = members.first(where: { $0.name == "torn" })?.value, case .object(let parts) = json.kind else { return nil }
        func part(_ name: CedarString) -> JSONValue.Kind? { parts.first { $0.name == name }?.value.kind }
        guard case .string(let name)? = part("file"), case .integer(let size)? = part("bytes"), case .string(let hash)? = part("sha256"),
            // It lies beside the records, and nowhere else.
            !name.string.contains("/")
        else { return nil }
        self.init(name: name.string, size: size, hash: hash.string)
    }
}
