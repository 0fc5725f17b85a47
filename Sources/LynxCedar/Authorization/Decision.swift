/// The answer to a request.
public enum Decision: String, Hashable, Sendable, CustomStringConvertible {
    case allow, deny

    public var description: String { rawValue }
}
