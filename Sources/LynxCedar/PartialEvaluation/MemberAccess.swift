// What entities and records hold: attributes and tags.

extension PartialEvaluator {
    /// `target.name`
    func attribute(
        _ target: Expression, _ name: CedarString, _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        let outcome = try outcome(of: target, depth: depth + 1)
        return try attribute(name, of: outcome, target, span: expression.span)
    }

    /// - Parameter target: what `outcome` is of.
    private func attribute(
        _ name: CedarString, of outcome: Outcome, _ target: Expression, span: SourceSpan?
    ) throws(EvaluationError) -> Outcome {
        switch outcome {
        case .value(.record(let record)):
            guard let value = record[name] else { throw .attributeMissing(name, available: record.names) }
            return .value(value)
        case .value(.entity(let uid)):
            if request.unknownEntities.contains(uid, in: entities) {
                let target = Expression(.literal(.entity(uid)), span: target.span)
                return .residual(Remainder(Expression(.attribute(target, name), span: span)))
            }
            guard let entity = entities[uid] else { throw EvaluationError(.entityMissing(uid)) }
            guard let value = entity.attributes[name] else {
                throw .attributeMissing(name, of: uid, available: entity.attributes.names)
            }
            return .value(value)
        case .value(let value):
            throw .type(value, expected: .entity, .record)
        case .residual(let remainder):
            let access = Expression(.attribute(remainder.expression, name), span: span)
            return switch remainder.knowledge {
            case .record(let record): try attribute(name, of: record, access)
            case .fields(let fields): try attribute(name, of: fields, access)
            case .nothing, .bool, .entity: .residual(Remainder(access))
            }
        }
    }

    /// - Parameter access: the attribute access itself, which stays while the attribute is unknown.
    private func attribute(
        _ name: CedarString, of record: PartialRecord, _ access: Expression
    ) throws(EvaluationError) -> Outcome {
        if let value = record.known[name] { return .value(value) }
        switch record.unknown[name] {
        case .value: return .residual(Remainder(access, mayFail: false))
        case .presence: return .residual(Remainder(access))
        case .parts(let parts): return outcome(of: parts, access)
        case nil where record.isOpen: return .residual(Remainder(access))
        case nil: throw .attributeMissing(name, available: (Array(record.known.names) + record.unknown.keys).sorted())
        }
    }

    /// The record has a value only when all its fields have, so a field stands for itself only when no other may fail.
    private func attribute(
        _ name: CedarString, of fields: [Remainder.Field], _ access: Expression
    ) throws(EvaluationError) -> Outcome {
        guard let index = fields.lastIndex(where: { $0.name == name }) else {
            throw .attributeMissing(name, available: fields.map(\.name).sorted())
        }
        let othersMayFail = fields.indices.contains { $0 != index && fields[$0].outcome.mayFail }
        return othersMayFail ? .residual(Remainder(access)) : fields[index].outcome
    }

    /// `target has a.b.c`, which is `target has a && target.a has b && target.a.b has c`.
    func has(
        _ target: Expression, _ path: [CedarString], _ expression: Expression, depth: Int
    ) throws(EvaluationError) -> Outcome {
        try has(path, of: try outcome(of: target, depth: depth + 1), target, expression)
    }

    /// - Parameter target: what `first` is of.
    private func has(
        _ path: [CedarString], of first: Outcome, _ target: Expression, _ expression: Expression
    ) throws(EvaluationError) -> Outcome {
        var outcome = first
        for (index, name) in path.enumerated() {
            switch try has(name, outcome) {
            case true?:
                // The attribute is there, so the access cannot fail; the last one is not asked for.
                if index + 1 < path.count { outcome = try attribute(name, of: outcome, target, span: expression.span) }
            case false?:
                return .value(.bool(false))
            case nil:
                return residual(of: path, at: index, first, outcome, target, expression)
            }
        }
        return .value(.bool(true))
    }

    /// What is left of `has` when a step is unknown: from a known entity on the rest of the path, from anything else the whole.
    private func residual(
        of path: [CedarString], at index: Int, _ first: Outcome, _ outcome: Outcome, _ target: Expression,
        _ expression: Expression
    ) -> Outcome {
        let (start, rest) =
            switch (outcome, first) {
            case (.value(let value), _): (Expression(Expression(value).kind, span: target.span), Array(path[index...]))
            case (.residual, .residual(let remainder)): (remainder.expression, path)
            case (.residual, .value): (target, path)
            }
        return .residual(
            Remainder(
                Expression(.has(start, rest), span: expression.span), .bool,
                // A step further down may find something that is neither entity nor record.
                mayFail: index + 1 < path.count || outcome.mayFail || !outcome.isEntityOrRecord
            ))
    }

    /// One step of `has`. Entities that are not in the store have no attributes.
    ///
    /// - Returns: `nil` when the answer is unknown.
    private func has(_ name: CedarString, _ outcome: Outcome) throws(EvaluationError) -> Bool? {
        switch outcome {
        case .value(.record(let record)):
            return record[name] != nil
        case .value(.entity(let uid)):
            if request.unknownEntities.contains(uid, in: entities) { return nil }
            return entities[uid]?.attributes[name] != nil
        case .value(let value):
            throw .type(value, expected: .entity, .record)
        case .residual(let remainder):
            return remainder.has(name)
        }
    }

    /// `uid.getTag(name)`
    ///
    /// - Returns: `nil` when the entity is unknown.
    func tag(of uid: EntityUID, named name: CedarString) throws(EvaluationError) -> Value? {
        if request.unknownEntities.contains(uid, in: entities) { return nil }
        guard let entity = entities[uid] else { throw EvaluationError(.entityMissing(uid)) }
        guard let value = entity.tags[name] else { throw EvaluationError(.tagMissing(name, of: uid)) }
        return value
    }

    /// `uid.hasTag(name)`
    ///
    /// - Returns: `nil` when the entity is unknown.
    func hasTag(_ uid: EntityUID, named name: CedarString) -> Bool? {
        if request.unknownEntities.contains(uid, in: entities) { return nil }
        return entities[uid]?.tags[name] != nil
    }
}

extension Remainder {
    /// Whether the value has an attribute.
    ///
    /// - Returns: `nil` when that is unknown, or when there may be no value.
    fileprivate func has(_ name: CedarString) -> Bool? {
        if mayFail { return nil }
        switch knowledge {
        case .record(let record):
            if record.known[name] != nil { return true }
            switch record.unknown[name] {
            case .value, .parts: return true
            case .presence: return nil
            case nil: return record.isOpen ? nil : false
            }
        case .fields(let fields): return fields.contains { $0.name == name }
        case .nothing, .bool, .entity: return nil
        }
    }
}

extension Outcome {
    fileprivate var isEntityOrRecord: Bool {
        switch self {
        case .value(let value): value.kind == .entity || value.kind == .record
        case .residual(let remainder): remainder.form == .entity || remainder.form == .record
        }
    }
}

extension Record {
    fileprivate var names: some RandomAccessCollection<CedarString> { attributes.lazy.map(\.name) }
}

extension EvaluationError {
    /// How many of the names that are there an error keeps.
    private static let namesKept = 5

    /// - Parameter available: the names that are there, in ascending order.
    fileprivate static func attributeMissing(
        _ name: CedarString, of uid: EntityUID? = nil, available: some RandomAccessCollection<CedarString>
    ) -> EvaluationError {
        let kept = Array(available.prefix(namesKept))
        return EvaluationError(.attributeMissing(name, of: uid, available: kept, omitted: available.count - kept.count))
    }
}
