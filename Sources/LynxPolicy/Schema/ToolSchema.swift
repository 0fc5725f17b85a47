import LynxCedar
import LynxIdentity

/// A schema with an action of its own for each tool of MCP servers, made from the servers' lists of tools.
///
/// The action of a tool is in `callTool`, so that policies for all tools hold for it too, and its context has the tool's `input` with the types that the tool's own JSON schema
/// declares. What Cedar has no type for is left out; policies cannot speak of it.
public enum ToolSchema {
    /// A tool that no action can be made for.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - lists: names of servers, as the configuration has them, each with the answer to `tools/list`, its result, or the array of tools.
    /// - Throws: when a list is none, or the text would be no schema.
    public static func text(_ lists: [(server: String, json: JSONValue)]) throws(Fault) -> String {
        var actions = ""
        for list in lists {
            for tool in try tools(list.json) { actions += try action(tool, of: list.server) }
        }
        guard let end = LynxSchema.text.lastIndex(of: "}") else { throw Fault(description: "the schema has no end") }
        let text = LynxSchema.text[..<end] + actions + "}\n"
        do throws(ParseError) {
            _ = try Schema(cedar: String(text))
        } catch {
            throw Fault(description: "the tools make no schema: \(error)")
        }
        return String(text)
    }

    private static func tools(_ json: JSONValue) throws(Fault) -> [JSONValue] {
        switch json.kind {
        case .array(let tools): return tools
        case .object(let members):
            for name: CedarString in ["tools", "result"] {
                if let value = members.first(where: { $0.name == name })?.value { return try tools(value) }
            }
        default: break
        }
        throw Fault(description: "there is no list of tools")
    }

    private static func action(_ tool: JSONValue, of server: String) throws(Fault) -> String {
        guard case .object(let members) = tool.kind, let name = text("name", of: members) else { throw Fault(description: "a tool has no name") }
        let schema = members.first { $0.name == "inputSchema" }?.value
        let input = schema.flatMap { type(of: $0, depth: 0) } ?? "{}"
        guard input.hasPrefix("{") else { throw Fault(description: "the input of `\(name)` is not an object") }
        let id = EntityUID(type: EntityTypes.action, id: CedarString("\(server)/\(name)")).description.dropFirst("Lynx::Action::".count)
        return """

                // \(comment(text("description", of: members) ?? "No description."))
                action \(id) in [callTool] appliesTo {
                    principal: [Agent, Service, User],
                    resource: Tool,
                    context: { \(call), input: \(input) }
                };

            """
    }

    /// The members of the type `Call`: a context has all of them.
    private static var call: String {
        guard let start = LynxSchema.text.range(of: "type Call = {"), let end = LynxSchema.text[start.upperBound...].range(of: "};") else { return "" }
        let lines = LynxSchema.text[start.upperBound..<end.lowerBound].split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        let text = lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
        return String(text.drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "," }.reversed())
    }

    private static func text(_ name: CedarString, of members: [JSONValue.Member]) -> String? {
        guard case .string(let text)? = members.first(where: { $0.name == name })?.value.kind else { return nil }
        return text.string
    }

    private static func comment(_ text: String) -> String {
        String(text.split(whereSeparator: \.isNewline).first?.prefix(140) ?? "")
    }

    private static let maximumDepth = 8

    /// The Cedar type of what a JSON schema describes; `nil` where there is none.
    private static func type(of json: JSONValue, depth: Int) -> String? {
        guard depth < maximumDepth, case .object(let schema) = json.kind else { return nil }
        switch text("type", of: schema) {
        case "string"?: return text("format", of: schema) == "date-time" ? "datetime" : "String"
        case "integer"?: return "Long"
        case "number"?: return "decimal"
        case "boolean"?: return "Bool"
        case "array"?:
            guard let items = schema.first(where: { $0.name == "items" })?.value, let element = type(of: items, depth: depth + 1) else { return nil }
            return "Set<\(element)>"
        case "object"?:
            guard case .object(let properties)? = schema.first(where: { $0.name == "properties" })?.value.kind else { return "{}" }
            var required: Set<CedarString> = []
            if case .array(let names)? = schema.first(where: { $0.name == "required" })?.value.kind {
                for case .string(let name) in names.map(\.kind) { required.insert(name) }
            }
            let attributes = properties.compactMap { property -> String? in
                guard let type = type(of: property.value, depth: depth + 1) else { return nil }
                return "\(Value.string(property.name))\(required.contains(property.name) ? "" : "?"): \(type)"
            }
            return "{ \(attributes.joined(separator: ", ")) }"
        default: return nil
        }
    }
}
