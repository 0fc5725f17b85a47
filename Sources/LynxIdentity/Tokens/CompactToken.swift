import LynxCedar

/// A JSON Web Token in its compact form, taken apart and not yet believed.
///
/// What is refused here: texts of more than 16 KiB, anything but three segments of strict base64url, JSON with duplicate names,
/// lone surrogates or deep nesting, and every header parameter that is not on a short list.
public struct CompactToken: Sendable {
    public let header: TokenHeader
    public let claims: Claims
    /// What the signature covers: the bytes of the first two segments with the dot between them.
    let signed: [UInt8]
    let signature: [UInt8]

    /// In bytes.
    public static let maximumSize = 16 * 1024
    /// Enough for four actors in one another and for the claims of Kubernetes.
    static let maximumNesting = 16
    /// An RSA signature of 8,192 bits.
    private static let maximumSignatureSize = 1024

    public init(_ text: some StringProtocol) throws(TokenRefusal) {
        try self.init(utf8: Array(text.utf8.prefix(CompactToken.maximumSize + 1)))
    }

    init(utf8 bytes: [UInt8]) throws(TokenRefusal) {
        guard bytes.count <= CompactToken.maximumSize else { throw TokenRefusal(.tooLarge) }
        let segments = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard segments.count == 3 else { throw TokenRefusal(.segments) }
        guard let header = Base64URL.decode(segments[0]), let claims = Base64URL.decode(segments[1]),
            let signature = Base64URL.decode(segments[2])
        else { throw TokenRefusal(.encoding) }
        self.header = try TokenHeader(CompactToken.json(header, or: .malformedHeader))
        self.claims = try Claims(CompactToken.json(claims, or: .malformedClaims))
        guard !signature.isEmpty, signature.count <= CompactToken.maximumSignatureSize else { throw TokenRefusal(.signature) }
        self.signature = signature
        signed = Array(bytes[..<segments[1].endIndex])
    }

    /// The token as it was: base64url without padding has one text only.
    var text: String { String(decoding: signed, as: UTF8.self) + "." + Base64URL.encode(signature) }

    private static func json(_ bytes: [UInt8], or reason: TokenRefusal.Reason) throws(TokenRefusal) -> JSONValue {
        do throws(ParseError) {
            return try JSONValue(parsing: SourceText(utf8: bytes), maximumNesting: maximumNesting)
        } catch {
            throw TokenRefusal(reason)
        }
    }
}
