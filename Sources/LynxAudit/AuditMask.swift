import Crypto
import LynxCedar

/// What records must not tell, or not in the clear. Applied before a record is chained: what is masked is nowhere.
public struct AuditMask: Hashable, Sendable {
    public enum Treatment: String, CaseIterable, Hashable, Sendable {
        case keep
        /// HMAC-SHA256 in its place: the same for the same text, and of no use to whoever has not the key.
        case hash
        case remove
    }

    /// Who the call is for: the claim `sub`, and the user that policies see.
    public var subject = Treatment.keep
    /// Who acts: the claim `act`.
    public var actors = Treatment.keep
    /// The number of the token that was shown: the claim `jti`.
    public var tokenID = Treatment.keep
    /// The caller's address.
    public var source = Treatment.keep
    /// Headers that are recorded at all, by their names in lower case.
    public var headers: [String: Treatment] = [:]
    /// Paths of which parts are hidden; the first that fits is taken.
    public var paths: [PathPattern] = []
    private let key: SymmetricKeyBytes

    /// - Parameter key: of the hashes. Without one, what should be hashed is removed.
    public init(key: [UInt8] = []) {
        self.key = SymmetricKeyBytes(bytes: key)
    }

    /// Bytes that no description shows.
    private struct SymmetricKeyBytes: Hashable, CustomStringConvertible {
        let bytes: [UInt8]
        var description: String { "a key" }
    }

    /// A path such as `/users/*/files/**`: a `*` stands for one segment, a `**` at the end for all that follow, and what they stand for is hidden.
    public struct PathPattern: Hashable, Sendable {
        private let segments: [Substring]
        private let isOpen: Bool

        /// - Returns: `nil` when the text is no such path.
        public init?(_ text: String) {
            guard text.utf8.first == UInt8(ascii: "/") else { return nil }
            var segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            isOpen = segments.last == "**"
            if isOpen { segments.removeLast() }
            guard segments.allSatisfy({ $0 == "*" || !$0.utf8.contains(UInt8(ascii: "*")) }) else { return nil }
            self.segments = segments
        }

        /// - Returns: the path with `*` where it is hidden; `nil` when it is not such a path. Linear in its length.
        func masked(_ path: String) -> String? {
            guard path.utf8.first == UInt8(ascii: "/") else { return nil }
            let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            guard isOpen ? parts.count >= segments.count : parts.count == segments.count else { return nil }
            var result = ""
            for (segment, part) in zip(segments, parts) {
                guard segment == "*" || segment == part else { return nil }
                result += "/" + segment
            }
            return isOpen && parts.count > segments.count ? result + "/**" : result
        }
    }

    private func apply(_ treatment: Treatment, _ text: String) -> String? {
        switch treatment {
        case .keep: text
        case .remove: nil
        case .hash: key.bytes.isEmpty ? nil : hash(text)
        }
    }

    private func hash(_ text: String) -> String {
        "hmac:" + HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key.bytes)).hexadecimal
    }

    /// The record as it may be kept, in which what is long is cut after it was masked.
    func applied(to record: AuditRecord) -> AuditRecord {
        var record = record
        if subject != .keep {
            record.subject = record.subject.flatMap { apply(subject, $0.string) }.map { CedarString($0) }
            if let principal = record.principal, principal.type.description == "Lynx::User" {
                record.principal = apply(subject, principal.id.string).map { EntityUID(type: principal.type, id: CedarString($0)) }
            }
        }
        if actors != .keep { record.chain = record.chain.compactMap { apply(actors, $0.string) }.map { CedarString($0) } }
        if tokenID != .keep, let id = record.authentication?.tokenID {
            record.authentication?.tokenID = apply(tokenID, id.string).map { CedarString($0) }
        }
        record.call = record.call.map { applied(to: $0) }
        if case .resource(let uri, let server)? = record.target { record.target = .resource(Excerpt.of(masked(uri: uri)), server: server) }
        return record
    }

    private func masked(_ path: String) -> String {
        for pattern in paths {
            if let masked = pattern.masked(path) { return masked }
        }
        return path
    }

    /// The URI with its path masked like that of a call.
    private func masked(uri: String) -> String {
        let uri = ResourceURI(uri)
        return "\(uri.scheme)\(uri.authority)\(masked(String(uri.path)))"
    }

    private func applied(to call: AuditRecord.Call) -> AuditRecord.Call {
        var call = call
        call.source = call.source.flatMap { apply(source, $0) }
        call.path = Excerpt.of(masked(call.path))
        call.headers = call.headers.compactMap { field in
            apply(headers[field.name] ?? .remove, field.value).map { AuditRecord.Header(name: field.name, value: Excerpt.of($0)) }
        }
        return call
    }
}
