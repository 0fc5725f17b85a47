/// Why a partial request cannot be decided by types: it, or a policy, is not as the schema says.
public enum PartialAuthorizationError: Error, Hashable, Sendable {
    /// No completion of the request conforms to the schema, or its environment is unknown.
    case request(ConformanceError)
    /// Policies are not valid for the environment of the request. Never empty.
    case policies([ValidationFinding])
}

extension PartialAuthorizationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .request(let error): error.description
        case .policies(let findings): findings.map(\.diagnostic.description).joined(separator: "\n")
        }
    }
}
