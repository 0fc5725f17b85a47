import LynxCedar

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
