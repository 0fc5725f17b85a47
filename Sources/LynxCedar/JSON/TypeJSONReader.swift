/// Reads the types in a schema in Cedar's JSON format. A reading function that returns `nil` has reported why.
struct TypeJSONReader {
    var data: DataReader

    /// Where a type stands, and which keys may stand beside those of the type.
    enum Place {
        case type, commonType, attribute

        fileprivate var name: String {
            switch self {
            case .type: "a type"
            case .commonType: "a common type"
            case .attribute: "an attribute"
            }
        }

        fileprivate var keys: Set<CedarString> {
            switch self {
            case .type: []
            case .commonType: ["annotations"]
            case .attribute: ["annotations", "required"]
            }
        }
    }

    /// A type when everything but its parts has been read.
    private enum Outline {
        case whole(TypeExpression.Kind)
        case set(of: JSONValue)
        case record([JSONValue.Member])
    }

    private static let typeKeys: Set<CedarString> = ["type", "element", "attributes", "additionalAttributes", "name"]

    // Types contain themselves through these two, which are kept small on the stack: everything else is in functions of its own.

    mutating func type(_ json: JSONValue, in place: Place = .type, depth: Int = SchemaType.maximumDepth) -> TypeExpression? {
        switch outline(json, in: place, depth: depth) {
        case nil: return nil
        case .whole(let kind)?: return TypeExpression(kind: kind, span: json.span)
        case .set(let element)?:
            guard let element = type(element, depth: depth - 1) else { return nil }
            return TypeExpression(kind: .set(element), span: json.span)
        case .record(let members)?:
            guard let attributes = attributes(members, depth: depth - 1) else { return nil }
            return TypeExpression(kind: .record(attributes), span: json.span)
        }
    }

    private mutating func attributes(_ members: [JSONValue.Member], depth: Int) -> [AttributeDeclaration]? {
        var attributes: [AttributeDeclaration] = []
        for index in members.indices {
            let type = type(members[index].value, in: .attribute, depth: depth)
            if let attribute = attribute(members[index], type) { attributes.append(attribute) }
        }
        return attributes.count == members.count ? attributes : nil
    }

    private mutating func attribute(_ member: JSONValue.Member, _ type: TypeExpression?) -> AttributeDeclaration? {
        var isRequired = true
        if let required = member.value.member("required") {
            guard case .bool(let bool) = required.kind else {
                data.report("`required` must be `true` or `false`, not \(required.kindName)", at: required.span)
                return nil
            }
            isRequired = bool
        }
        let annotations = annotations(of: member.value)
        guard let type else { return nil }
        return AttributeDeclaration(
            name: member.name, isRequired: isRequired, type: type, annotations: annotations, nameSpan: member.nameSpan,
            span: member.value.span)
    }

    /// The annotations beside a type.
    mutating func annotations(of json: JSONValue) -> [Annotation] {
        json.member("annotations").map { data.annotations($0) } ?? []
    }

    private mutating func outline(_ json: JSONValue, in place: Place, depth: Int) -> Outline? {
        guard let members = data.members(of: json, as: place.name) else { return nil }
        guard depth > 0 else {
            data.report("the type nests deeper than \(SchemaType.maximumDepth) levels", at: json.span)
            return nil
        }
        guard let typeJSON = members["type"] else {
            let known = TypeJSONReader.typeKeys.union(place.keys)
            data.reportMissing("type", of: place.name, in: members, known: known, at: json.span)
            return nil
        }
        guard let name = data.string(typeJSON, as: "the name of a type")?.string else { return nil }
        let own = TypeJSONReader.keys(of: name)
        let keys = own.union(place.keys)
        var misspelled: Set<CedarString> = []
        for member in members where member.name != "type" && !keys.contains(member.name) {
            let suggestion = Spelling.suggestion(
                for: member.name.string, among: keys.filter { members[$0] == nil }.map(\.string).sorted())
            data.report(
                "\(place.name) of type `\(name.shortened)` does not take the key \(member.name.excerpt)", at: member.nameSpan,
                help: suggestion.map { "did you mean `\($0)`?" })
            if let suggestion { misspelled.insert(CedarString(suggestion)) }
        }
        // A misspelled key is not reported as missing too.
        guard own.isDisjoint(with: misspelled) else { return nil }
        return outline(name, members, at: json.span, nameSpan: typeJSON.span)
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

    private mutating func outline(
        _ type: String, _ members: [JSONValue.Member], at span: SourceSpan?, nameSpan: SourceSpan?
    ) -> Outline? {
        switch type {
        case "String": return .whole(.builtIn(.string))
        case "Long": return .whole(.builtIn(.long))
        case "Boolean": return .whole(.builtIn(.bool))
        case "Set":
            return required("element", of: type, in: members, at: span).map { .set(of: $0) }
        case "Record":
            return required("attributes", of: type, in: members, at: span)
                .flatMap { declaredAttributes($0, members) }.map { .record($0) }
        case "Entity":
            return required("name", of: type, in: members, at: span)
                .flatMap { name($0, as: "an entity type") }.map { .whole(.name($0.name, .entity)) }
        case "EntityOrCommon":
            return required("name", of: type, in: members, at: span)
                .flatMap { name($0, as: "a type") }.map { .whole(.name($0.name, .any)) }
        case "Extension":
            return required("name", of: type, in: members, at: span)
                .flatMap { extensionType($0) }.map { .whole(.builtIn($0)) }
        default:
            guard let name = Name(type, allowsReservedNamespace: true) else {
                data.report("\(CedarString(type).excerpt) is no name of a type", at: nameSpan)
                return nil
            }
            return .whole(.name(name, .common))
        }
    }

    private mutating func required(
        _ key: CedarString, of type: String, in members: [JSONValue.Member], at span: SourceSpan?
    ) -> JSONValue? {
        if let value = members[key] { return value }
        data.report("a type `\(type)` lacks the key `\(key)`", at: span)
        return nil
    }

    private mutating func declaredAttributes(_ json: JSONValue, _ members: [JSONValue.Member]) -> [JSONValue.Member]? {
        if let additional = members["additionalAttributes"] {
            switch additional.kind {
            case .bool(false): break
            case .bool(true):
                data.report("records have no attributes but those that are declared", at: additional.span, help: "leave out `additionalAttributes`")
            default:
                data.report("`additionalAttributes` must be `false`, not \(additional.kindName)", at: additional.span)
            }
        }
        return data.members(of: json, as: "`attributes`")
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
