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

    /// A set, a record or a call whose parts are being read.
    private struct Composite {
        enum Kind {
            case set([JSONValue], of: SchemaType?)
            case record([JSONValue.Member], of: RecordType?)
            /// With or without types for the arguments.
            case call(ExtensionFunction, [JSONValue], isTyped: Bool)
        }

        let kind: Kind
        let span: SourceSpan?
        /// The parts read so far, or as many of them as had no fault.
        var values: [Value] = []
        var partsRead = 0

        var partCount: Int {
            switch kind {
            case .set(let elements, _): elements.count
            case .record(let members, _): members.count
            case .call(_, let arguments, _): arguments.count
            }
        }

        /// The next part to read, with the type that a schema gives it.
        var nextPart: (json: JSONValue, type: SchemaType?)? {
            guard partsRead < partCount else { return nil }
            switch kind {
            case .set(let elements, let type): return (elements[partsRead], type)
            case .record(let members, let type): return (members[partsRead].value, type?[members[partsRead].name]?.type)
            case .call(let function, let arguments, let isTyped):
                let kinds = function.parameterKinds
                let kind = partsRead < kinds.count ? kinds[partsRead] : kinds.last
                return (arguments[partsRead], isTyped ? kind.flatMap { BuiltInType(rawValue: $0.rawValue)?.type } : nil)
            }
        }

        mutating func add(_ value: Value?) {
            partsRead += 1
            if let value { values.append(value) }
        }
    }

    /// Reads a value, with a list of the sets, records and calls around the current one in place of recursion.
    ///
    /// - Parameter type: what a schema says that it should be. It only settles what the JSON means: where it expects an entity or a value
    ///   of an extension type, the escapes around these may be left out. A value that is of another type all the same is read as what
    ///   it is; ``Conformance`` finds it.
    mutating func value(_ json: JSONValue, as type: SchemaType? = nil) -> Value? {
        var open: [Composite] = []
        var value = begin(json, as: type, &open)
        while let last = open.indices.last {
            if let (part, type) = open[last].nextPart {
                let depth = open.count
                value = begin(part, as: type, &open)
                if open.count == depth { open[last].add(value) }
            } else {
                value = complete(open.removeLast())
                if let parent = open.indices.last { open[parent].add(value) }
            }
        }
        return value
    }

    /// Reads a value without parts, or adds the beginning of another one to `open`.
    private mutating func begin(_ json: JSONValue, as type: SchemaType?, _ open: inout [Composite]) -> Value? {
        switch (type, json.kind) {
        case (.entity?, _):
            return uid(json).map { .entity($0) }
        case (.decimal?, _):
            return beginExtensionValue(json, constructor: .decimal, &open)
        case (.ip?, _):
            return beginExtensionValue(json, constructor: .ip, &open)
        case (.datetime?, _):
            return beginExtensionValue(json, constructor: .datetime, &open)
        case (.duration?, _):
            return beginExtensionValue(json, constructor: .duration, &open)
        case (.set(let type)?, .array(let elements)):
            add(Composite(kind: .set(elements, of: type), span: json.span), to: &open)
            return nil
        case (.record(let type)?, .object(let members)):
            // No member is an escape here, not even one named so.
            add(Composite(kind: .record(members, of: type), span: json.span), to: &open)
            return nil
        case (nil, _), (.bool?, _), (.long?, _), (.string?, _), (.set?, _), (.record?, _):
            return begin(json, &open)
        }
    }

    /// Goes one level deeper, where that is allowed.
    private mutating func add(_ composite: Composite, to open: inout [Composite]) {
        guard open.count < NestingLimit.standard else {
            report("the value nests deeper than \(NestingLimit.standard) levels", at: composite.span)
            return
        }
        open.append(composite)
    }

    /// Reads a value of which no schema says anything.
    private mutating func begin(_ json: JSONValue, _ open: inout [Composite]) -> Value? {
        switch json.kind {
        case .bool(let bool): return .bool(bool)
        case .integer(let integer): return .long(integer)
        case .string(let string): return .string(string)
        case .null:
            reportNull(at: json.span)
            return nil
        case .number(let text):
            reportNumber(text, at: json.span)
            return nil
        case .array(let elements):
            add(Composite(kind: .set(elements, of: nil), span: json.span), to: &open)
            return nil
        case .object(let members):
            return beginObject(members, at: json.span, &open)
        }
    }

    mutating func reportNull(at span: SourceSpan?) {
        report(
            "`null` is no Cedar value", at: span,
            help: "leave the attribute out, and ask for it with `has` in policies")
    }

    mutating func reportNumber(_ text: String, at span: SourceSpan?) {
        report("`\(text.shortened)` is no Cedar value: \(DataReader.fault(ofNumber: text))", at: span,
            help: DataReader.help(forNumber: text))
    }

    private mutating func beginObject(
        _ members: [JSONValue.Member], at span: SourceSpan?, _ open: inout [Composite]
    ) -> Value? {
        let escape = DataReader.escape(members)
        guard escape == nil || isReadable(passedOverIn: members) else { return nil }
        switch escape {
        case .entity(let parts): return uid(parts).map { .entity($0) }
        case .expression(let member): reportExpression(member)
        case .call(let call):
            if let function = function(of: call) {
                add(Composite(kind: .call(function, call.arguments, isTyped: false), span: span), to: &open)
            }
        case nil: add(Composite(kind: .record(members, of: nil), span: span), to: &open)
        }
        return nil
    }

    /// Reads the argument of an extension type's constructor, or a call with or without the `__extn` around it. The call's arguments may
    /// leave out their escapes too.
    private mutating func beginExtensionValue(
        _ json: JSONValue, constructor: ExtensionFunction, _ open: inout [Composite]
    ) -> Value? {
        if case .object(let members) = json.kind {
            // Other keys beside these are passed over, as the reference implementation does.
            if let member = members.first(where: { $0.name == "__expr" }), case .string = member.value.kind {
                reportExpression(member)
                return nil
            }
            var call: Call?
            if case .object(let inner)? = members["__extn"]?.kind { call = DataReader.call(inner) }
            if let call = call ?? DataReader.call(members) {
                if let function = function(of: call) {
                    add(Composite(kind: .call(function, call.arguments, isTyped: true), span: json.span), to: &open)
                }
                return nil
            }
        }
        guard case .string(let text) = json.kind else {
            report(
                "expected text or a call for a value of type `\(constructor.resultKind)`, found \(json.kindName)", at: json.span,
                help: "write a string, or {\"fn\": \"\(constructor)\", \"arg\": \"...\"}")
            return nil
        }
        return apply(constructor, to: [.string(text)], at: json.span)
    }

    /// What the parts make up; `nil` also where one of them had a fault.
    private mutating func complete(_ composite: Composite) -> Value? {
        guard composite.values.count == composite.partCount else { return nil }
        switch composite.kind {
        case .set: return .set(ValueSet(composite.values))
        case .record(let members, _):
            let attributes = zip(members, composite.values).map { Record.Attribute(name: $0.name, value: $1) }
            return record(attributes, at: composite.span).map { .record($0) }
        case .call(let function, _, _): return apply(function, to: composite.values, at: composite.span)
        }
    }

    /// - Returns: `nil`, reported, when a tree that a program built names an attribute twice.
    private mutating func record(_ attributes: [Record.Attribute], at span: SourceSpan?) -> Record? {
        let record = Record(attributes)
        if record == nil { report("an object has the same key more than once", at: span) }
        return record
    }

    /// Reads attributes or tags: here no name has a special meaning.
    mutating func record(_ json: JSONValue, of what: String) -> Record? {
        guard let members = members(of: json, as: what) else { return nil }
        return record(members) { (reader, member) in reader.value(member.value) }
    }

    /// Reads the members of an object, each by `read`.
    mutating func record(
        _ members: [JSONValue.Member], _ read: (inout DataReader, JSONValue.Member) -> Value?
    ) -> Record? {
        var attributes: [Record.Attribute] = []
        attributes.reserveCapacity(members.count)
        for member in members {
            if let value = read(&self, member) { attributes.append(Record.Attribute(name: member.name, value: value)) }
        }
        return attributes.count == members.count ? record(attributes, at: members.first?.nameSpan) : nil
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
            return call(members).map { .call($0) }
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

    /// What `fn` and `arg` or `args` say; `nil` where they are missing or of another form.
    static func call(_ members: [JSONValue.Member]) -> Call? {
        guard let function = members["fn"], case .string(let name) = function.kind else { return nil }
        if let argument = members["arg"] {
            return Call(function: name, functionSpan: function.span, arguments: [argument])
        }
        guard case .array(let arguments)? = members["args"]?.kind else { return nil }
        return Call(function: name, functionSpan: function.span, arguments: arguments)
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

    private static let functions: [CedarString: ExtensionFunction] = Dictionary(
        uniqueKeysWithValues: ExtensionFunction.allCases.map { (CedarString($0.rawValue), $0) })

    mutating func function(of call: Call) -> ExtensionFunction? {
        if let function = DataReader.functions[call.function] { return function }
        let suggestion = Spelling.suggestion(
            for: call.function.string, among: ExtensionFunction.allCases.map(\.rawValue))
        report(
            "there is no extension function \(call.function.excerpt)", at: call.functionSpan,
            help: suggestion.map { "did you mean `\($0)`?" })
        return nil
    }

    mutating func apply(_ function: ExtensionFunction, to arguments: [Value], at span: SourceSpan?) -> Value? {
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
