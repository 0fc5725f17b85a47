import LynxCedar

extension Schema {
    /// What keeps every completion of a partial request from being one that the schema foresees, its context aside.
    func faults(of request: PartialRequest) -> [ConformanceError.Fault] {
        if case .known(let action) = request.action { return faults(of: request, action: action) }
        // An unknown action may be any that fits. Where there is none, what is wrong whatever the action is says more than that.
        var common: [ConformanceError.Fault]?
        for action in actions {
            let faults = faults(of: request, action: action.uid)
            guard !faults.isEmpty else { return [] }
            common = common?.filter(faults.contains) ?? faults
        }
        if let common, !common.isEmpty { return common }
        return [ConformanceError.Fault(message: "no action of the schema applies to such a principal and resource")]
    }

    private func faults(of request: PartialRequest, action: EntityUID) -> [ConformanceError.Fault] {
        let declared = self.action(action)
        let completion = Request(
            principal: example(of: request.principal, among: declared?.principalTypes ?? [], action: action),
            action: action,
            resource: example(of: request.resource, among: declared?.resourceTypes ?? [], action: action))
        do throws(ConformanceError) {
            try check(completion)
            return []
        } catch {
            return error.faults.filter { $0.path.first != .context }
        }
    }

    /// An entity that stands for all that the unknown one may be.
    private func example(of entity: PartialEntityUID, among types: [Name], action: EntityUID) -> EntityUID {
        switch entity {
        case .known(let uid):
            return uid
        case .unknown(let type):
            // An action that applies to nothing finds fault with any of them.
            let type = type ?? types.first ?? entityTypes.first?.name ?? action.type
            return EntityUID(type: type, id: entityType(type)?.enumeration?.first ?? "")
        }
    }
}

extension PartialRecord {
    /// The paths of the attributes that a type requires and no completion of the record has.
    func lacking(_ type: RecordType, at prefix: String = "") -> [String] {
        type.attributes.flatMap { attribute -> [String] in
            let path = prefix + DisplayText.line(attribute.name.string)
            switch (unknown[attribute.name], known[attribute.name], attribute.type) {
            case (.parts(let parts)?, _, .record(let type)): return parts.lacking(type, at: path + ".")
            case (.some, _, _): return []
            case (nil, let value?, let type): return value.lacking(type, at: path)
            case (nil, nil, _): return attribute.isRequired && !isOpen ? [path] : []
            }
        }
    }
}

extension Value {
    fileprivate func lacking(_ type: SchemaType, at path: String) -> [String] {
        switch (self, type) {
        case (.record(let record), .record(let type)): PartialRecord(record).lacking(type, at: path + ".")
        case (.set(let set), .set(let type)): set.elements.flatMap { $0.lacking(type, at: path) }
        default: []
        }
    }
}
