import LynxCedar

/// What a server lists: the result of `tools/list` and its like, which is to be cut down to what the caller may use.
struct MCPListing: Sendable {
    let kind: Kind
    /// Of the things listed, in their order: a tool's or a prompt's name, a resource's URI.
    let names: [String]
    private let members: [JSONValue.Member]
    private let items: [JSONValue]

    enum Kind: String, Sendable {
        case tools = "tools/list"
        case resources = "resources/list"
        case templates = "resources/templates/list"
        case prompts = "prompts/list"

        /// What the list is called in the result.
        fileprivate var list: CedarString {
            switch self {
            case .tools: "tools"
            case .resources: "resources"
            case .templates: "resourceTemplates"
            case .prompts: "prompts"
            }
        }

        /// What a thing in it is called by.
        fileprivate var key: CedarString {
            switch self {
            case .tools, .prompts: "name"
            case .resources: "uri"
            case .templates: "uriTemplate"
            }
        }

        /// What agentgateway puts between its own name of a server and a name there, where it gathers a list from several.
        private var delimiter: String {
            switch self {
            case .tools, .prompts: "_"
            case .resources, .templates: "+"
            }
        }

        /// The name that a server gives a thing; `nil` when it is not of that server.
        ///
        /// - Parameter isGathered: whether the list is one of several servers.
        func native(_ name: String, of service: String, isGathered: Bool) -> String? {
            guard isGathered else { return name }
            let prefix = service + delimiter
            guard name.utf8.starts(with: prefix.utf8), name.utf8.count > prefix.utf8.count else { return nil }
            return String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        }
    }

    /// How many things may be listed at once.
    static let maximumCount = 10_000

    /// - Throws: when the result is not such a list, or too large a one, or any two readers could take it for different ones.
    init(_ kind: Kind, result: [UInt8]) throws(UnclassifiedCall) {
        guard result.count <= CallBody.maximumSize else { throw .list }
        guard let json = CallBody.parse(result), case .object(let members) = json.kind else {
            throw .bodyMalformed
        }
        guard case .array(let items)? = try JSONMembers(members, known: KnownNames([kind.list]))[kind.list]?.kind else { throw .bodyMalformed }
        guard items.count <= MCPListing.maximumCount else { throw .list }
        let known = KnownNames([kind.key])
        var names: [String] = []
        for item in items {
            guard case .object(let members) = item.kind else { throw .bodyMalformed }
            do throws(UnclassifiedCall) {
                names.append(try JSONMembers(members, known: known).text(kind.key).string)
            } catch {
                throw .bodyMalformed
            }
        }
        self.kind = kind
        self.names = names
        self.members = members
        self.items = items
    }

    /// The result with some of the things only, and with all else as it was.
    ///
    /// - Parameter isKept: as many as there are names.
    func keeping(_ isKept: [Bool]) -> JSONValue {
        let list = JSONValue(.array(zip(items, isKept).filter(\.1).map(\.0)))
        return JSONValue(.object(members.map { $0.name == kind.list ? JSONValue.Member($0.name, list) : $0 }))
    }
}
