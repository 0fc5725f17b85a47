/// Checks entities and requests against a schema, and gathers everything that is not as it says.
struct Conformance {
    let schema: Schema
    /// Whether required attributes may be missing: of what is checked, only a part is known.
    private let mayLackAttributes: Bool
    private(set) var faults: [ConformanceError.Fault] = []
    /// How many faults there are beside those that are kept.
    private var omitted = 0
    /// The types of ancestors by the type of the entity, for those types that have been asked for.
    private var ancestorTypes: [Name: Set<Name>] = [:]

    init(_ schema: Schema, mayLackAttributes: Bool = false) {
        self.schema = schema
        self.mayLackAttributes = mayLackAttributes
    }

    /// What was found since the last time; at its end, where not all was kept, how many more there are.
    mutating func takeFaults() -> [ConformanceError.Fault] {
        defer {
            faults = []
            omitted = 0
        }
        guard omitted > 0 else { return faults }
        return faults + [ConformanceError.Fault(message: "there \(omitted == 1 ? "is 1 more fault" : "are \(omitted) more faults")")]
    }

    mutating func finish() throws(ConformanceError) {
        guard !faults.isEmpty else { return }
        throw ConformanceError(faults: takeFaults())
    }

    /// Whether all that can be reported is counted only.
    private var isFull: Bool { faults.count >= ConformanceError.maximumCount }

    mutating func report(_ message: String, at path: [ConformanceError.Step], help: String? = nil) {
        guard !isFull else {
            omitted += 1
            return
        }
        faults.append(ConformanceError.Fault(message: message, help: help, path: path))
    }

    // MARK: Entities

    /// Checks an entity that is no action.
    mutating func check(_ entity: Entity) {
        guard let type = checkedType(of: entity.uid) else { return }
        checkID(entity.uid, at: [.uid])
        check(entity.attributes, type.attributes, of: "the entity", at: [])
        checkParents(of: entity)
        checkTags(of: entity, type)
    }

    /// The declared type of an entity; what is not declared is reported.
    mutating func checkedType(of uid: EntityUID) -> Schema.EntityType? {
        if let type = schema.entityType(uid.type) { return type }
        report("the schema declares no entity type `\(uid.type)`", at: [.uid], help: suggestion(for: uid.type))
        return nil
    }

    private mutating func checkParents(of entity: Entity) {
        guard !entity.parents.isEmpty else { return }
        let allowed = ancestorTypes[entity.uid.type] ?? schema.ancestors(ofEntityType: entity.uid.type)
        ancestorTypes[entity.uid.type] = allowed
        for parent in entity.parents.sorted() {
            guard allowed.contains(parent.type) else {
                let names = allowed.sorted().prefix(8).map { "`\($0)`" }.joined(separator: ", ")
                report(
                    "a `\(entity.uid.type)` cannot be a member of a `\(parent.type)`", at: [.parent(parent)],
                    help: allowed.isEmpty ? "it can be a member of nothing" : "it can be a member of: \(names)")
                continue
            }
            checkID(parent, at: [.parent(parent)])
        }
    }

    private mutating func checkTags(of entity: Entity, _ type: Schema.EntityType) {
        for tag in entity.tags.attributes {
            guard let tagType = type.tags else {
                report("a `\(type.name)` has no tags", at: [.tag(tag.name)])
                return
            }
            check(tag.value, tagType, at: [.tag(tag.name)])
        }
    }

    /// Checks that an action is as the schema declares it.
    ///
    /// - Parameter ancestors: all that the entities give it.
    mutating func checkAction(_ entity: Entity, ancestors: Set<EntityUID>) {
        let uid = entity.uid
        guard checkedAction(uid, at: [.uid]) != nil else { return }
        if let attribute = entity.attributes.attributes.first {
            report("actions have no attributes", at: [.attribute(attribute.name)])
        }
        if let tag = entity.tags.attributes.first { report("actions have no tags", at: [.tag(tag.name)]) }
        let declared = schema.ancestors(ofAction: uid)
        for ancestor in ancestors.subtracting(declared).sorted() {
            report(
                "the schema does not make `\(uid)` a member of `\(ancestor)`",
                at: entity.parents.contains(ancestor) ? [.parent(ancestor)] : [.uid])
        }
        for ancestor in declared.subtracting(ancestors).sorted() {
            report(
                "the schema makes `\(uid)` a member of `\(ancestor)`, and the entities do not", at: [.uid],
                help: "leave actions out of the entities: they come from the schema")
        }
    }

    // MARK: Requests

    mutating func check(_ request: Request) {
        checkType(of: request.principal, at: .principal)
        checkType(of: request.resource, at: .resource)
        guard let action = checkedAction(request.action, at: [.action]) else { return }
        checkApplies(action, to: request.principal.type, among: action.principalTypes, at: .principal)
        checkApplies(action, to: request.resource.type, among: action.resourceTypes, at: .resource)
        check(request.context, action.context, of: "the context of `\(action.uid)`", at: [.context])
    }

    mutating func check(context: Record, of action: Schema.Action) {
        check(context, action.context, of: "the context of `\(action.uid)`", at: [])
    }

    mutating func checkType(of uid: EntityUID, at place: ConformanceError.Step) {
        if let type = schema.entityType(uid.type) {
            checkID(uid, of: type, at: [place])
        } else {
            report("the schema declares no entity type `\(uid.type)`", at: [place], help: suggestion(for: uid.type))
        }
    }

    mutating func checkApplies(
        _ action: Schema.Action, to type: Name, among types: [Name], at place: ConformanceError.Step
    ) {
        guard !types.contains(type), schema.entityType(type) != nil else { return }
        let names = types.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        report(
            "`\(action.uid)` does not apply to a \(place) of type `\(type)`", at: [place],
            help: types.isEmpty ? "it is only a group, and applies to nothing" : "it applies to: \(names)")
    }

