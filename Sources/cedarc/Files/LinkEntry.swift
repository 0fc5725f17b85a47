import LynxCedar

/// A link of a template as the links file has it: `{"template_id": ..., "link_id": ..., "args": {"?principal": ...}}`.
struct LinkEntry {
    let template: PolicyID
    let id: PolicyID
    let values: [SlotID: EntityUID]
    /// Where the entry was read from.
    var place: (span: SourceSpan?, source: SourceText?) = (nil, nil)

    /// Links the template in the set.
    @discardableResult
    func add(to policies: inout PolicySet) throws(Failure) -> Policy {
        do throws(PolicySetError) {
            return try policies.link(template: template, as: id, values: values)
        } catch {
            throw Failure([
                Diagnostic("cannot link the template `\(template)` as `\(id)`: \(error)", span: place.span, source: place.source)
            ])
        }
    }
}

extension LinkEntry {
    init(_ json: JSONValue, source: SourceText) throws(ParseError) {
        func text(_ name: CedarString) throws(ParseError) -> CedarString {
            guard let member = json[name] else {
                throw ParseError(Diagnostic("a link needs the member `\(name)`", span: json.span, source: source))
            }
            guard case .string(let text) = member.kind else {
                throw ParseError(Diagnostic("`\(name)` must be a string", span: member.span, source: source))
            }
            return text
        }
        self.template = PolicyID(try text("template_id"))
        self.id = PolicyID(try text("link_id"))
        guard let arguments = json["args"] else {
            throw ParseError(Diagnostic("a link needs the member `args`", span: json.span, source: source))
        }
        self.values = try SlotValues.read(arguments, source: source)
        self.place = (json.span, source)
    }

    var json: JSONValue {
        [
            "template_id": JSONValue(.string(template.text)),
            "link_id": JSONValue(.string(id.text)),
            "args": SlotValues.json(values),
        ]
    }
}

/// The values of a link's slots: a JSON object from slots to entity uids as Cedar text.
enum SlotValues {
    static func read(_ json: JSONValue, source: SourceText) throws(ParseError) -> [SlotID: EntityUID] {
        guard case .object(let members) = json.kind else {
            throw ParseError(
                Diagnostic(
                    "slot values must be an object", span: json.span,
                    help: #"write for instance {"?principal": "User::\"alice\""}"#, source: source))
        }
        var values: [SlotID: EntityUID] = [:]
        for member in members {
            guard let slot = SlotID.allCases.first(where: { CedarString($0.rawValue) == member.name }) else {
                throw ParseError(
                    Diagnostic(
                        "there is no slot `\(member.name)`", span: member.nameSpan,
                        help: "the slots are `?principal` and `?resource`", source: source))
            }
            values[slot] = try uid(member.value, of: slot, source: source)
        }
        return values
    }

    private static func uid(
        _ json: JSONValue, of slot: SlotID, source: SourceText
    ) throws(ParseError) -> EntityUID {
        let help = #"write for instance "User::\"alice\"""#
        guard case .string(let text) = json.kind else {
            throw ParseError(
                Diagnostic("the value of `\(slot)` must be a string", span: json.span, help: help, source: source))
        }
        do throws(ParseError) {
            return try EntityUID(cedar: text.string)
        } catch {
            let reason = error.diagnostics.first.map { ": \($0.message)" } ?? ""
            throw ParseError(
                Diagnostic("the value of `\(slot)` is no entity uid\(reason)", span: json.span, help: help, source: source))
        }
    }

    static func json(_ values: [SlotID: EntityUID]) -> JSONValue {
        JSONValue(
            .object(
                SlotID.allCases.compactMap { slot in
                    values[slot].map {
                        JSONValue.Member(CedarString(slot.rawValue), JSONValue(.string(CedarString($0.description))))
                    }
                }))
    }
}

extension JSONValue {
    /// The value of an object's member; `nil` where there is none.
    fileprivate subscript(name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }
}
