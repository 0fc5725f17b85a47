/// Reads Cedar's JSON data format (values, entity uids, entities, requests) from JSON trees, and gathers all faults.
///
/// Its methods give `nil` for what has a fault, which they have then reported.
struct DataReader {
    private(set) var diagnostics: DiagnosticCollector

    init(source: SourceText?) {
        self.diagnostics = DiagnosticCollector(source: source)
    }

    /// Reads one thing, and throws what was reported on the way.
    static func read<Result>(
        from source: SourceText?, _ body: (inout DataReader) -> Result?
    ) throws(ParseError) -> Result {
        var reader = DataReader(source: source)
        let result = body(&reader)
        return try reader.finish(result)
    }

    /// What was read, if nothing was reported.
    func finish<Result>(_ result: Result?) throws(ParseError) -> Result {
        try diagnostics.finish()
        guard let result else {
            throw ParseError(Diagnostic("the JSON text cannot be read", source: diagnostics.source))
        }
        return result
    }

    mutating func report(
        _ message: String, at span: SourceSpan?, help: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        diagnostics.report(message, span: span, help: help, notes: notes)
    }

    // MARK: Values

    /// Reads a value in at most `depth` further levels of sets, records and calls.
    mutating func value(_ json: JSONValue, depth: Int = NestingLimit.standard) -> Value? {
        switch json.kind {
        case .bool(let bool): return .bool(bool)
        case .integer(let integer): return .long(integer)
        case .string(let string): return .string(string)
        case .array(let elements): return set(elements, at: json.span, depth: depth)
        case .object(let members): return recordOrEscape(members, at: json.span, depth: depth)
        case .null:
            reportNull(at: json.span)
            return nil
        case .number(let text):
            reportNumber(text, at: json.span)
            return nil
        }
    }

    mutating func reportNull(at span: SourceSpan?) {
        report(
            "`null` is no Cedar value", at: span,
            help: "leave the attribute out, and ask for it with `has` in policies")
    }

    mutating func reportNumber(_ text: String, at span: SourceSpan?) {
        report("`\(text.excerpted)` is no Cedar value: \(DataReader.fault(ofNumber: text))", at: span,
            help: DataReader.help(forNumber: text))
    }

