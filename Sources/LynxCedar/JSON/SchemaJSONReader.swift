/// Reads schemas in Cedar's JSON format; ``TypeJSONReader`` reads the types in them.
///
/// Unknown keys are errors everywhere. All faults are collected: a reading function that returns `nil` has reported why.
struct SchemaJSONReader {
    private var types: TypeJSONReader

    /// Reads a schema, and throws what was reported on the way.
    static func read(_ json: JSONValue, source: SourceText?) throws(ParseError) -> SchemaFragment {
        var reader = SchemaJSONReader(types: TypeJSONReader(data: DataReader(source: source)))
        let items = reader.items(json)
        return SchemaFragment(items: try reader.data.finish(items), source: source)
    }

    private var data: DataReader {
        get { types.data }
        _modify { yield &types.data }
    }

    private mutating func items(_ json: JSONValue) -> [SchemaFragment.Item]? {
        guard let members = data.members(of: json, as: "a schema") else { return nil }
        var items: [SchemaFragment.Item] = []
        for member in members where !data.diagnostics.isFull {
            guard !isOutsideOfNamespaces(member) else { continue }
            guard let namespace = namespace(member) else { continue }
            switch namespace.name {
            case let name?:
                items.append(
                    .namespace(
                        NamespaceDeclaration(
                            name: name, declarations: namespace.declarations, annotations: namespace.annotations,
                            nameSpan: member.nameSpan, span: member.value.span)))
            case nil:
                items += namespace.declarations.map { .declaration($0) }
            }
        }
        return items
    }

