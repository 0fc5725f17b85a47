extension DataReader {
    /// Reports what is not as the schema says, each fault at the place of its part.
    ///
    /// - Parameters:
    ///   - json: what the faulty entity, request or context was read from.
    ///   - attributes: where in it the attributes are that paths begin with.
    mutating func report(_ faults: [ConformanceError.Fault], in json: JSONValue, attributes: JSONValue? = nil) {
        for fault in faults {
            report(fault.message, at: span(of: fault.path, in: json, attributes: attributes), help: fault.help)
        }
    }

    /// The place of a part; where the way to it leads through a set or an escape, that of the whole set or value.
    private func span(
        of path: [ConformanceError.Step], in json: JSONValue, attributes: JSONValue?
    ) -> SourceSpan? {
        var place = json
        for (index, step) in path.enumerated() {
            guard case .object(let members) = place.kind else { break }
            let next: JSONValue?
            switch step {
            case .principal: next = members["principal"]
            case .action: next = members["action"]
            case .resource: next = members["resource"]
            case .context: next = members["context"]
            case .uid: next = members["uid"]
            case .parent(let uid): next = DataReader.parent(uid, in: members)
            case .tag(let name): next = DataReader.member(name, of: members["tags"])
            case .attribute(let name): next = DataReader.member(name, of: index == 0 ? attributes : place)
            }
            guard let next else { break }
            place = next
        }
        return place.span
    }

    private static func member(_ name: CedarString, of json: JSONValue?) -> JSONValue? {
        guard case .object(let members)? = json?.kind else { return nil }
        return members[name]
    }

    private static func parent(_ uid: EntityUID, in members: [JSONValue.Member]) -> JSONValue? {
        guard case .array(let parents)? = members["parents"]?.kind else { return nil }
        return parents.first { parent in
            var reader = DataReader(source: nil)
            return reader.uid(parent) == uid
        }
    }
}
