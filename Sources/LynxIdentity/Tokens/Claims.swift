import LynxCedar

/// The members of a token's JSON object, each read as the one type it may have.
public struct Claims: Sendable {
    public let members: [JSONValue.Member]

    public init(_ members: [JSONValue.Member]) {
        self.members = members
    }

    public init(_ json: JSONValue) throws(TokenRefusal) {
        guard case .object(let members) = json.kind else { throw TokenRefusal(.malformedClaims, "not an object") }
        self.members = members
    }

    public subscript(name: CedarString) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    /// - Returns: `nil` when there is no such claim.
    /// - Throws: when the claim is no string, or an empty one.
    public func string(_ name: CedarString) throws(TokenRefusal) -> CedarString? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value.kind, !text.string.isEmpty else { throw TokenRefusal(.claim, "`\(name)` is not a text") }
        return text
    }

    /// A text, or an array of texts that is not empty (`aud`: RFC 7519, 4.1.3).
    public func strings(_ name: CedarString) throws(TokenRefusal) -> [CedarString]? {
        guard let value = self[name] else { return nil }
        switch value.kind {
        case .string(let text) where !text.string.isEmpty:
            return [text]
        case .array(let elements) where !elements.isEmpty:
            var texts: [CedarString] = []
            for element in elements {
                guard case .string(let text) = element.kind, !text.string.isEmpty else { throw TokenRefusal(.claim, "`\(name)` holds no texts") }
                texts.append(text)
            }
            return texts
        default:
            throw TokenRefusal(.claim, "`\(name)` is neither a text nor a list of texts")
        }
    }

    /// The latest time that a date may have: the end of the year 9999.
    private static let latest: Int64 = 253_402_300_799

    /// A NumericDate (RFC 7519, 2) in whole seconds since 1970, rounded down; a fraction is allowed.
    public func date(_ name: CedarString) throws(TokenRefusal) -> Int64? {
        guard let value = self[name] else { return nil }
        switch value.kind {
        case .integer(let seconds) where (0...Claims.latest).contains(seconds):
            return seconds
        case .number(let text):
            guard let seconds = Double(text), seconds >= 0, seconds <= Double(Claims.latest) else { break }
            return Int64(seconds)
        default:
            break
        }
        throw TokenRefusal(.claim, "`\(name)` is not a date")
    }

    /// Texts between single spaces (`scope`: RFC 8693, 4.2), or a list of texts, as some issuers write it.
    public func words(_ name: CedarString) throws(TokenRefusal) -> [CedarString]? {
        guard let value = self[name] else { return nil }
        switch value.kind {
        case .string(let text):
            return text.string.split(separator: " ").map { CedarString($0) }
        case .array(let elements) where elements.isEmpty:
            return []
        default:
            return try strings(name)
        }
    }

    public func object(_ name: CedarString) throws(TokenRefusal) -> Claims? {
        guard let value = self[name] else { return nil }
        guard case .object(let members) = value.kind else { throw TokenRefusal(.claim, "`\(name)` is not an object") }
        return Claims(members)
    }
}
