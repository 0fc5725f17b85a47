import LynxCedar

/// A small schema: what keeps entities, requests and policies of a scenario in step.
struct GeneratedSchema {
    struct EntityType {
        let name: Name
        /// The types that may be parents; only this one and later ones, which keeps hierarchies free of cycles.
        let parents: [Name]
        let attributes: [AttributeField]
        let tags: AttributeType?
    }

    struct Action {
        let uid: EntityUID
        /// Later actions only.
        let parents: [EntityUID]
        let principals: [Name]
        let resources: [Name]
        let context: [AttributeField]
    }

    let entityTypes: [EntityType]
    let actions: [Action]

    func entityType(_ name: Name) -> EntityType? { entityTypes.first { $0.name == name } }

    /// The schema in Cedar's schema syntax.
    var text: String {
        let namespaces = Set(entityTypes.map(\.name.namespace) + actions.map(\.uid.type.namespace))
        return namespaces.sorted { ($0?.description ?? "") < ($1?.description ?? "") }.map { namespace in
            let declarations = declarations(in: namespace).joined(separator: "\n")
            return namespace.map { "namespace \($0) {\n\(declarations)\n}\n" } ?? "\(declarations)\n"
        }.joined()
    }

    private func declarations(in namespace: Name?) -> [String] {
        let types = entityTypes.filter { $0.name.namespace == namespace }.map { type in
            let parents = type.parents.isEmpty ? "" : " in [\(type.parents.map(\.description).joined(separator: ", "))]"
            let tags = type.tags.map { " tags \($0.schemaText)" } ?? ""
            return "entity \(type.name.basename)\(parents) \(type.attributes.schemaText)\(tags);"
        }
        let actions = actions.filter { $0.uid.type.namespace == namespace }.map { action in
            let parents = action.parents.isEmpty ? "" : " in [\(action.parents.map(\.description).joined(separator: ", "))]"
            let principals = action.principals.map(\.description).joined(separator: ", ")
            let resources = action.resources.map(\.description).joined(separator: ", ")
            return "action \(action.uid.id.literal)\(parents) appliesTo "
                + "{ principal: [\(principals)], resource: [\(resources)], context: \(action.context.schemaText) };"
        }
        return types + actions
    }
}

/// Makes schemas.
struct SchemaGenerator {
    let dice: Dice
    let words: AwkwardText

    private static let typeNames: [Name] = ["User", "Photo", "N::Doc", "A::B::Device", "Team", "N::Folder", "Group"]

    func schema() -> GeneratedSchema {
        var names = dice.some(of: Self.typeNames, 55)
        if names.count < 2 { names = ["User", "N::Doc", "Group"] }
        let types = names.indices.map { index in
            GeneratedSchema.EntityType(
                name: names[index],
                parents: dice.some(of: names[index...], 50),
                attributes: fields(0...4, names, depth: 2),
                tags: dice.chance(40) ? type(names, depth: 1) : nil)
        }
        return GeneratedSchema(entityTypes: types, actions: actions(names))
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
            GeneratedSchema.Action(
                uid: uids[index], parents: dice.some(of: uids[(index + 1)...], 40),
                principals: atLeastOne(of: names), resources: atLeastOne(of: names),
                context: fields(0...4, names, depth: 2))
        }
    }

    private func atLeastOne(of names: [Name]) -> [Name] {
        let some = dice.some(of: names, 50)
        return some.isEmpty ? Array(names.prefix(1)) : some
    }

    private func fields(_ count: ClosedRange<Int>, _ names: [Name], depth: Int) -> [AttributeField] {
        var fields: [AttributeField] = []
        for _ in 0..<dice.int(count) {
            let name = words.attributeName()
            if fields.contains(where: { $0.name == name }) { continue }
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
