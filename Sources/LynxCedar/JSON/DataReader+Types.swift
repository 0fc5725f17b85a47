/// Reading values of which a schema says what type they should be.
///
/// The type only settles what the JSON means: where it expects an entity or a value of an extension type, the escapes around
/// these may be left out. A value that is of another type all the same is read as what it is; ``Conformance`` finds it.
extension DataReader {
    /// Reads a value in at most `depth` further levels of sets, records and calls.
    mutating func value(_ json: JSONValue, as type: SchemaType, depth: Int = NestingLimit.standard) -> Value? {
        switch (type, json.kind) {
        case (.entity, _):
            return uid(json).map { .entity($0) }
        case (.decimal, _):
            return extensionValue(json, constructor: .decimal, depth: depth)
        case (.ip, _):
            return extensionValue(json, constructor: .ip, depth: depth)
        case (.datetime, _):
            return extensionValue(json, constructor: .datetime, depth: depth)
        case (.duration, _):
            return extensionValue(json, constructor: .duration, depth: depth)
        case (.set(let type), .array(let elements)):
            return set(elements, of: type, at: json.span, depth: depth)
        case (.record(let type), .object(let members)):
            // No member is an escape here, not even one named so.
            guard isWithinLimit(depth, at: json.span) else { return nil }
            return record(members, of: type, depth: depth - 1).map { .record($0) }
        case (.bool, _), (.long, _), (.string, _), (.set, _), (.record, _):
            return value(json)
        }
    }

    /// Reads attributes or a context.
    mutating func record(_ json: JSONValue, of what: String, as type: RecordType) -> Record? {
        guard let members = members(of: json, as: what) else { return nil }
        return record(members, of: type, depth: NestingLimit.standard)
    }

    /// Reads tags, which are all of one type.
    mutating func tags(_ json: JSONValue, as type: SchemaType) -> Record? {
        guard let members = members(of: json, as: "`tags`") else { return nil }
        return record(members) { (reader, member) in reader.value(member.value, as: type) }
    }

    private mutating func record(_ members: [JSONValue.Member], of type: RecordType, depth: Int) -> Record? {
        record(members) { (reader, member) in
            guard let attribute = type[member.name] else { return reader.value(member.value) }
            return reader.value(member.value, as: attribute.type, depth: depth)
        }
    }

    private mutating func set(
        _ elements: [JSONValue], of type: SchemaType, at span: SourceSpan?, depth: Int
    ) -> Value? {
        guard isWithinLimit(depth, at: span) else { return nil }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            if let value = value(element, as: type, depth: depth - 1) { values.append(value) }
        }
        return values.count == elements.count ? .set(ValueSet(values)) : nil
    }

    // MARK: Extension types

    /// Reads a call with or without the `__extn` around it, or else the argument of the type's constructor.
    private mutating func extensionValue(
        _ json: JSONValue, constructor: ExtensionFunction, depth: Int
    ) -> Value? {
        guard isWithinLimit(depth, at: json.span) else { return nil }
        if case .object(let members) = json.kind {
            // Other keys beside these are passed over, as the reference implementation does.
            if let member = members.first(where: { $0.name == "__expr" }), case .string = member.value.kind {
                reportExpression(member)
                return nil
            }
            if case .object(let inner)? = members["__extn"]?.kind, let call = DataReader.call(inner) {
                return typedCall(call, at: json.span, depth: depth - 1)
            }
            if let call = DataReader.call(members) { return typedCall(call, at: json.span, depth: depth - 1) }
        }
        guard case .string(let text) = json.kind else {
            report(
                "expected text or a call for a value of type `\(constructor.resultKind)`, found \(json.kindName)", at: json.span,
                help: "write a string, or {\"fn\": \"\(constructor)\", \"arg\": \"...\"}")
            return nil
        }
        return apply(constructor, to: [.string(text)], at: json.span)
    }

    /// Reads the arguments of a call as what the function takes: they may leave out their escapes too.
    private mutating func typedCall(_ call: Call, at span: SourceSpan?, depth: Int) -> Value? {
        guard let function = function(of: call) else { return nil }
        let kinds = function.parameterKinds
        var arguments: [Value] = []
        for (index, argument) in call.arguments.enumerated() {
            let kind = index < kinds.count ? kinds[index] : kinds.last
            let type = kind.flatMap { BuiltInType(rawValue: $0.rawValue)?.type }
            let value = if let type { value(argument, as: type, depth: depth) } else { value(argument) }
            if let value { arguments.append(value) }
        }
        guard arguments.count == call.arguments.count else { return nil }
        return apply(function, to: arguments, at: span)
    }
}