    private mutating func set(_ elements: [JSONValue], at span: SourceSpan?, depth: Int) -> Value? {
        guard isWithinLimit(depth, at: span) else { return nil }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            if let value = value(element, depth: depth - 1) { values.append(value) }
        }
        return values.count == elements.count ? .set(ValueSet(values)) : nil
    }

    private mutating func recordOrEscape(_ members: [JSONValue.Member], at span: SourceSpan?, depth: Int) -> Value? {
        guard isWithinLimit(depth, at: span) else { return nil }
        guard let escape = DataReader.escape(members) else { return record(members, depth: depth - 1).map { .record($0) } }
        guard isReadable(passedOverIn: members) else { return nil }
        switch escape {
        case .entity(let parts): return uid(parts).map { .entity($0) }
        case .call(let call): return self.call(call, at: span, depth: depth - 1)
        case .expression(let member):
            reportExpression(member)
            return nil
        }
    }

    /// Reads attributes or tags: here no name has a special meaning.
    mutating func record(_ json: JSONValue, of what: String) -> Record? {
        guard case .object(let members) = json.kind else {
            report("\(what) must be an object, not \(json.kindName)", at: json.span)
            return nil
        }
        return record(members, depth: NestingLimit.standard)
    }

    private mutating func record(_ members: [JSONValue.Member], depth: Int) -> Record? {
        var attributes: [Record.Attribute] = []
        attributes.reserveCapacity(members.count)
        for member in members {
            if let value = value(member.value, depth: depth) {
                attributes.append(Record.Attribute(name: member.name, value: value))
            }
        }
        guard attributes.count == members.count else { return nil }
        guard let record = Record(attributes) else {
            report("an object has the same key more than once", at: members.first?.nameSpan)
            return nil
        }
        return record
    }

    private mutating func isWithinLimit(_ depth: Int, at span: SourceSpan?) -> Bool {
        guard depth <= 0 else { return true }
        report("the value nests deeper than \(NestingLimit.standard) levels", at: span)
        return false
    }

    // MARK: Escapes

    /// What an object means that is more than a record.
    enum Escape {
        case entity(UIDParts)
        case call(Call)
        case expression(JSONValue.Member)
    }

    /// The parts of a uid, as they stand in the JSON.
    struct UIDParts {
        let type: CedarString
        let id: CedarString
        let typeSpan: SourceSpan?
    }

    struct Call {
        let function: CedarString
        let functionSpan: SourceSpan?
        let arguments: [JSONValue]
    }

    /// Recognises escapes as the reference implementation does: the object has one member only, and that has the
    /// escape's form; keys beside `type` and `id` or `fn` and `arg` are passed over. Every other object is a record.
    static func escape(_ members: [JSONValue.Member]) -> Escape? {
        guard let member = members.first, members.count == 1 else { return nil }
        switch (member.name, member.value.kind) {
        case ("__entity", .object(let members)):
            return uidParts(members).map { .entity($0) }
        case ("__extn", .object(let members)):
            guard let function = members["fn"], case .string(let name) = function.kind else { return nil }
            if let argument = members["arg"] {
                return .call(Call(function: name, functionSpan: function.span, arguments: [argument]))
            }
            guard case .array(let arguments)? = members["args"]?.kind else { return nil }
            return .call(Call(function: name, functionSpan: function.span, arguments: arguments))
        case ("__expr", .string):
            return .expression(member)
        default:
            return nil
        }
    }

    /// Whether the keys that an escape passes over have no number that Cedar has not: all of an object is read as values
    /// before it is taken for an escape, as in the reference implementation. `null` passes; it is refused only where it counts.
    ///
    /// Reports the numbers.
    mutating func isReadable(passedOverIn escape: [JSONValue.Member]) -> Bool {
        guard case .object(let members)? = escape.first?.value.kind, members.count > 2 else { return true }
        let arguments: CedarString = members["arg"] == nil ? "args" : "arg"
        var pending = members.filter { $0.name != arguments }.map(\.value)
        var isReadable = true
        while let next = pending.popLast() {
            switch next.kind {
            case .number(let text):
                reportNumber(text, at: next.span)
                isReadable = false
            case .array(let elements): pending += elements
            case .object(let members): pending += members.map(\.value)
            case .null, .bool, .integer, .string: break
            }
        }
        return isReadable
    }

    private static func uidParts(_ members: [JSONValue.Member]) -> UIDParts? {
        guard let type = members["type"], case .string(let name) = type.kind, case .string(let id)? = members["id"]?.kind
        else { return nil }
        return UIDParts(type: name, id: id, typeSpan: type.span)
    }

    mutating func reportExpression(_ member: JSONValue.Member) {
        report(
            "the escape `__expr` is no longer part of Cedar's JSON format", at: member.nameSpan,
            help: "write entities as `__entity` and extension values as `__extn`")
    }

    mutating func function(of call: Call) -> ExtensionFunction? {
        if let function = ExtensionFunction(rawValue: call.function.string) { return function }
        let known = ExtensionFunction.allCases.map(\.rawValue)
        let suggestion = Spelling.suggestion(for: call.function.string, among: known)
        report(
            "there is no extension function \(call.function.excerpt)", at: call.functionSpan,
            help: suggestion.map { "did you mean `\($0)`?" })
        return nil
    }

    private mutating func call(_ call: Call, at span: SourceSpan?, depth: Int) -> Value? {
        guard let function = function(of: call) else { return nil }
        var arguments: [Value] = []
        for argument in call.arguments {
            if let value = value(argument, depth: depth) { arguments.append(value) }
        }
        guard arguments.count == call.arguments.count else { return nil }
        do throws(EvaluationError) {
            return try function.apply(arguments)
        } catch {
            report("\(error)", at: span, help: error.help)
            return nil
        }
    }

    // MARK: Entity uids

    /// Reads a uid where no other value may stand: with or without the `__entity` around it.
    mutating func uid(_ json: JSONValue) -> EntityUID? {
        guard case .object(let members) = json.kind else {
            var help: String?
            if case .string = json.kind { help = "write {\"type\": \"User\", \"id\": \"alice\"} for User::\"alice\"" }
            report("expected an entity uid as an object of `type` and `id`, found \(json.kindName)", at: json.span, help: help)
            return nil
        }
        if let member = members.first(where: { $0.name == "__expr" }), case .string = member.value.kind {
            reportExpression(member)
            return nil
        }
        if case .object(let inner)? = members["__entity"]?.kind, let parts = DataReader.uidParts(inner) {
            return uid(parts)
        }
        if let parts = DataReader.uidParts(members) { return uid(parts) }
        reportMissingParts(of: members["__entity"] ?? json)
        return nil
    }

    /// Reads a uid that may also be Cedar text.
    mutating func uidOrText(_ json: JSONValue) -> EntityUID? {
        guard case .string(let text) = json.kind else { return uid(json) }
        do throws(ParseError) {
            return try EntityUID(cedar: text.string)
        } catch {
            // The error's own spans are those of the text without the JSON around it.
            for diagnostic in error.diagnostics {
                report(diagnostic.message, at: json.span, help: diagnostic.help)
            }
            return nil
        }
    }

    mutating func uid(_ parts: UIDParts) -> EntityUID? {
        entityType(parts.type, at: parts.typeSpan).map { EntityUID(type: $0, id: parts.id) }
    }

    mutating func entityType(_ text: CedarString, at span: SourceSpan?) -> Name? {
        if let type = Name(text.string) { return type }
        report("\(text.excerpt) is no entity type", at: span, help: DataReader.help(forType: text.string))
        return nil
    }

    private mutating func reportMissingParts(of json: JSONValue) {
        guard case .object(let members) = json.kind else {
            report("expected an object of `type` and `id`, found \(json.kindName)", at: json.span)
            return
        }
        for key in ["type", "id"] as [CedarString] {
            switch members[key]?.kind {
            case .string?: break
            case nil: reportMissing(key, of: "the entity uid", in: members, known: ["type", "id"], at: json.span)
            case _?: report("the `\(key)` of an entity uid must be a string", at: members[key]?.span)
            }
        }
    }

    // MARK: Objects with fixed keys

    /// Reports that a required key is missing, with a guess at which of the others was meant to be it.
    mutating func reportMissing(
        _ key: CedarString, of what: String, in members: [JSONValue.Member], known: Set<CedarString>, at span: SourceSpan?
    ) {
        let others = members.lazy.map(\.name).filter { !known.contains($0) }.prefix(16).map(\.string)
        let suggestion = Spelling.suggestion(for: key.string, among: others)
        report(
            "\(what) has no `\(key)`", at: span,
            help: suggestion.map { "did you mean `\(key)` by \(CedarString($0).excerpt)?" })
    }

    private static func fault(ofNumber text: String) -> String {
        if text == "-0" { return "there is no negative zero" }
        let isInteger = text.utf8.allSatisfy { $0.isDecimalDigit || $0 == UInt8(ascii: "-") }
        return isInteger ? "it does not fit in 64 bits" : "there are only integers"
    }

    private static func help(forNumber text: String) -> String? {
        if text == "-0" { return "write `0`" }
        guard text.utf8.contains(UInt8(ascii: ".")), text.utf8.count <= 40 else { return nil }
        return "did you mean {\"__extn\": {\"fn\": \"decimal\", \"arg\": \"\(text)\"}}?"
    }

    private static func help(forType text: String) -> String? {
        let withoutSpace = text.filter { !$0.isWhitespace }
        if withoutSpace != text, let name = Name(withoutSpace) { return "did you mean `\(name)`?" }
        let components = text.split(separator: ":", omittingEmptySubsequences: true).map(String.init)
        if components.contains(Name.reservedNamespace) { return "the namespace `__cedar` is the language's own" }
        if let word = components.first(where: Name.reservedWords.contains) { return "`\(word)` is a reserved word" }
        return "types are names such as `User` or `PhotoApp::User`"
    }
}

extension [JSONValue.Member] {
    /// The value of the member with that name; `O(n)`.
    subscript(name: CedarString) -> JSONValue? {
        first { $0.name == name }?.value
    }
}

extension JSONValue {
    /// What to call the value in a message.
    var kindName: String {
        switch kind {
        case .null: "`null`"
        case .bool: "a Boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension String {
    /// The text, cut when it is long.
    fileprivate var excerpted: String {
        utf8.count <= 60 ? self : String(prefix(60)) + "..."
    }
}