    /// Whether declarations stand where namespaces are expected; it is reported.
    private mutating func isOutsideOfNamespaces(_ member: JSONValue.Member) -> Bool {
        guard ["commonTypes", "entityTypes", "actions"].contains(member.name), member.value.member("entityTypes") == nil,
            member.value.member("actions") == nil
        else { return false }
        data.report(
            "`\(member.name)` stands outside of a namespace", at: member.nameSpan,
            help: #"put it into one, such as the empty one: `{ "": { "entityTypes": {}, "actions": {} } }`"#)
        return true
    }

    private mutating func namespace(
        _ member: JSONValue.Member
    ) -> (name: Name?, declarations: [SchemaDeclaration], annotations: [Annotation])? {
        var name: Name?
        if !member.name.string.isEmpty {
            name = Name(member.name.string)
            if name == nil, Name(member.name.string, allowsReservedNamespace: true) != nil {
                data.report("`\(Name.reservedNamespace)` is reserved for the language itself", at: member.nameSpan)
            } else if name == nil {
                data.report(
                    "\(member.name.excerpt) is no name for a namespace", at: member.nameSpan,
                    help: "namespaces are named such as `PhotoApp`; the empty text stands for the empty one")
            }
        }
        guard
            let fields = data.fields(
                of: member.value, in: "a namespace", required: ["entityTypes", "actions"],
                optional: ["commonTypes", "annotations"])
        else { return nil }
        let annotations = fields["annotations"].map { data.annotations($0) } ?? []
        if member.name.string.isEmpty, !annotations.isEmpty {
            data.report("the empty namespace has no annotations", at: fields["annotations"]?.span)
        }
        var declarations: [SchemaDeclaration] = []
        for member in fields["commonTypes"].flatMap({ data.members(of: $0, as: "`commonTypes`") }) ?? [] {
            if let type = commonType(member) { declarations.append(.commonType(type)) }
        }
        for member in fields["entityTypes"].flatMap({ data.members(of: $0, as: "`entityTypes`") }) ?? [] {
            if let type = entityType(member) { declarations.append(.entity(type)) }
        }
        for member in fields["actions"].flatMap({ data.members(of: $0, as: "`actions`") }) ?? [] {
            if let action = action(member) { declarations.append(.action(action)) }
        }
        return (name, declarations, annotations)
    }

    /// A name being declared, which is one identifier.
    private mutating func declaredName(_ member: JSONValue.Member) -> DeclaredName? {
        let text = member.name.string
        guard Name.isIdentifier(text), !Name.reservedWords.contains(text) else {
            data.report(
                "\(member.name.excerpt) cannot name a type", at: member.nameSpan,
                help: text.contains("::") ? "a declared name has no namespace in it" : "names are identifiers, such as `User`")
            return nil
        }
        return DeclaredName(name: text, span: member.nameSpan)
    }

    private mutating func commonType(_ member: JSONValue.Member) -> CommonTypeDeclaration? {
        let name = declaredName(member)
        let type = types.annotatedType(member.value, in: "a common type", allowsRequired: false)
        guard let name, let type else { return nil }
        return CommonTypeDeclaration(
            name: name, type: type.type, annotations: type.annotations, span: member.value.span)
    }

    // MARK: Entity types

    private mutating func entityType(_ member: JSONValue.Member) -> EntityDeclaration? {
        let name = declaredName(member)
        guard
            let fields = data.fields(
                of: member.value, in: "an entity type", required: [],
                optional: ["memberOfTypes", "shape", "tags", "enum", "annotations"],
                confused: ["memberOf": "memberOfTypes", "attributes": "shape"])
        else { return nil }
        let annotations = fields["annotations"].map { data.annotations($0) } ?? []
        let kind = fields["enum"].map { enumeration($0, fields) } ?? standard(fields)
        guard let name, let kind else { return nil }
        return EntityDeclaration(names: [name], kind: kind, annotations: annotations, span: member.value.span)
    }

    private mutating func standard(_ fields: [CedarString: JSONValue]) -> EntityDeclaration.Kind? {
        let memberOf = fields["memberOfTypes"].map { types.names($0, as: "`memberOfTypes`") } ?? []
        var isValid = true
        var attributes: TypeExpression?
        if let shape = fields["shape"] {
            attributes = types.type(shape)
            isValid = attributes != nil
        }
        var tags: TypeExpression?
        if let json = fields["tags"] {
            tags = types.type(json)
            isValid = isValid && tags != nil
        }
        return isValid ? .standard(memberOf: memberOf, attributes: attributes, tags: tags) : nil
    }

    private mutating func enumeration(
        _ json: JSONValue, _ fields: [CedarString: JSONValue]
    ) -> EntityDeclaration.Kind? {
        for key in ["memberOfTypes", "shape", "tags"] as [CedarString] {
            guard let other = fields[key] else { continue }
            data.report("an enumeration has no `\(key)`", at: other.span, help: "leave out `\(key)`, or `enum`")
        }
        guard let elements = data.elements(of: json, as: "`enum`") else { return nil }
        if elements.isEmpty { data.report("an enumeration has at least one id", at: json.span) }
        return .enumeration(
            elements.compactMap { element in
                data.string(element, as: "an id").map { DeclaredID(id: $0, span: element.span) }
            })
    }

    // MARK: Actions

    private mutating func action(_ member: JSONValue.Member) -> ActionDeclaration? {
        guard
            let fields = data.fields(
                of: member.value, in: "an action", required: [],
                optional: ["attributes", "appliesTo", "memberOf", "annotations"],
                confused: ["memberOfTypes": "memberOf"])
        else { return nil }
        if let attributes = fields["attributes"], !attributes.isNull {
            data.report("actions have no attributes", at: attributes.span, help: "leave out `attributes`")
        }
        var memberOf: [ActionName]?
        if let json = fields["memberOf"], !json.isNull {
            memberOf = data.elements(of: json, as: "`memberOf`")?.compactMap { actionName($0) }
        }
        var appliesTo: ActionDeclaration.AppliesTo?
        if let json = fields["appliesTo"], !json.isNull { appliesTo = self.appliesTo(json) }
        return ActionDeclaration(
            ids: [DeclaredID(id: member.name, span: member.nameSpan)], memberOf: memberOf, appliesTo: appliesTo,
            annotations: fields["annotations"].map { data.annotations($0) } ?? [], span: member.value.span)
    }

    private mutating func actionName(_ json: JSONValue) -> ActionName? {
        if case .string(let id) = json.kind {
            data.report("an action's parent must be an object, not a string", at: json.span, help: "write `{ \"id\": \(id.excerpt) }`")
            return nil
        }
        guard let fields = data.fields(of: json, in: "an action's parent", required: ["id"], optional: ["type"]) else { return nil }
        var type: TypeName?
        if let json = fields["type"], !json.isNull { type = types.name(json, as: "the type of an action") }
        guard let id = fields["id"].flatMap({ data.string($0, as: "the id of an action") }) else { return nil }
        return ActionName(type: type, id: id, span: json.span)
    }

    private mutating func appliesTo(_ json: JSONValue) -> ActionDeclaration.AppliesTo? {
        guard
            let fields = data.fields(
                of: json, in: "`appliesTo`", required: ["principalTypes", "resourceTypes"], optional: ["context"],
                confused: ["principal": "principalTypes", "resource": "resourceTypes"])
        else { return nil }
        let principals = fields["principalTypes"].map { types.names($0, as: "`principalTypes`") }
        let resources = fields["resourceTypes"].map { types.names($0, as: "`resourceTypes`") }
        let context = fields["context"].flatMap { types.type($0) }
        guard let principals, let resources else { return nil }
        return ActionDeclaration.AppliesTo(principals: principals, resources: resources, context: context)
    }
}
