import Crypto
import LynxCedar

/// Ties each line to the one before it: a line that is altered, removed or put in breaks the chain from there on.
///
/// A line is a JSON object whose first members are `seq`, which counts from 1, and `prev`, the hash of the line before, and whose last is `hash`: the SHA-256 of
/// the line's bytes up to `,"hash":`. What a chain cannot show by itself is that lines were cut off at its end: compare the last hash with one that was noted down.
public struct AuditChain: Hashable, Sendable {
    /// Of the last line.
    public private(set) var sequence: Int64
    public private(set) var hash: String

    /// What the first line has as `prev`.
    static let origin = String(repeating: "0", count: 64)

    public init() {
        sequence = 0
        hash = AuditChain.origin
    }

    private static let seal = Array(#","hash":""#.utf8)
    /// `,"hash":"` and 64 digits and `"}`.
    private static let tailSize = seal.count + 64 + 2

    /// The next line, with a newline behind it.
    ///
    /// - Parameter object: a JSON object with at least one member, as text.
    mutating func append(_ object: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(object.count + 192)
        line += "{\"seq\":\(sequence + 1),\"prev\":\"".utf8
        line += hash.utf8
        line += "\",".utf8
        line += object[1..<object.count - 1]
        hash = AuditChain.hash(line)
        sequence += 1
        line += AuditChain.seal
        line += hash.utf8
        line += [UInt8(ascii: "\""), UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return line
    }

    /// What is wrong with a line.
    public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case notARecord
        case altered
        case outOfOrder(expected: Int64, found: Int64)
        case detached(Int64)

        public var description: String {
            switch self {
            case .notARecord: "is not a record"
            case .altered: "was altered: its hash is not that of its contents"
            case .outOfOrder(let expected, let found): "has number \(found) where \(expected) was expected: lines are missing or were put in"
            case .detached(let sequence): "number \(sequence) does not follow the line before it: that one is another"
            }
        }
    }

    /// Takes a line, without its newline, as the next.
    ///
    /// - Returns: its members.
    @discardableResult
    public mutating func verify(_ line: some BidirectionalCollection<UInt8>) throws(Fault) -> [JSONValue.Member] {
        let parts = try AuditChain.parts(Array(line))
        guard parts.sequence == sequence + 1 else { throw .outOfOrder(expected: sequence + 1, found: parts.sequence) }
        guard parts.previous == hash else { throw .detached(parts.sequence) }
        (sequence, hash) = (parts.sequence, parts.hash)
        return parts.members
    }

    /// The chain as it is behind a line whose own hash is right.
    init(endingWith line: [UInt8]) throws(Fault) {
        let parts = try AuditChain.parts(line)
        (sequence, hash) = (parts.sequence, parts.hash)
    }

    private struct Parts {
        let sequence: Int64
        let previous: String
        let hash: String
        let members: [JSONValue.Member]
    }

    private static func parts(_ line: [UInt8]) throws(Fault) -> Parts {
        guard line.count > tailSize, line.dropFirst(line.count - tailSize).starts(with: seal),
            let json = try? JSONValue(parsing: SourceText(utf8: line)), case .object(let members) = json.kind, members.count >= 3,
            members[0].name == "seq", case .integer(let sequence) = members[0].value.kind,
            members[1].name == "prev", case .string(let previous) = members[1].value.kind,
            let last = members.last, last.name == "hash", case .string(let hash) = last.value.kind
        else { throw .notARecord }
        guard self.hash(Array(line.dropLast(tailSize))) == hash.string else { throw .altered }
        return Parts(sequence: sequence, previous: previous.string, hash: hash.string, members: members)
    }

    private static func hash(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }
}
