/// The headers of a call, with names in lower case.
public struct HeaderList: Sendable {
    private var fields: [(name: String, value: String)] = []

    public init() {}

    public init(_ fields: some Sequence<(name: String, value: String)>) {
        self.fields = fields.map { ($0.name.lowercased(), $0.value) }
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
