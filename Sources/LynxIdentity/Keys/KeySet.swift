import LynxCedar

/// The public keys of one issuer at one moment (RFC 7517, 5).
public struct KeySet: Sendable {
    public let keys: [VerificationKey]

    /// How many keys a set may have.
    private static let maximumCount = 256

    public init(_ keys: [VerificationKey]) {
        self.keys = keys
    }

    /// Reads a JWK set, or the keys of one kind in a SPIFFE trust bundle. Keys that are of no use to us are left out, as RFC 7517 asks for.
    ///
    /// - Parameter use: only keys with this `use`, such as `jwt-svid`; `nil` for those with `sig` or none.
    /// - Throws: ``KeyFault`` when the text is no such set, or has no usable key.
    public init(json text: some Collection<UInt8>, use: String? = nil) throws(KeyFault) {
        keys = try KeySet.elements(of: text).elements.compactMap { VerificationKey($0) }.filter { key in
            use.map { key.use == $0 } ?? (key.use != "jwt-svid")
        }
        guard !keys.isEmpty else { throw KeyFault("the key set has no key that signatures can be checked with") }
    }

    /// The members of a JWK set, and the entries of its list.
    static func elements(of text: some Collection<UInt8>) throws(KeyFault) -> (set: Claims, elements: [JSONValue]) {
        let json: JSONValue
        do throws(ParseError) {
            json = try JSONValue(parsing: SourceText(utf8: text, name: "keys"), maximumNesting: CompactToken.maximumNesting)
        } catch {
            throw KeyFault("the key set is not JSON: \(error)")
        }
        guard case .object(let members) = json.kind, let list = Claims(members)["keys"], case .array(let elements) = list.kind else {
            throw KeyFault("the key set has no list `keys`")
        }
        guard elements.count <= KeySet.maximumCount else { throw KeyFault("the key set has more than \(KeySet.maximumCount) keys") }
        return (Claims(members), elements)
    }

    /// The one key that a token's header means.
    ///
    /// - Throws: when there is none, or when there are several: which of them it is may not depend on their order.
    func key(for header: TokenHeader) throws(TokenRefusal) -> VerificationKey {
        let named = header.keyID.map { id in keys.filter { $0.id == id } } ?? keys
        guard !named.isEmpty else { throw TokenRefusal(.keyUnknown) }
        let fitting = named.filter { $0.fits(header.algorithm) }
        guard let key = fitting.first else { throw TokenRefusal(.keyMismatch) }
        guard fitting.count == 1 else { throw TokenRefusal(.keyAmbiguous) }
        return key
    }

    func contains(_ id: CedarString) -> Bool { keys.contains { $0.id == id } }
}

/// Keys that could not be read or fetched.
public struct KeyFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
