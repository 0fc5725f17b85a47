extension DataReader {
    /// Reports what is not as the schema says, each fault at the place of its part.
    ///
    /// - Parameters:
    ///   - json: what the faulty entity, request or context was read from.
    ///   - attributes: where in it the attributes are that paths begin with.
    mutating func report(_ faults: [ConformanceError.Fault], in json: JSONValue, attributes: JSONValue? = nil) {
        var parents: [EntityUID: JSONValue]?
        for fault in faults where !diagnostics.isFull {
            let span = span(of: fault.path, in: json, attributes: attributes, parents: &parents)
            report(fault.message, at: span, help: fault.help)
        }
    }

    /// The place of a part; where the way to it leads through a set or an escape, that of the whole set or value.
    ///
    /// - Parameter parents: the parents of the entity by their uids, once a fault has asked for one.
    private func span(
        of path: [ConformanceError.Step], in json: JSONValue, attributes: JSONValue?, parents: inout [EntityUID: JSONValue]?
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
            case .parent(let uid):
                let byUID = parents ?? DataReader.parents(in: members)
                parents = byUID
                next = byUID[uid]
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

    private static func parents(in members: [JSONValue.Member]) -> [EntityUID: JSONValue] {
        guard case .array(let parents)? = members["parents"]?.kind else { return [:] }
        var reader = DataReader(source: nil)
        var byUID: [EntityUID: JSONValue] = [:]
        for parent in parents {
            if let uid = reader.uid(parent), byUID[uid] == nil { byUID[uid] = parent }
        }
        return byUID
    }
}
