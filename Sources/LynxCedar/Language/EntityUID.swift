/// The unique identifier of an entity: its type and its id within the type, written `User::"alice"`.
public struct EntityUID: Hashable, Sendable {
    public let type: Name
    public let id: CedarString

    public init(type: Name, id: CedarString) {
        self.type = type
        self.id = id
    }

    /// Whether this identifies an action: the last component of its type is `Action`.
    public var isAction: Bool { type.basename.utf8.elementsEqual("Action".utf8) }
}

extension EntityUID: Comparable {
    public static func < (lhs: EntityUID, rhs: EntityUID) -> Bool {
        lhs.type == rhs.type ? lhs.id < rhs.id : lhs.type < rhs.type
    }
}

extension EntityUID: CustomStringConvertible {
    /// The uid as Cedar text; parses back to the same uid.
    public var description: String { "\(type)::\(id.literal)" }
}

extension EntityUID: ExpressibleByStringLiteral {
    /// A uid in Cedar syntax: `let alice: EntityUID = "User::\"alice\""`.
    ///
    /// - Precondition: the literal is a uid. Text that is not known when the program is written goes through `init(cedar:)`.
    public init(stringLiteral value: String) {
        do throws(ParseError) {
            try self.init(cedar: value)
        } catch {
            preconditionFailure("'\(value)' is not an entity uid: \(error)")
        }
    }
}
