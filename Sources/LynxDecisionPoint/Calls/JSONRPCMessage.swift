import LynxCedar
import LynxPolicy

/// A JSON-RPC 2.0 message (MCP and A2A speak it), read so that no other reader can take it for something else.
struct JSONRPCMessage {
    /// `nil` for a response.
    let method: CedarString?
    private let parameters: JSONValue?

    init(_ json: JSONValue) throws(UnclassifiedCall) {
        switch json.kind {
        case .array: throw .batch
        case .object(let members): try self.init(members)
        default: throw .bodyMalformed
        }
    }

    private init(_ members: [JSONValue.Member]) throws(UnclassifiedCall) {
        let members = try JSONMembers(members, known: ["jsonrpc", "id", "method", "params", "result", "error"])
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
    func parameters(known names: Set<String>) throws(UnclassifiedCall) -> JSONMembers {
        switch parameters?.kind {
        case nil: try JSONMembers([], known: names)
        case .object(let members)?: try JSONMembers(members, known: names)
        default: throw .parameters
        }
    }
}

/// The members of an object whose names matter.
struct JSONMembers {
    private let members: [JSONValue.Member]

    /// - Throws: when a name is one of the known ones but for upper and lower case: some readers take it for that one.
    init(_ members: [JSONValue.Member], known: Set<String>) throws(UnclassifiedCall) {
        let folded = Set(known.map { FoldedName(CedarString($0)) })
        for member in members where !known.contains(member.name.string) && folded.contains(FoldedName(member.name)) {
            throw .bodyMalformed
        }
        self.members = members
    }

    subscript(name: CedarString) -> JSONValue? { members.first { $0.name == name }?.value }

    /// - Throws: when there is none, or it is no text or an empty one.
    func text(_ name: CedarString) throws(UnclassifiedCall) -> CedarString {
        guard case .string(let text)? = self[name]?.kind, !text.string.isEmpty else { throw .parameters }
        return text
    }
}
