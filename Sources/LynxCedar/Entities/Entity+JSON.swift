extension Entity: SchemaGuided {
    /// Reads an object of `uid`, `attrs`, `parents` and, if there are any, `tags`.
    ///
    /// Other keys are passed over, as the reference implementation does. With a schema, an action must have all its ancestors
    /// for parents.
    public init(json: JSONValue, source: SourceText?, schema: Schema?) throws(ParseError) {
        self = try DataReader.read(from: source) { reader -> Entity? in
            guard let schema else { return reader.entity(json) }
            var conformance = Conformance(schema)
            guard let entity = reader.entity(json, &conformance) else { return nil }
            if entity.uid.isAction {
                conformance.checkAction(entity, ancestors: entity.parents)
                reader.report(conformance.takeFaults(), inEntity: json)
            }
            return entity
        }
    }

    /// The entity as an object of `uid`, `attrs`, `parents` (the direct ones, in ascending order) and, if there are any, `tags`.
    ///
    /// - Throws: ``UnwritableRecord`` where an attribute or a tag holds a record that would be read as an escape.
    public var json: JSONValue {
        get throws(UnwritableRecord) {
            var members = [
                JSONValue.Member("uid", uid.json),
                JSONValue.Member("attrs", try DataWriter.attributes(attributes)),
                JSONValue.Member("parents", JSONValue(.array(parents.sorted().map(\.json)))),
            ]
            if !tags.isEmpty { members.append(JSONValue.Member("tags", try DataWriter.attributes(tags))) }
            return JSONValue(.object(members))
        }
    }
}

extension DataReader {
    private static let entityKeys: Set<CedarString> = ["uid", "attrs", "parents", "tags"]

    mutating func entity(_ json: JSONValue) -> Entity? {
        guard case .object(let members) = json.kind else {
            report("expected an entity as an object, found \(json.kindName)", at: json.span)
            return nil
        }
        // All parts are read before any is missed, so that all their faults are reported.
        let uid = member("uid", of: members, at: json.span).flatMap { self.uid($0) }
        let attributes = member("attrs", of: members, at: json.span).flatMap { record($0, of: "`attrs`") }
        let parents = member("parents", of: members, at: json.span).flatMap { self.parents($0, of: uid) }
        var tags: Record? = [:]
        if let json = members["tags"] { tags = record(json, of: "`tags`") }
        guard let uid, let attributes, let parents, let tags else { return nil }
        return Entity(uid: uid, attributes: attributes, tags: tags, parents: parents)
    }

    /// Reads an entity as the schema has it, and checks it unless it is an action: its ancestors are to be known before.
    mutating func entity(_ json: JSONValue, _ conformance: inout Conformance) -> Entity? {
        guard case .object(let members) = json.kind, let uidJSON = members["uid"] else { return entity(json) }
        guard let uid = uid(uidJSON) else { return nil }
        guard !uid.isAction else { return entity(json) }
        guard let type = conformance.checkedType(of: uid) else {
            report(conformance.takeFaults(), inEntity: json)
            return nil
        }
        let attributes = member("attrs", of: members, at: json.span)
            .flatMap { record($0, of: "`attrs`", as: type.attributes) }
        let parents = member("parents", of: members, at: json.span).flatMap { self.parents($0, of: uid) }
        var tags: Record? = [:]
        if let json = members["tags"] {
            tags = if let type = type.tags { self.tags(json, as: type) } else { record(json, of: "`tags`") }
        }
        guard let attributes, let parents, let tags else { return nil }
        let entity = Entity(uid: uid, attributes: attributes, tags: tags, parents: parents)
        conformance.check(entity)
        report(conformance.takeFaults(), inEntity: json)
        return entity
    }

    mutating func report(_ faults: [ConformanceError.Fault], inEntity json: JSONValue) {
        guard !faults.isEmpty, case .object(let members) = json.kind else { return }
        report(faults, in: json, attributes: members["attrs"])
    }

    private mutating func member(
        _ key: CedarString, of members: [JSONValue.Member], at span: SourceSpan?
    ) -> JSONValue? {
        if let value = members[key] { return value }
        reportMissing(key, of: "the entity", in: members, known: DataReader.entityKeys, at: span)
        return nil
    }

    private mutating func parents(_ json: JSONValue, of child: EntityUID?) -> Set<EntityUID>? {
        guard let elements = elements(of: json, as: "`parents`") else { return nil }
        var parents: Set<EntityUID> = []
        var areValid = true
        for element in elements {
            guard let parent = uid(element) else {
                areValid = false
                continue
            }
            if let child, child.isAction, !parent.isAction {
                report(
                    "the action `\(child)` has a parent that is no action: `\(parent)`", at: element.span,
                    help: "only actions can be parents of an action")
                areValid = false
            }
            parents.insert(parent)
        }
        return areValid ? parents : nil
    }
}