    // MARK: Uids

    /// Checks a uid of which the type matters only where it limits the ids: enumerations, and actions.
    ///
    /// - Parameter type: that of the uid, where it is known already.
    private mutating func checkID(_ uid: EntityUID, of type: Schema.EntityType? = nil, at path: @autoclosure () -> [ConformanceError.Step]) {
        if uid.isAction {
            _ = checkedAction(uid, at: path())
        } else if let type = type ?? schema.entityType(uid.type), let ids = type.enumeration, !type.allows(uid.id) {
            let meant = Spelling.suggestion(for: uid.id.string, among: ids.lazy.map(\.string))
            let names = ids.prefix(8).map(\.excerpt).joined(separator: ", ")
            report(
                "there is no `\(uid.type)` with the id \(uid.id.excerpt): the type is an enumeration", at: path(),
                help: meant.map { "did you mean \(CedarString($0).excerpt)?" } ?? "it has \(names)\(ids.count > 8 ? " and others" : "")")
        }
    }

    /// An action as the schema declares it; what is not declared is reported.
    mutating func checkedAction(_ uid: EntityUID, at path: @autoclosure () -> [ConformanceError.Step]) -> Schema.Action? {
        if let action = schema.action(uid) { return action }
        report(
            "the schema declares no action `\(uid)`", at: path(),
            help: schema.suggestion(for: uid).map { "did you mean `\($0)`?" })
        return nil
    }

    func suggestion(for type: Name) -> String? {
        schema.suggestion(for: type).map { "did you mean `\($0)`?" }
    }

    // MARK: Values

    // Where a value stands, and what it is part of, is worked out only for what is reported.

    private mutating func check(
        _ record: Record, _ type: RecordType, of what: @autoclosure () -> String, at path: @autoclosure () -> [ConformanceError.Step]
    ) {
        for attribute in type.attributes
        where attribute.isRequired && !mayLackAttributes && record[attribute.name] == nil {
            report(
                "\(what()) has no attribute `\(Conformance.shown(attribute.name))`, which the schema requires", at: path(),
                help: "it is of type `\(attribute.type.excerpt)`")
        }
        // Both are in ascending order of their names.
        var place = 0
        for attribute in record.attributes {
            while place < type.attributes.count, type.attributes[place].name < attribute.name { place += 1 }
            guard place < type.attributes.count, type.attributes[place].name == attribute.name else {
                let known = type.attributes.lazy.map(\.name).filter { record[$0] == nil }.map(\.string).prefix(256)
                // What is counted only needs no help.
                let suggestion = isFull ? nil : Spelling.suggestion(for: attribute.name.string, among: known)
                report(
                    "\(what()) has an attribute `\(Conformance.shown(attribute.name))` that the schema does not know",
                    at: path() + [.attribute(attribute.name)], help: suggestion.map { "did you mean `\($0)`?" })
                continue
            }
            check(attribute.value, type.attributes[place].type, at: path() + [.attribute(attribute.name)])
        }
    }

    mutating func check(_ value: Value, _ type: SchemaType, at path: @autoclosure () -> [ConformanceError.Step]) {
        switch (value, type) {
        case (.bool, .bool), (.long, .long), (.string, .string), (.decimal, .decimal), (.ip, .ip),
            (.datetime, .datetime), (.duration, .duration):
            break
        case (.entity(let uid), .entity(let name)):
            guard uid.type == name else {
                let path = path()
                report("\(Conformance.place(path)) must be a `\(name)`, not a `\(uid.type)`", at: path)
                return
            }
            checkID(uid, at: path())
        case (.set(let set), .set(let element)):
            for value in set.elements { check(value, element, at: path()) }
        case (.record(let record), .record(let type)):
            check(record, type, of: Conformance.place(path()), at: path())
        default:
            let path = path()
            report("\(Conformance.place(path)) must be of type `\(type.excerpt)`, not \(value.kind)", at: path)
        }
    }

    /// A part as a message names it: `address.zip`.
    static func place(_ path: [ConformanceError.Step]) -> String {
        var names: [String] = []
        var isTag = false
        for step in path {
            switch step {
            case .attribute(let name): names.append(shown(name))
            case .tag(let name):
                names.append(shown(name))
                isTag = true
            case .context, .principal, .action, .resource, .uid, .parent: break
            }
        }
        return "the \(isTag ? "tag" : "attribute") `\(names.joined(separator: "."))`"
    }

    static func shown(_ name: CedarString) -> String { name.isIdentifier ? name.string.shortened : name.excerpt }
}

extension Schema {
    /// Checks that an entity is as the schema says: that it has the attributes and tags of its type, and parents that can be
    /// ancestors of it; or, for an action, that it is as it is declared, with all its ancestors for parents.
    ///
    /// - Throws: ``ConformanceError`` with everything that is not.
    public func check(_ entity: Entity) throws(ConformanceError) {
        var conformance = Conformance(self)
        if entity.uid.isAction {
            conformance.checkAction(entity, ancestors: entity.parents)
        } else {
            conformance.check(entity)
        }
        try conformance.finish()
    }

    /// Checks that a request is one that the schema foresees: that its action is declared and applies to a principal and a
    /// resource of these types, and that the context is as the action says.
    ///
    /// - Throws: ``ConformanceError`` with everything that is not.
    public func check(_ request: Request) throws(ConformanceError) {
        var conformance = Conformance(self)
        conformance.check(request)
        try conformance.finish()
    }
}
