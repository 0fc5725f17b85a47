/// A record of which a part may be unknown: the form of a partial request's context, and of records within it.
///
/// It stands for its completions: the records that have the known attributes with their values, each unknown attribute as its
/// ``Unknown`` says, and, when the record is open, any further ones.
public struct PartialRecord: Hashable, Sendable {
    /// What is left open about an attribute.
    public indirect enum Unknown: Hashable, Sendable {
        /// The attribute is there; its value is unknown.
        case value
        /// Whether the attribute is there is unknown, and its value where it is.
        case presence
        /// The attribute is there and is a record, of which parts are unknown.
        case parts(PartialRecord)
    }

    /// The attributes that are there with a known value.
    public let known: Record
    /// The attributes of which something is unknown; none of them is in ``known``.
    public let unknown: [CedarString: Unknown]
    /// Whether there may be attributes beside the known and the unknown ones.
    public let isOpen: Bool

    /// - Parameter unknown: prevails over `known` where both have an attribute.
    public init(_ known: Record = [:], unknown: [CedarString: Unknown] = [:], isOpen: Bool = false) {
        self.known = unknown.isEmpty ? known : known.removing { unknown[$0] != nil }
        self.unknown = unknown
        self.isOpen = isOpen
    }

    /// The record of which nothing is known.
    public static let unknown = PartialRecord(isOpen: true)

    /// Whether nothing is unknown, so that ``known`` is the only completion.
    public var isKnown: Bool { unknown.isEmpty && !isOpen }

    /// Whether `record` is one of the completions.
    public func isCompleted(by record: Record) -> Bool {
        known.attributes.allSatisfy { record[$0.name] == $0.value }
            && unknown.allSatisfy { name, unknown in
                switch (unknown, record[name]) {
                case (.presence, _), (.value, .some): true
                case (.parts(let parts), .record(let record)): parts.isCompleted(by: record)
                case (.parts, _), (.value, nil): false
                }
            }
            && (isOpen
                || record.attributes.allSatisfy { known[$0.name] != nil || unknown[$0.name] != nil })
    }
}

extension PartialRecord: ExpressibleByDictionaryLiteral {
    /// The record with these attributes, all known.
    ///
    /// - Precondition: the literal names no attribute twice.
    public init(dictionaryLiteral elements: (CedarString, Value)...) {
        self.init(Record(literal: elements))
    }
}
