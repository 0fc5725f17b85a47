/// What of an entity or a request is not as the schema says.
public struct ConformanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty. Of more than ``maximumCount`` faults the first, and at the end one that says how many more there are.
    public let faults: [Fault]

    /// How many faults of one entity or request are told. Nobody reads more, and whoever sends a request chooses how many it has.
    public static let maximumCount = 1_000

    public struct Fault: Hashable, Sendable {
        /// A plain sentence without a final full stop.
        public let message: String
        /// What can be done about it, where that is known.
        public let help: String?
        /// Which part of the entity or request is at fault.
        public let path: [Step]

        public init(message: String, help: String? = nil, path: [Step] = []) {
            self.message = message
            self.help = help
            self.path = path
        }
    }

    /// A step from an entity or a request to one of its parts. Elements of sets have no place in them, and no step.
    public enum Step: Hashable, Sendable {
        case principal, action, resource, context
        case uid
        case parent(EntityUID)
        case tag(CedarString)
        /// Of an entity, of a context, or of a record in one of these.
        case attribute(CedarString)
    }

    public var description: String { faults.map(\.message).joined(separator: "\n") }
}
