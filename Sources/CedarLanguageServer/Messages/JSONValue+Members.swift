import LynxCedar

// Messages are read leniently: the protocol lets clients leave out and add members as they like.
extension JSONValue {
    init(_ text: String) { self.init(.string(CedarString(text))) }
    init(_ number: Int) { self.init(.integer(Int64(clamping: number))) }

    subscript(name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? { if case .string(let text) = kind { text.string } else { nil } }
    var integer: Int64? { if case .integer(let number) = kind { number } else { nil } }
    var bool: Bool? { if case .bool(let value) = kind { value } else { nil } }
    var array: [JSONValue]? { if case .array(let elements) = kind { elements } else { nil } }
    var isNull: Bool { if case .null = kind { true } else { false } }

    /// An object of those members that have a value.
    static func object(_ members: [(CedarString, JSONValue?)]) -> JSONValue {
        JSONValue(.object(members.compactMap { name, value in value.map { Member(name, $0) } }))
    }
}
