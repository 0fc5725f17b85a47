import Foundation
import LynxCedar

/// A JSON file that describes a case, with look-ups that say what is missing.
struct CaseFile {
    let source: SourceText
    let json: JSONValue

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    init(_ url: URL) throws {
        source = try url.sourceText()
        json = try JSONValue(parsing: source)
    }

    /// A file of policies and templates that the case names, with the links that it gives.
    func policies(relativeTo root: URL) throws -> PolicySet {
        let source = try root.appending(path: try json.text("policies")).sourceText()
        var policies =
            source.name.hasSuffix(".json") ? try PolicySet(json: source) : try PolicySet(cedar: source)
        for link in json["links"]?.elements ?? [] {
            var values: [SlotID: EntityUID] = [:]
            for member in try link.required("values").members {
                guard let slot = SlotID(rawValue: member.name.string) else {
                    throw Malformed(description: "`\(member.name)` is no slot")
                }
                values[slot] = try EntityUID(json: member.value, source: self.source)
            }
            try policies.link(
                template: PolicyID(try link.text("template")), as: PolicyID(try link.text("id")), values: values)
        }
        return policies
    }

    /// The schema that the case names; `nil` when it names none.
    func schema(relativeTo root: URL) throws -> Schema? {
        guard json["schema"] != nil else { return nil }
        return try Schema(cedar: root.appending(path: try json.text("schema")).sourceText())
    }

    func entities(relativeTo root: URL, schema: Schema? = nil) throws -> Entities {
        try Entities(json: try root.appending(path: try json.text("entities")).sourceText(), schema: schema)
    }
}

extension JSONValue {
    var members: [Member] {
        if case .object(let members) = kind { members } else { [] }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = kind { elements } else { [] }
    }

    subscript(name: CedarString) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    func required(_ name: CedarString) throws -> JSONValue {
        guard let value = self[name] else { throw CaseFile.Malformed(description: "the case lacks `\(name)`") }
        return value
    }

    func text(_ name: CedarString) throws -> String {
        guard case .string(let text) = try required(name).kind else {
            throw CaseFile.Malformed(description: "`\(name)` is not a string")
        }
        return text.string
    }

    /// The policy ids of an array, as a set.
    func ids(_ name: CedarString) throws -> Set<PolicyID> {
        var ids: Set<PolicyID> = []
        for element in try required(name).elements {
            guard case .string(let text) = element.kind else {
                throw CaseFile.Malformed(description: "`\(name)` holds something that is not a string")
            }
            ids.insert(PolicyID(text))
        }
        return ids
    }
}
