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
                return try attribute(name, ofType: uid.type, Expression(.attribute(target, name), span: span))
            }
            if let value = entities.attribute(name, of: uid) { return .value(value) }
            guard let entity = entities[uid] else { throw EvaluationError(.entityMissing(uid)) }
            throw .attributeMissing(name, of: uid, available: entity.attributes.names)
        case .value(let value):
            throw .type(value, expected: .entity, .record)
        case .residual(let remainder):
            let access = Expression(.attribute(remainder.expression, name), span: span)
            return switch remainder.knowledge {
            case .record(let record, let type): try attribute(name, of: record, type, access)
            case .fields(let fields): try attribute(name, of: fields, access)
            case .entity(let type): try attribute(name, ofType: type, access)
            case .type(.record(let type)): try attribute(name, of: type, access, mayFail: remainder.mayFail)
            case .nothing, .kind, .entities, .type: .residual(Remainder(access))
            }
        }
    }

    /// Of an unknown entity: it may be missing, so no attribute is sure to be there.
    private func attribute(
        _ name: CedarString, ofType type: Name, _ access: Expression
    ) throws(EvaluationError) -> Outcome {
        guard let attributes = types?.attributes(of: type) else { return .residual(Remainder(access)) }
        return try attribute(name, of: attributes, access, mayFail: true)
    }

    private func attribute(
        _ name: CedarString, of type: RecordType, _ access: Expression, mayFail: Bool
    ) throws(EvaluationError) -> Outcome {
        guard let attribute = type[name] else { throw .attributeMissing(name, available: type.attributes.map(\.name)) }
        return .residual(
            Remainder(access, Remainder.Knowledge(attribute.type), mayFail: mayFail || !attribute.isRequired))
    }

    /// - Parameter access: the attribute access itself, which stays while the attribute is unknown.
    private func attribute(
        _ name: CedarString, of record: PartialRecord, _ type: RecordType?, _ access: Expression
    ) throws(EvaluationError) -> Outcome {
        if let value = record.known[name] { return .value(value) }
        let attributeType = type?[name]?.type
        let knowledge = attributeType.map { Remainder.Knowledge($0) } ?? .nothing
        switch record.unknown[name] {
        case .value: return .residual(Remainder(access, knowledge, mayFail: false))
        case .presence: return .residual(Remainder(access, knowledge))
        case .parts(let parts):
            guard case .record(let type)? = attributeType else { return outcome(of: parts, nil, access) }
            return outcome(of: parts, type, access)
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
        let mayFail = outcome.mayFail || !outcome.isEntityOrRecord
        let further = furtherSteps(of: path[index...], from: outcome.knowledge)
        if further == .neverThere && !mayFail { return .value(.bool(false)) }
        return .residual(
            Remainder(
                Expression(.has(start, rest), span: expression.span), .bool, mayFail: mayFail || further == .mayFail))
    }

    /// What types say of the steps of a `has` behind one of which the answer is unknown.
    private enum FurtherSteps {
        /// One may find something that is neither entity nor record.
        case mayFail
        case cannotFail
        /// One asks for an attribute that is not there.
        case neverThere
    }

    /// - Parameters:
    ///   - path: the step of which the answer is unknown, and those behind it.
    ///   - knowledge: what is known of that which the first is a step from.
    private func furtherSteps(of path: ArraySlice<CedarString>, from knowledge: Remainder.Knowledge) -> FurtherSteps {
        guard path.count > 1 else { return .cannotFail }
        guard let first = path.first, var attributes = attributes(of: knowledge), attributes[first] != nil else { return .mayFail }
        for (name, next) in zip(path, path.dropFirst()) {
            // The loop goes on only where the attribute is declared.
            guard let type = attributes[name]?.type, let inner = self.attributes(of: Remainder.Knowledge(type)) else { return .mayFail }
            guard inner[next] != nil else { return .neverThere }
            attributes = inner
        }
        return .cannotFail
    }

    /// The attributes that a value may have; `nil` when that is not known.
    private func attributes(of knowledge: Remainder.Knowledge) -> RecordType? {
        switch knowledge {
        case .entity(let type): types?.attributes(of: type)
        case .type(.record(let type)): type
        case .record(_, let type): type
        case .nothing, .kind, .entities, .type, .fields: nil
        }
    }

    /// One step of `has`. Entities that are not in the store have no attributes.
    ///
    /// - Returns: `nil` when the answer is unknown.
    private func has(_ name: CedarString, _ outcome: Outcome) throws(EvaluationError) -> Bool? {
        switch outcome {
        case .value(.record(let record)):
            return record[name] != nil
        case .value(.entity(let uid)):
            if request.unknownEntities.contains(uid, in: entities) { return has(name, .entity(uid.type)) }
            return entities.attribute(name, of: uid) != nil
        case .value(let value):
            throw .type(value, expected: .entity, .record)
        case .residual(let remainder):
            return remainder.mayFail ? nil : has(name, remainder.knowledge)
        }
    }

    /// Whether something unknown, which has a value, has an attribute.
    private func has(_ name: CedarString, _ knowledge: Remainder.Knowledge) -> Bool? {
        switch knowledge {
        case .record(let record, _):
            if record.known[name] != nil { return true }
            switch record.unknown[name] {
            case .value, .parts: return true
            case .presence: return nil
            case nil: return record.isOpen ? nil : false
            }
        case .fields(let fields):
            return fields.contains { $0.name == name }
        case .type(.record(let type)):
            guard let attribute = type[name] else { return false }
            return attribute.isRequired ? true : nil
        case .entity(let type):
            // What its type requires an entity still lacks when it is missing itself.
            guard let attributes = types?.attributes(of: type) else { return nil }
            return attributes[name] == nil ? false : nil
        case .nothing, .kind, .entities, .type:
            return nil
        }
    }

    /// `uid.getTag(name)`
    ///
    /// - Returns: `nil` when the entity is unknown.
    func tag(of uid: EntityUID, named name: CedarString) throws(EvaluationError) -> Value? {
        if request.unknownEntities.contains(uid, in: entities) { return nil }
        if let value = entities.tag(name, of: uid) { return value }
        guard entities.contains(uid) else { throw EvaluationError(.entityMissing(uid)) }
        throw EvaluationError(.tagMissing(name, of: uid))
    }

    /// Whether types rule out that an entity has any tag, and nothing can fail.
    func hasNeverTags(_ entity: Outcome, _ name: Outcome) -> Bool {
        guard entity.kind == .entity, !entity.mayFail, name.kind == .string, !name.mayFail else { return false }
        guard let types, let type = entity.entityTypes?.first, let tags = types.tags(of: type) else { return false }
        return tags == nil
    }

    /// `uid.hasTag(name)`
    ///
    /// - Returns: `nil` when the entity is unknown.
    func hasTag(_ uid: EntityUID, named name: CedarString) -> Bool? {
        if request.unknownEntities.contains(uid, in: entities) { return nil }
        return entities.tag(name, of: uid) != nil
    }
}

extension Outcome {
    fileprivate var isEntityOrRecord: Bool {
        kind == .entity || kind == .record
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
