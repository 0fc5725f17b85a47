extension Entities: SchemaGuided {
    /// Reads an array of entities, whose parents are the direct ones at least.
    ///
    /// With a schema, its actions are among the entities, whether they are given or not. What is given of them must be
    /// as it is declared.
    ///
    /// - Throws: ``ParseError`` with the faults of all entities; or, where each is without fault, with that of the whole: a cycle.
    public init(json: JSONValue, source: SourceText?, schema: Schema?) throws(ParseError) {
        try self.init(json: json, source: source, schema: schema, closure: .compute)
    }

    /// Reads an array of entities from a JSON text, as it would be read from the text's tree, but without one.
    public init(json source: SourceText, schema: Schema?) throws(ParseError) {
        if let entities = Entities(faultless: source, schema: schema) {
            self = entities
        } else {
            // What is wrong, and where, is found in the tree.
            try self.init(json: JSONValue(parsing: source), source: source, schema: schema)
        }
    }

    /// - Returns: `nil` when the text or an entity has a fault, or one occurs twice.
    private init?(faultless source: SourceText, schema: Schema?) {
        let store = source.text.utf8.withContiguousStorageIfAvailable { bytes -> EntityStore? in
            guard let text = JSONBytes(bytes), var reader = FlatReader(text, schema: schema) else { return nil }
            var store = EntityStore()
            guard store.fill(&reader), reader.checkActions(ancestors: { store.ancestors(of: $0) }) else { return nil }
            return store
        }
        guard case let store?? = store else { return nil }
        self.init(store: store)
        if let schema { self = with(schema.actionEntities) }
    }

    /// Reads an array of entities.
    ///
    /// - Throws: ``ParseError`` with the faults of all entities; or, where each is without fault, with that of the whole: a
    ///   cycle, or an ancestor that is not listed although `.check` asks for it.
    public init(
        json: JSONValue, source: SourceText?, schema: Schema? = nil, closure: Closure
    ) throws(ParseError) {
        self = try DataReader.read(from: source) { $0.entities(json, closure: closure, schema: schema) }
    }

    /// The entities as an array in ascending order of their uids, each with its direct parents.
    ///
    /// - Throws: ``UnwritableRecord`` where an entity holds a record that would be read as an escape.
    public var json: JSONValue {
        get throws(UnwritableRecord) {
            let entities = sorted { $0.uid < $1.uid }
            return JSONValue(.array(try entities.map { entity throws(UnwritableRecord) in try entity.json }))
        }
    }
}

extension DataReader {
    fileprivate mutating func entities(
        _ json: JSONValue, closure: Entities.Closure, schema: Schema?
    ) -> Entities? {
        guard case .array(let elements) = json.kind else {
            var help: String?
            if case .object = json.kind { help = "put the entity into an array" }
            report("expected an array of entities, found \(json.kindName)", at: json.span, help: help)
            return nil
        }
        var places: [EntityUID: Int] = [:]
        places.reserveCapacity(elements.count)
        var entities: [Entity] = []
        entities.reserveCapacity(elements.count)
        /// What each of `entities` was read from.
        var sources: [JSONValue] = []
        sources.reserveCapacity(elements.count)
        var conformance = schema.map { Conformance($0) }
        for element in elements where !diagnostics.isFull {
            guard let entity = entity(element, &conformance) else { continue }
            if let place = places[entity.uid] {
                reportContradiction(
                    between: entities[place], at: DataReader.uidSpan(sources[place]), and: entity,
                    at: DataReader.uidSpan(element))
                continue
            }
            places[entity.uid] = entities.count
            entities.append(entity)
            sources.append(element)
        }
        guard diagnostics.isEmpty else { return nil }
        do throws(EntitiesError) {
            let store = try Entities(entities, closure: closure)
            guard var conformance else { return store }
            for (entity, element) in zip(entities, sources) where entity.uid.isAction && !diagnostics.isFull {
                conformance.checkAction(entity, ancestors: store.ancestors(of: entity.uid))
                report(conformance.takeFaults(), inEntity: element)
            }
            guard diagnostics.isEmpty else { return nil }
            return store.with(conformance.schema.actionEntities)
        } catch {
            let place = error.uid.flatMap { places[$0] }
            report("\(error)", at: place.flatMap { DataReader.uidSpan(sources[$0]) }, help: error.help)
            return nil
        }
    }

    mutating func entity(_ json: JSONValue, _ conformance: inout Conformance?) -> Entity? {
        guard var checker = conformance else { return entity(json) }
        // What the checker has found out about types is kept; the copy must not be shared while it finds out more.
        conformance = nil
        defer { conformance = checker }
        return entity(json, &checker)
    }

    private mutating func reportContradiction(
        between first: Entity, at firstSpan: SourceSpan?, and second: Entity, at secondSpan: SourceSpan?
    ) {
        guard first != second else { return }
        let error = EntitiesError.contradictoryDuplicate(second.uid)
        report(
            "\(error)", at: secondSpan, help: error.help,
            notes: firstSpan.map { [Diagnostic.Note("the first is here", span: $0)] } ?? [])
    }

    /// Where the uid of an entity stands.
    private static func uidSpan(_ entity: JSONValue) -> SourceSpan? {
        guard case .object(let members) = entity.kind else { return entity.span }
        return members["uid"]?.span ?? entity.span
    }
}
