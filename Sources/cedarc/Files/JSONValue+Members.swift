import LynxCedar

extension JSONValue {
    /// The value of an object's member; `nil` where there is none. `O(n)`.
    subscript(name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }
}
