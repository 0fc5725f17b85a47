// Requests of which a part is unknown: what is known must be such that a completion conforms.
extension Conformance {
    /// Checks a partial request.
    ///
    /// - Returns: the environment of its completions; `nil` when something is not as the schema says, which is then reported.
    mutating func check(_ request: PartialRequest) -> RequestEnvironment? {
        let principal = checkedType(of: request.principal, at: .principal)
        let resource = checkedType(of: request.resource, at: .resource)
        guard case .known(let uid) = request.action else {
            report("the action must be known: types depend on it", at: [.action])
            return nil
        }
        guard let action = checkedAction(uid, at: [.action]) else { return nil }
        if let principal { checkApplies(action, to: principal, among: action.principalTypes, at: .principal) }
        if let resource { checkApplies(action, to: resource, among: action.resourceTypes, at: .resource) }
        check(request.context, action.context, of: "the context of `\(action.uid)`", at: [.context])
        guard faults.isEmpty, let principal, let resource else { return nil }
        return RequestEnvironment(principal: principal, action: action, resource: resource)
    }

    /// The type of a principal or resource, which must be known.
    private mutating func checkedType(of uid: PartialEntityUID, at place: ConformanceError.Step) -> Name? {
        switch uid {
        case .known(let uid):
            checkType(of: uid, at: place)
            return uid.type
        case .unknown(let type?):
            guard schema.entityType(type) == nil else { return type }
            report("the schema declares no entity type `\(type)`", at: [place], help: suggestion(for: type))
            return nil
        case .unknown(nil):
            report("the type of the \(place) must be known", at: [place])
            return nil
        }
    }

    private mutating func check(
        _ record: PartialRecord, _ type: RecordType, of what: String, at path: [ConformanceError.Step]
    ) {
        for attribute in type.attributes
        where attribute.isRequired && !record.isOpen && record.known[attribute.name] == nil && record.unknown[attribute.name] == nil {
            report(
                "\(what) has no attribute `\(Conformance.shown(attribute.name))`, which the schema requires", at: path,
                help: "if it is unknown, say so")
        }
        for attribute in record.known.attributes {
            let path = path + [.attribute(attribute.name)]
            guard let declared = type[attribute.name] else {
                reportUndeclared(attribute.name, of: what, at: path)
                continue
            }
            check(attribute.value, declared.type, at: path)
        }
        for (name, unknown) in record.unknown.sorted(by: { $0.key < $1.key }) {
            check(unknown, name, type, of: what, at: path + [.attribute(name)])
        }
    }

    private mutating func check(
        _ unknown: PartialRecord.Unknown, _ name: CedarString, _ type: RecordType, of what: String,
        at path: [ConformanceError.Step]
    ) {
        switch (unknown, type[name]?.type) {
        case (.presence, _), (.value, .some): break
        case (.value, nil), (.parts, nil): reportUndeclared(name, of: what, at: path)
        case (.parts(let parts), .record(let type)?): check(parts, type, of: Conformance.place(path), at: path)
        case (.parts, .some(let type)):
            report("\(Conformance.place(path)) must be of type `\(type.excerpt)`, not record", at: path)
        }
    }

    private mutating func reportUndeclared(_ name: CedarString, of what: String, at path: [ConformanceError.Step]) {
        report("\(what) has an attribute `\(Conformance.shown(name))` that the schema does not know", at: path)
    }
}

extension Schema {
    /// Finds the environment of a partial request: the types that all its completions have which conform to the schema.
    ///
    /// - Throws: ``ConformanceError`` when none conforms, or when the action or the type of the principal or the resource is unknown.
    public func environment(of request: PartialRequest) throws(ConformanceError) -> RequestEnvironment {
        var conformance = Conformance(self)
        guard let environment = conformance.check(request) else { throw ConformanceError(faults: conformance.takeFaults()) }
        return environment
    }
}
