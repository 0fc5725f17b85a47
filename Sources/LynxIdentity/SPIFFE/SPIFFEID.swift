import LynxCedar

/// The name of a workload: `spiffe://trust-domain/path` (SPIFFE-ID, 2).
public struct SPIFFEID: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public let trustDomain: String

    public var text: CedarString { CedarString(description) }

    private static let scheme = "spiffe://"
    private static let maximumSize = 2048

    /// - Returns: `nil` for anything but a trust domain in lower case and a path of plain segments: there is one text for each id, and no `..` in it.
    public init?(_ text: String) {
        guard text.utf8.count <= SPIFFEID.maximumSize, text.utf8.starts(with: SPIFFEID.scheme.utf8) else { return nil }
        let rest = text.utf8.dropFirst(SPIFFEID.scheme.utf8.count)
        let domain = rest.prefix { $0 != UInt8(ascii: "/") }
        guard SPIFFEID.isTrustDomain(domain) else { return nil }
        let path = rest[domain.endIndex...]
        // An id without a path is that of the trust domain itself, which is nobody.
        guard !path.isEmpty else { return nil }
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !segment.isEmpty, segment.allSatisfy(SPIFFEID.isPathByte), !segment.elementsEqual(".".utf8), !segment.elementsEqual("..".utf8)
            else { return nil }
        }
        description = text
        trustDomain = String(decoding: domain, as: UTF8.self)
    }

    public static func isTrustDomain(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.count <= 255
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
