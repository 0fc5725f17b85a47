/// Reads the types in a schema in Cedar's JSON format. A reading function that returns `nil` has reported why.
struct TypeJSONReader {
    var data: DataReader

    /// A type with what else can be said of an attribute or common type.
    struct AnnotatedType {
        var type: TypeExpression
        var isRequired: Bool
        var annotations: [Annotation]
    }

    private static let typeKeys: Set<CedarString> = ["type", "element", "attributes", "additionalAttributes", "name"]

    mutating func type(_ json: JSONValue, depth: Int = SchemaType.maximumDepth) -> TypeExpression? {
        guard let members = data.members(of: json, as: "a type") else { return nil }
        return type(members, at: json.span, in: "a type", beside: [], depth: depth)
    }

    /// Reads a type that annotations may stand beside.
    ///
    /// - Parameter allowsRequired: whether `required` may stand there too, as it may for attributes.
    mutating func annotatedType(
        _ json: JSONValue, in place: String, allowsRequired: Bool, depth: Int = SchemaType.maximumDepth
    ) -> AnnotatedType? {
        guard let members = data.members(of: json, as: place) else { return nil }
        var keys: Set<CedarString> = ["annotations"]
        if allowsRequired { keys.insert("required") }
        let type = type(members, at: json.span, in: place, beside: keys, depth: depth)
        var isRequired = true
        if allowsRequired, let required = members["required"] {
            guard case .bool(let bool) = required.kind else {
                data.report("`required` must be `true` or `false`, not \(required.kindName)", at: required.span)
                return nil
            }
            isRequired = bool
        }
        let annotations = members["annotations"].map { data.annotations($0) } ?? []
        guard let type else { return nil }
        return AnnotatedType(type: type, isRequired: isRequired, annotations: annotations)
    }

    /// - Parameter keys: what else may stand in the object.
    private mutating func type(
        _ members: [JSONValue.Member], at span: SourceSpan?, in place: String, beside keys: Set<CedarString>, depth: Int
    ) -> TypeExpression? {
        guard depth > 0 else {
            data.report("the type nests deeper than \(SchemaType.maximumDepth) levels", at: span)
            return nil
        }
        guard let typeJSON = members["type"] else {
            let known = TypeJSONReader.typeKeys.union(keys)
            data.reportMissing("type", of: place, in: members, known: known, at: span)
            return nil
        }
        guard let name = data.string(typeJSON, as: "the name of a type")?.string else { return nil }
        let own = TypeJSONReader.keys(of: name)
        var misspelled: Set<CedarString> = []
        for member in members where member.name != "type" && !own.contains(member.name) && !keys.contains(member.name) {
            let suggestion = Spelling.suggestion(
                for: member.name.string, among: own.union(keys).filter { members[$0] == nil }.map(\.string).sorted())
            data.report(
                "\(place) of type `\(name.shortened)` does not take the key \(member.name.excerpt)", at: member.nameSpan,
                help: suggestion.map { "did you mean `\($0)`?" })
            if let suggestion { misspelled.insert(CedarString(suggestion)) }
        }
        // A misspelled key is not reported as missing too.
        guard own.isDisjoint(with: misspelled) else { return nil }
        return kind(name, members, at: span, nameSpan: typeJSON.span, depth: depth).map { TypeExpression(kind: $0, span: span) }
    }

    /// The keys that belong to a type, besides `type`.
    private static func keys(of type: String) -> Set<CedarString> {
        switch type {
        case "Set": ["element"]
        case "Record": ["attributes", "additionalAttributes"]
        case "Entity", "EntityOrCommon", "Extension": ["name"]
        default: []
        }
    }

    private mutating func kind(
        _ type: String, _ members: [JSONValue.Member], at span: SourceSpan?, nameSpan: SourceSpan?, depth: Int
    ) -> TypeExpression.Kind? {
        switch type {
        case "String": return .builtIn(.string)
        case "Long": return .builtIn(.long)
        case "Boolean": return .builtIn(.bool)
        case "Set":
            return required("element", of: type, in: members, at: span)
                .flatMap { self.type($0, depth: depth - 1) }.map { .set($0) }
        case "Record":
            return required("attributes", of: type, in: members, at: span)
                .flatMap { attributes($0, members, depth: depth) }.map { .record($0) }
        case "Entity":
            return required("name", of: type, in: members, at: span)
                .flatMap { name($0, as: "an entity type") }.map { .name($0.name, .entity) }
        case "EntityOrCommon":
            return required("name", of: type, in: members, at: span)
                .flatMap { name($0, as: "a type") }.map { .name($0.name, .any) }
        case "Extension":
            return required("name", of: type, in: members, at: span)
                .flatMap { extensionType($0) }.map { .builtIn($0) }
        default:
            guard let name = Name(type, allowsReservedNamespace: true) else {
                data.report("\(CedarString(type).excerpt) is no name of a type", at: nameSpan)
                return nil
            }
            return .name(name, .common)
        }
    }

    private mutating func required(
        _ key: CedarString, of type: String, in members: [JSONValue.Member], at span: SourceSpan?
    ) -> JSONValue? {
        if let value = members[key] { return value }
        data.report("a type `\(type)` lacks the key `\(key)`", at: span)
        return nil
    }

    private mutating func attributes(
        _ json: JSONValue, _ members: [JSONValue.Member], depth: Int
    ) -> [AttributeDeclaration]? {
        if let additional = members["additionalAttributes"] {
            switch additional.kind {
            case .bool(false): break
            case .bool(true):
                data.report("records have no attributes but those that are declared", at: additional.span, help: "leave out `additionalAttributes`")
            default:
                data.report("`additionalAttributes` must be `false`, not \(additional.kindName)", at: additional.span)
            }
        }
        guard let members = data.members(of: json, as: "`attributes`") else { return nil }
        var attributes: [AttributeDeclaration] = []
        for member in members {
            guard let type = annotatedType(member.value, in: "an attribute", allowsRequired: true, depth: depth - 1) else { continue }
            attributes.append(
                AttributeDeclaration(
                    name: member.name, isRequired: type.isRequired, type: type.type, annotations: type.annotations,
                    nameSpan: member.nameSpan, span: member.value.span))
        }
        return attributes.count == members.count ? attributes : nil
    }

    private mutating func extensionType(_ json: JSONValue) -> BuiltInType? {
        guard let name = data.string(json, as: "the name of an extension type") else { return nil }
        if let type = BuiltInType(rawValue: name.string), type.isExtension { return type }
        let known = BuiltInType.allCases.filter(\.isExtension).map(\.rawValue).sorted()
        let suggestion = Spelling.suggestion(for: name.string, among: known)
        data.report(
            "there is no extension type \(name.excerpt)", at: json.span,
            help: suggestion.map { "did you mean `\($0)`?" } ?? "they are \(known.map { "`\($0)`" }.joined(separator: ", "))")
        return nil
    }

    // MARK: Names

    /// Reads the name of a type, of which nothing is known yet.
    mutating func name(_ json: JSONValue, as place: String) -> TypeName? {
        guard let text = data.string(json, as: place) else { return nil }
        if let name = Name(text.string, allowsReservedNamespace: true) { return TypeName(name: name, span: json.span) }
        data.report(
            "\(text.excerpt) is no name of a type", at: json.span, help: "types are names such as `User` or `PhotoApp::User`")
        return nil
    }

    /// Reads a list of names; those that are none have been reported.
    mutating func names(_ json: JSONValue, as place: String) -> [TypeName] {
        (data.elements(of: json, as: place) ?? []).compactMap { name($0, as: "an entity type") }
    }
}
