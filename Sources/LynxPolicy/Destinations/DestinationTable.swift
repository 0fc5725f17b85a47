import LynxCedar

/// All destinations, by name, by host and path, and by audience.
public struct DestinationTable: Sendable {
    /// Those with a host before those for any, and then the longest paths first: the first that matches is the closest.
    private let destinations: [Destination]
    /// Whether paths tell destinations apart.
    private let hasPaths: Bool

    public init(_ destinations: [Destination]) {
        self.destinations = destinations.sorted {
            ($0.hosts.isEmpty ? 0 : 1, $0.path.utf8.count) > ($1.hosts.isEmpty ? 0 : 1, $1.path.utf8.count)
        }
        hasPaths = destinations.contains { !$0.path.isEmpty }
    }

    public subscript(name: String) -> Destination? { destinations.first { $0.name == name } }

    public func destination(audience: CedarString) -> Destination? { destinations.first { $0.audience == audience } }

    /// - Parameters:
    ///   - host: as in the request, perhaps with a port.
    ///   - path: without a query, and plain: see ``isPlain(_:)``.
    public func destination(host: String, path: String) -> Destination? {
        let host = DestinationTable.name(ofHost: host)
        return destinations.first { destination in
            (destination.hosts.isEmpty || destination.hosts.contains(host)) && DestinationTable.isPrefix(destination.path, of: path)
        }
    }

    private static func isPrefix(_ prefix: String, of path: String) -> Bool {
        guard path.utf8.starts(with: prefix.utf8) else { return false }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/") || prefix.isEmpty
    }

    static func name(ofHost host: String) -> String {
        let host = host.lowercased()
        // An IPv6 address stands in brackets, and has colons of its own.
        if host.utf8.first == UInt8(ascii: "[") { return String(host.prefix { $0 != "]" }) + "]" }
        guard let colon = host.utf8.firstIndex(of: UInt8(ascii: ":")) else { return host }
        return String(host[..<colon])
    }

    /// Whether a host of a destination can be that of a call: it has no port, and stands for no others.
    public static func isHost(_ host: String) -> Bool {
        !host.isEmpty && !host.contains("*") && name(ofHost: host) == host.lowercased()
    }

    /// Whether everybody finds the same destination by a path: it is plain, and where destinations have paths, it has no parameters, which some servers cut off before they
    /// look.
    public func isPlain(_ path: String) -> Bool {
        DestinationTable.isPlain(path: path) && !(hasPaths && path.utf8.contains(UInt8(ascii: ";")))
    }

    /// Whether everybody reads a path in the same way: it starts with a slash, and has no empty segment but the last, no `.` and `..`, no backslash, no
    /// escape of what would be one of these or would end the path, and none of what needs no escape (RFC 3986, 2.3).
    public static func isPlain(path: some StringProtocol) -> Bool {
        let bytes = Array(path.utf8)
        guard bytes.first == UInt8(ascii: "/") else { return false }
        let segments = bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            if segment.isEmpty && index < segments.count - 1 { return false }
            // Some servers cut parameters off a segment, and `..;` is then a `..`.
            let name = segment.prefix { $0 != UInt8(ascii: ";") }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return false }
        }
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\\") || byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "#") { return false }
            guard byte == UInt8(ascii: "%") else { continue }
            let escape = String(decoding: bytes[(index + 1)...].prefix(2), as: UTF8.self).lowercased()
            guard escape.utf8.count == 2, let value = UInt8(escape, radix: 16) else { return false }
            if "/\\%;?#".utf8.contains(value) || isUnreserved(value) || value < 0x20 || value == 0x7F { return false }
        }
        return true
    }

    /// RFC 3986, 2.3: with and without escape it is the same to some, and not to others.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }
}
