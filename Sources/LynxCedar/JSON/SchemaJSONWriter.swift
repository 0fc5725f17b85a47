extension SchemaFragment {
    /// The schema in Cedar's JSON format, names as they stand in the fragment.
    ///
    /// What is declared together, such as `entity A, B;`, is written out for each name. Within a namespace common types come first,
    /// then entity types, then actions, each in their order. Linear in the size of the result.
    public var json: JSONValue {
        var namespaces: [JSONValue.Member] = []
        var unqualified: [SchemaDeclaration] = []
        for item in items {
            switch item {
            case .declaration(let declaration): unqualified.append(declaration)
            case .namespace(let namespace):
                namespaces.append(
                    JSONValue.Member(
                        CedarString(namespace.name.description),
                        SchemaJSONWriter.namespace(namespace.declarations, annotations: namespace.annotations)))
            }
        }
        if !unqualified.isEmpty {
            namespaces.insert(JSONValue.Member("", SchemaJSONWriter.namespace(unqualified, annotations: [])), at: 0)
        }
        return JSONValue(.object(namespaces))
    }
}

/// Writes the declarations of a schema in Cedar's JSON format. What the format lets be left out is left out, except that an action
/// always says what it applies to, as the reference implementation has it.
private enum SchemaJSONWriter {
    static func namespace(_ declarations: [SchemaDeclaration], annotations: [Annotation]) -> JSONValue {
        var commonTypes: [JSONValue.Member] = []
        var entityTypes: [JSONValue.Member] = []
        var actions: [JSONValue.Member] = []
        for declaration in declarations {
            switch declaration {
            case .commonType(let commonType):
                let members = members(of: commonType.type) + self.annotations(commonType.annotations)
                commonTypes.append(JSONValue.Member(CedarString(commonType.name.name), JSONValue(.object(members))))
            case .entity(let entity):
                let type = entityType(entity)
                entityTypes += entity.names.map { JSONValue.Member(CedarString($0.name), type) }
            case .action(let action):
                let json = self.action(action)
                actions += action.ids.map { JSONValue.Member($0.id, json) }
            }
        }
        var members: [JSONValue.Member] = []
        if !commonTypes.isEmpty { members.append(JSONValue.Member("commonTypes", JSONValue(.object(commonTypes)))) }
        members.append(JSONValue.Member("entityTypes", JSONValue(.object(entityTypes))))
        members.append(JSONValue.Member("actions", JSONValue(.object(actions))))
        return JSONValue(.object(members + self.annotations(annotations)))
    }

    // MARK: Declarations

    private static func entityType(_ entity: EntityDeclaration) -> JSONValue {
        var members: [JSONValue.Member] = []
        switch entity.kind {
        case .enumeration(let ids):
            members.append(JSONValue.Member("enum", JSONValue(.array(ids.map { JSONValue(.string($0.id)) }))))
        case .standard(let memberOf, let attributes, let tags):
            if !memberOf.isEmpty { members.append(JSONValue.Member("memberOfTypes", names(memberOf))) }
            if let attributes, !attributes.isEmptyRecord { members.append(JSONValue.Member("shape", type(attributes))) }
            if let tags { members.append(JSONValue.Member("tags", type(tags))) }
        }
        return JSONValue(.object(members + annotations(entity.annotations)))
    }

    private static func action(_ action: ActionDeclaration) -> JSONValue {
        var members: [JSONValue.Member] = []
        if let memberOf = action.memberOf {
            members.append(JSONValue.Member("memberOf", JSONValue(.array(memberOf.map(actionName)))))
        }
        var appliesTo: [JSONValue.Member] = [
            JSONValue.Member("principalTypes", names(action.appliesTo?.principals ?? [])),
            JSONValue.Member("resourceTypes", names(action.appliesTo?.resources ?? [])),
        ]
        if let context = action.appliesTo?.context, !context.isEmptyRecord {
            appliesTo.append(JSONValue.Member("context", type(context)))
        }
        members.append(JSONValue.Member("appliesTo", JSONValue(.object(appliesTo))))
        return JSONValue(.object(members + annotations(action.annotations)))
    }

    private static func actionName(_ action: ActionName) -> JSONValue {
        var members = [JSONValue.Member("id", JSONValue(.string(action.id)))]
        if let type = action.type { members.append(JSONValue.Member("type", text(type.name))) }
        return JSONValue(.object(members))
    }

    /// The member `annotations`, when there are any. A bare annotation reads as the empty string, and is written as that.
    private static func annotations(_ annotations: [Annotation]) -> [JSONValue.Member] {
        guard !annotations.isEmpty else { return [] }
        let members = annotations.map { JSONValue.Member(CedarString($0.key), JSONValue(.string($0.value ?? ""))) }
        return [JSONValue.Member("annotations", JSONValue(.object(members)))]
    }

    // MARK: Types

    private static func type(_ expression: TypeExpression) -> JSONValue { JSONValue(.object(members(of: expression))) }

    private static func members(of expression: TypeExpression) -> [JSONValue.Member] {
        switch expression.kind {
        case .name(let name, .any): return [kind("EntityOrCommon"), JSONValue.Member("name", text(name))]
        case .name(let name, .entity): return [kind("Entity"), JSONValue.Member("name", text(name))]
        case .name(let name, .common): return [JSONValue.Member("type", text(name))]
        case .set(let element): return [kind("Set"), JSONValue.Member("element", type(element))]
        case .record(let attributes):
            return [kind("Record"), JSONValue.Member("attributes", JSONValue(.object(attributes.map(attribute))))]
        case .builtIn(.bool): return [kind("Boolean")]
        case .builtIn(.long): return [kind("Long")]
        case .builtIn(.string): return [kind("String")]
        case .builtIn(let type): return [kind("Extension"), JSONValue.Member("name", JSONValue(.string(CedarString(type.rawValue))))]
        }
    }

    private static func attribute(_ attribute: AttributeDeclaration) -> JSONValue.Member {
        var members = members(of: attribute.type)
        if !attribute.isRequired { members.append(JSONValue.Member("required", false)) }
        return JSONValue.Member(attribute.name, JSONValue(.object(members + annotations(attribute.annotations))))
    }

    private static func kind(_ name: CedarString) -> JSONValue.Member { JSONValue.Member("type", JSONValue(.string(name))) }

    private static func text(_ name: Name) -> JSONValue { JSONValue(.string(CedarString(name.description))) }

    private static func names(_ types: [TypeName]) -> JSONValue { JSONValue(.array(types.map { text($0.name) })) }
}

extension TypeExpression {
    var isEmptyRecord: Bool {
        if case .record(let attributes) = kind { attributes.isEmpty } else { false }
    }
}
