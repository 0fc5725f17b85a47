import LynxCedar

/// A small schema: what keeps entities, requests and policies of a scenario in step.
struct GeneratedSchema {
    struct EntityType {
        let name: Name
        /// The types that may be parents; only this one and later ones, which keeps hierarchies free of cycles.
        let parents: [Name]
        let attributes: [AttributeField]
        let tags: AttributeType?
        /// The only ids of an enumerated type, which has nothing else; empty for all other types.
        var enumeration: [CedarString] = []
    }

    /// A name that the schema's text uses in place of a type.
    struct CommonType {
        let name: Name
        let type: AttributeType
    }

    struct Action {
        let uid: EntityUID
        /// Later actions only.
        let parents: [EntityUID]
        /// Empty, like the resources, for an action that only groups others.
        let principals: [Name]
        let resources: [Name]
        let context: [AttributeField]
    }

    let entityTypes: [EntityType]
    let actions: [Action]
    var commonTypes: [CommonType] = []

    func entityType(_ name: Name) -> EntityType? { entityTypes.first { $0.name == name } }

    /// The schema in Cedar's schema syntax.
    var text: String {
        let namespaces = Set(
            entityTypes.map(\.name.namespace) + actions.map(\.uid.type.namespace) + commonTypes.map(\.name.namespace))
        return namespaces.sorted { ($0?.description ?? "") < ($1?.description ?? "") }.map { namespace in
            let declarations = declarations(in: namespace).joined(separator: "\n")
            return namespace.map { "namespace \($0) {\n\(declarations)\n}\n" } ?? "\(declarations)\n"
        }.joined()
    }

    private func declarations(in namespace: Name?) -> [String] {
        let types = entityTypes.filter { $0.name.namespace == namespace }.map { type in
            if !type.enumeration.isEmpty {
                return "entity \(type.name.basename) enum [\(type.enumeration.map(\.literal).joined(separator: ", "))];"
            }
            let parents = type.parents.isEmpty ? "" : " in [\(type.parents.map(\.description).joined(separator: ", "))]"
            let tags = type.tags.map { " tags \(text($0))" } ?? ""
            return "entity \(type.name.basename)\(parents) \(shape(type.attributes))\(tags);"
        }
        let common = commonTypes.indices.filter { commonTypes[$0].name.namespace == namespace }.map { index in
            // Only names that come before, so that none is defined by itself.
            let type = commonTypes[index].type.schemaText { type in commonTypes[..<index].first { $0.type == type }?.name }
            return "type \(commonTypes[index].name.basename) = \(type);"
        }
        return types + common + actions.filter { $0.uid.type.namespace == namespace }.map(declaration)
    }

    private func declaration(_ action: Action) -> String {
        let parents = action.parents.isEmpty ? "" : " in [\(action.parents.map(\.description).joined(separator: ", "))]"
        if action.principals.isEmpty { return "action \(action.uid.id.literal)\(parents);" }
        let principals = action.principals.map(\.description).joined(separator: ", ")
        let resources = action.resources.map(\.description).joined(separator: ", ")
        return "action \(action.uid.id.literal)\(parents) appliesTo "
            + "{ principal: [\(principals)], resource: [\(resources)], context: \(text(action.context)) };"
    }

    private func text(_ type: AttributeType) -> String {
        type.schemaText { type in commonTypes.first { $0.type == type }?.name }
    }

    private func text(_ fields: [AttributeField]) -> String { text(.record(fields)) }

    /// The attributes of an entity type, for which no name can stand.
    private func shape(_ fields: [AttributeField]) -> String {
        let shape = AttributeType.record(fields)
        return shape.schemaText { type in type == shape ? nil : commonTypes.first { $0.type == type }?.name }
    }
}

/// Makes schemas.
struct SchemaGenerator {
    let dice: Dice
    let words: AwkwardText

    private static let typeNames: [Name] = ["User", "Photo", "N::Doc", "A::B::Device", "Team", "N::Folder", "A::Doc", "Group"]
    private static let enumerationNames: [Name] = ["Color", "N::Size"]

