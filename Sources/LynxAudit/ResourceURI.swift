/// The URI of a resource in its parts (RFC 3986, 3), as far as records need them. Servers of MCP call resources by texts that are no URIs, too.
public struct ResourceURI {
    /// With its colon; empty where there is none.
    let scheme: Substring
    /// With the slashes before it; empty where there is none.
    let authority: Substring
    /// Up to query and fragment.
    let path: Substring

    /// Linear in the length of the text.
    public init(_ text: String) {
        let bytes = text.utf8
        let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
        let start = ResourceURI.schemeEnd(bytes)
        var pathStart = start
        if bytes[start..<end].starts(with: "//".utf8) {
            pathStart = bytes[bytes.index(start, offsetBy: 2)..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
        }
        scheme = text[..<start]
        authority = text[start..<pathStart]
        path = text[pathStart..<end]
    }

    /// RFC 3986, 3.1: a letter, then letters, digits, plus, minus and dots.
    private static func schemeEnd(_ bytes: String.UTF8View) -> String.Index {
        func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
        guard let first = bytes.first, isLetter(first),
            let end = bytes.firstIndex(where: { byte in
                !isLetter(byte) && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) && !"+-.".utf8.contains(byte)
            }), bytes[end] == UInt8(ascii: ":")
        else { return bytes.startIndex }
        return bytes.index(after: end)
    }

    /// What records have of it: no query, no fragment and nobody who asks (`user:password@`), which may be secrets; and of an opaque one (`data:`) the scheme only, for all of it may be one.
    public var recorded: String {
        guard scheme.isEmpty || !authority.isEmpty || path.utf8.first == UInt8(ascii: "/") else { return String(scheme) }
        guard !authority.isEmpty else { return String(scheme + path) }
        let bytes = authority.utf8
        // A password may have the sign, too.
        let hostStart = bytes.lastIndex(of: UInt8(ascii: "@")).map { bytes.index(after: $0) } ?? bytes.index(bytes.startIndex, offsetBy: 2)
        return "\(scheme)//\(authority[hostStart...])\(path)"
    }
}
