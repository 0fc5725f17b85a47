import LynxCedar

/// What the numbers of a compiled object mean, as JSON.
struct SandboxNames: Sendable {
    var principals: [EntityUID]
    var groups: [EntityUID]
    var rules: [SandboxImage.Rule]
    var killing: Set<String>

    var json: JSONValue {
        func texts(_ texts: some Sequence<String>) -> JSONValue { JSONValue(.array(texts.map { JSONValue(.string(CedarString($0))) })) }
        return [
            "principals": texts(principals.map(\.description)),
            "groups": texts(groups.map(\.description)),
            "rules": JSONValue(
                .array(
                    rules.map { rule in
                        [
                            "number": JSONValue(.integer(Int64(rule.number))),
                            "policies": texts(rule.policies),
                            "kills": JSONValue(.bool(rule.kills)),
                        ]
                    })),
            "killing": texts(killing.sorted()),
        ]
    }

    var text: String { json.formatted() + "\n" }
}

extension SandboxNames {
    init(text: String) throws(LoadingError) {
        do throws(ParseError) {
            try self.init(json: JSONValue(parsing: SourceText(text, name: "names")))
        } catch {
            throw LoadingError("the file of names is damaged", help: "compile the policies again")
        }
    }

    init(json: JSONValue) throws(ParseError) {
        func fail() -> ParseError { ParseError(Diagnostic("the file of names is damaged")) }
        func texts(_ json: JSONValue?) throws(ParseError) -> [String] {
            guard case .array(let elements)? = json?.kind else { throw fail() }
            var result: [String] = []
            for element in elements {
                guard case .string(let text) = element.kind else { throw fail() }
                result.append(text.description)
            }
            return result
        }
        func uids(_ json: JSONValue?) throws(ParseError) -> [EntityUID] {
            var result: [EntityUID] = []
            for text in try texts(json) { result.append(try EntityUID(cedar: text)) }
            return result
        }
        principals = try uids(json.member("principals"))
        groups = try uids(json.member("groups"))
        killing = Set(try texts(json.member("killing")))
        guard case .array(let elements)? = json.member("rules")?.kind else { throw fail() }
        rules = []
        for element in elements {
            guard case .integer(let number)? = element.member("number")?.kind, case .bool(let kills)? = element.member("kills")?.kind
            else { throw fail() }
            rules.append(
                SandboxImage.Rule(number: Int(truncatingIfNeeded: number), policies: try texts(element.member("policies")), kills: kills))
        }
    }
}

extension JSONValue {
    func member(_ name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }
}
