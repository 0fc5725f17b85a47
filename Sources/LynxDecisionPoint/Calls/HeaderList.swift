/// The headers of a call, with names in lower case.
public struct HeaderList: Sendable {
    private var fields: [(name: String, value: String)] = []

    public init() {}

    public init(_ fields: some Sequence<(name: String, value: String)>) {
        self.fields = fields.map { (HeaderList.isLowercase($0.name) ? $0.name : $0.name.lowercased(), $0.value) }
    }

    /// Whether it is ASCII without capitals, as names of headers are in HTTP/2 (RFC 9113, 8.2.1).
    private static func isLowercase(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    public var isEmpty: Bool { fields.isEmpty }

    /// - Parameter name: in lower case.
    public func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The value of a header that occurs once.
    public func only(_ name: String) -> String? {
        let values = all(name)
        return values.count == 1 ? values[0] : nil
    }
}
