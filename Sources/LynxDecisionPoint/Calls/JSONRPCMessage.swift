import LynxCedar
import LynxPolicy

/// A JSON-RPC 2.0 message (MCP and A2A speak it), read so that no other reader can take it for something else.
struct JSONRPCMessage {
    /// `nil` for a response.
    let method: CedarString?
    private let parameters: JSONValue?

    private static let known: KnownNames = ["jsonrpc", "id", "method", "params", "result", "error"]

    init(_ json: JSONValue) throws(UnclassifiedCall) {
        switch json.kind {
        case .array: throw .batch
        case .object(let members): try self.init(members)
        default: throw .bodyMalformed
        }
    }

    private init(_ members: [JSONValue.Member]) throws(UnclassifiedCall) {
        let members = try JSONMembers(members, known: JSONRPCMessage.known)
        guard case .string("2.0")? = members["jsonrpc"]?.kind else { throw .bodyMalformed }
        switch members["id"]?.kind {
        case nil, .null?, .integer?, .string?: break
        default: throw .bodyMalformed
        }
        parameters = members["params"]
        switch members["method"]?.kind {
        case .string(let name)?:
            guard members["result"] == nil, members["error"] == nil else { throw .bodyMalformed }
            method = name
        case nil where members["result"] != nil || members["error"] != nil:
            method = nil
        default:
            throw .bodyMalformed
        }
    }

    /// The parameters by name; none where there are none.
    func parameters(known names: KnownNames) throws(UnclassifiedCall) -> JSONMembers {
        switch parameters?.kind {
        case nil: try JSONMembers([], known: names)
        case .object(let members)?: try JSONMembers(members, known: names)
        default: throw .parameters
        }
    }
}

/// The names of members that matter in an object.
struct KnownNames: ExpressibleByArrayLiteral {
    private let names: Set<CedarString>
    private let folded: Set<FoldedName>

    init(_ names: [CedarString]) {
        self.names = Set(names)
        folded = Set(names.map { FoldedName($0) })
    }

    init(arrayLiteral elements: CedarString...) {
        self.init(elements)
    }

    /// Whether a name is none of these, and one of them but for upper and lower case.
    func areMistaken(for name: CedarString) -> Bool { !names.contains(name) && folded.contains(FoldedName(name)) }
}

/// The members of an object whose names matter.
struct JSONMembers {
    private let members: [JSONValue.Member]

    /// - Throws: when a name is one of the known ones but for upper and lower case: some readers take it for that one.
    init(_ members: [JSONValue.Member], known: KnownNames) throws(UnclassifiedCall) {
        guard !members.contains(where: { known.areMistaken(for: $0.name) }) else { throw .bodyMalformed }
        self.members = members
    }

    subscript(name: CedarString) -> JSONValue? { members.first { $0.name == name }?.value }

    /// - Throws: when there is none, or it is no text or an empty one.
    func text(_ name: CedarString) throws(UnclassifiedCall) -> CedarString {
        guard case .string(let text)? = self[name]?.kind, !text.string.isEmpty else { throw .parameters }
        return text
    }
}
