extension Entities: JSONRepresentable {
    /// Reads an array of entities, whose parents are the direct ones at least.
    ///
    /// - Throws: ``ParseError`` with the faults of all entities; or, where each is without fault, with that of the whole: a cycle.
    public init(json: JSONValue, source: SourceText?) throws(ParseError) {
        try self.init(json: json, source: source, closure: .compute)
    }

    /// Reads an array of entities.
    ///
    /// - Throws: ``ParseError`` with the faults of all entities; or, where each is without fault, with that of the whole: a
    ///   cycle, or an ancestor that is not listed although `.check` asks for it.
    public init(json: JSONValue, source: SourceText?, closure: Closure) throws(ParseError) {
        self = try DataReader.read(from: source) { $0.entities(json, closure: closure) }
    }

    /// The entities as an array in ascending order of their uids, each with its direct parents.
    public var json: JSONValue {
        JSONValue(.array(sorted { $0.uid < $1.uid }.map(\.json)))
    }
}

extension DataReader {
    fileprivate mutating func entities(_ json: JSONValue, closure: Entities.Closure) -> Entities? {
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
        /// Where each of `entities` stands.
        var spans: [SourceSpan?] = []
        spans.reserveCapacity(elements.count)
        for element in elements where !diagnostics.isFull {
            guard let entity = entity(element) else { continue }
            let span = DataReader.uidSpan(element)
            if let place = places[entity.uid] {
                reportContradiction(between: entities[place], at: spans[place], and: entity, at: span)
                continue
            }
            places[entity.uid] = entities.count
            entities.append(entity)
            spans.append(span)
        }
        guard diagnostics.isEmpty else { return nil }
        do throws(EntitiesError) {
            return try Entities(entities, closure: closure)
        } catch {
            let place = error.uid.flatMap { places[$0] }
            report("\(error)", at: place.flatMap { spans[$0] }, help: error.help)
            return nil
        }
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