    func schema() -> GeneratedSchema {
        var names = dice.some(of: Self.typeNames, 55)
        if names.count < 2 { names = ["User", "N::Doc", "Group"] }
        let enumerations = dice.some(of: Self.enumerationNames, 25)
        let all = names + enumerations
        var types: [GeneratedSchema.EntityType] = []
        for index in names.indices {
            // Types with attributes in common, so that policies for several of them make sense.
            let shared = dice.chance(50) ? dice.any(of: types).map { dice.some(of: $0.attributes, 70) } ?? [] : []
            types.append(
                GeneratedSchema.EntityType(
                    name: names[index],
                    parents: dice.some(of: names[index...] + enumerations, 40),
                    attributes: shared + fields(0...4, all, depth: 2, besides: shared),
                    tags: dice.chance(40) ? type(all, depth: 1) : nil))
        }
        for name in enumerations {
            types.append(
                GeneratedSchema.EntityType(
                    name: name, parents: [], attributes: [], tags: nil, enumeration: ["red", "green", "", "it's \"é\""]))
        }
        let actions = actions(all)
        return GeneratedSchema(entityTypes: types, actions: actions, commonTypes: commonTypes(types, actions))
    }

    /// Names for some of the types that the schema has.
    private func commonTypes(
        _ types: [GeneratedSchema.EntityType], _ actions: [GeneratedSchema.Action]
    ) -> [GeneratedSchema.CommonType] {
        var found: [AttributeType] = types.compactMap(\.tags)
        var pending = types.map { AttributeType.record($0.attributes) } + actions.map { .record($0.context) }
        while let next = pending.popLast() {
            found.append(next)
            switch next {
            case .set(let element): pending.append(element)
            case .record(let fields): pending += fields.map(\.type)
            default: break
            }
        }
        let names: [Name] = ["Shape", "N::Part", "A::B::Part", "C::Word"]
        return zip(dice.some(of: names, 40), dice.shuffled(found)).map { GeneratedSchema.CommonType(name: $0, type: $1) }
    }

    private func actions(_ names: [Name]) -> [GeneratedSchema.Action] {
        var uids: [EntityUID] = []
        for _ in 0..<dice.int(2...5) {
            let uid = EntityUID(
                type: dice.pick("Action", "Action", "N::Action"), id: dice.chance(70) ? dice.pick("view", "edit", "read", "any") : words.string())
            // RFC 70: a name in a namespace may not shadow one of the empty namespace.
            if !uids.contains(where: { $0.id == uid.id }) { uids.append(uid) }
        }
        return uids.indices.map { index in
            // The last one always applies to something.
            let isGroup = index + 1 < uids.count && dice.chance(20)
            return GeneratedSchema.Action(
                uid: uids[index], parents: dice.some(of: uids[(index + 1)...], 40),
                principals: isGroup ? [] : atLeastOne(of: names), resources: isGroup ? [] : atLeastOne(of: names),
                context: isGroup ? [] : fields(0...4, names, depth: 2))
        }
    }

    private func atLeastOne(of names: [Name]) -> [Name] {
        let some = dice.some(of: names, 50)
        return some.isEmpty ? Array(names.prefix(1)) : some
    }

    private func fields(
        _ count: ClosedRange<Int>, _ names: [Name], depth: Int, besides others: [AttributeField] = []
    ) -> [AttributeField] {
        var fields: [AttributeField] = []
        for _ in 0..<dice.int(count) {
            let name = words.attributeName()
            if (fields + others).contains(where: { $0.name == name }) { continue }
            fields.append(AttributeField(name: name, type: type(names, depth: depth), isRequired: dice.chance(70)))
        }
        return fields
    }

    private func type(_ names: [Name], depth: Int) -> AttributeType {
        switch dice.int(0...(depth > 0 ? 13 : 9)) {
        case 0, 1: .long
        case 2, 3: .string
        case 4: .bool
        case 5, 6: dice.any(of: names).map { .entity($0) } ?? .string
        case 7, 8, 9: .extension(dice.any(of: ExtensionText.Kind.allCases) ?? .ip)
        case 10, 11: .set(type(names, depth: depth - 1))
        default: .record(fields(0...3, names, depth: depth - 1))
        }
    }
}
