/// A type as a schema gives it to attributes, tags and contexts, with all names resolved and common types put in place.
///
/// Types that a schema repeats share their storage, so that a type takes no more room than the text that declares it. Written
/// out in full it may be much larger, up to ``maximumSize``.
public indirect enum SchemaType: Equatable, Sendable {
    case bool
    case long
    case string
    case decimal
    case ip
    case datetime
    case duration
    /// An entity of that type.
    case entity(Name)
    case set(SchemaType)
    case record(RecordType)

    /// How many types, one in the other, a resolved type may be made of.
    public static let maximumDepth = NestingLimit.standard

    /// How many types a resolved type may be made of when each is counted as often as it occurs.
    ///
    /// Common types that mention each other twice double at each step; a schema of a few lines could otherwise stand for
    /// more than anybody can walk through.
    public static let maximumSize = 1_000_000
}

extension SchemaType {
    /// The kind that values of the type are of.
    public var kind: Value.Kind {
        switch self {
        case .bool: .bool
        case .long: .long
        case .string: .string
        case .decimal: .decimal
        case .ip: .ip
        case .datetime: .datetime
        case .duration: .duration
        case .entity: .entity
        case .set: .set
        case .record: .record
        }
    }
}

extension SchemaType: CustomStringConvertible {
    /// The type in Cedar schema syntax.
    public var description: String {
        ExpressionType(self).description
    }

    /// The start of the type's text, as a message quotes it. Takes time in its own size, not in the type's.
    var excerpt: String { ExpressionType(self).excerpt }
}
