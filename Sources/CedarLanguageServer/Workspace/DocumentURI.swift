/// How a client names a document, and the path of the file that this stands for, if it is one.
public struct DocumentURI: Hashable, Sendable {
    public let string: String
    /// Absolute; `nil` for documents that are no files, such as those that were never saved.
    public let path: String?

    public init(_ string: String) {
        self.string = string
        self.path = DocumentURI.path(string)
    }

    public init(path: String) {
        var string = "file://"
        for byte in path.utf8 {
            switch byte {
            // RFC 3986, 2.3: what never needs to be escaped; and the slash, which must not be.
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                string.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                string += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        self.string = string
        self.path = path
    }

    /// RFC 8089: `file:///path` or `file://localhost/path`.
    private static func path(_ string: String) -> String? {
        let scheme = "file://"
        guard string.utf8.count > scheme.utf8.count, string.prefix(scheme.count).lowercased() == scheme else { return nil }
        let rest = string.utf8.dropFirst(scheme.utf8.count)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        guard ["", "localhost"].contains(String(decoding: rest[..<slash], as: UTF8.self).lowercased()) else { return nil }
        var bytes: [UInt8] = []
        var escaped = rest[slash...]
        while let byte = escaped.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = escaped.popFirst().flatMap(hexValue), let low = escaped.popFirst().flatMap(hexValue) else { return nil }
            bytes.append(high << 4 | low)
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        Character(Unicode.Scalar(digit)).hexDigitValue.map { UInt8($0) }
    }

    public static func == (lhs: DocumentURI, rhs: DocumentURI) -> Bool {
        if let lhs = lhs.path, let rhs = rhs.path { return lhs.utf8.elementsEqual(rhs.utf8) }
        return lhs.string.utf8.elementsEqual(rhs.string.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        // Clients and we may escape the same path differently.
        for byte in (path ?? string).utf8 { hasher.combine(byte) }
    }
}
