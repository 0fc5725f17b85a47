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
