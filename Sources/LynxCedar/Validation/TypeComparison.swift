/// Compares types, each two record types once.
///
/// Types share their parts: written out, one may be a thousand times larger than the schema that declares it. What is known of two
/// record types is kept, so that the time is in the number of distinct ones.
struct TypeComparison {
    private var subtypes: [Pair: Bool] = [:]
    private var bounds: [Pair: Result<RecordShape, ExpressionType.Incompatibility>] = [:]
    /// Pairs that are equal as far as has been seen.
    private var equals: Set<Pair> = []

    private struct Pair: Hashable {
        let lhs: RecordShape.Identity
        let rhs: RecordShape.Identity
        let isStrict: Bool

        /// `nil` for types that have to be looked into each time.
        init?(_ lhs: RecordShape, _ rhs: RecordShape, isStrict: Bool = true) {
            guard let first = lhs.identity, let second = rhs.identity else { return nil }
            self.lhs = first
            self.rhs = second
            self.isStrict = isStrict
        }

        /// Whether the types are the same; `nil` where the identities do not tell.
        var areSame: Bool? {
            switch (lhs, rhs) {
            case (.declared(let lhs), .declared(let rhs)) where lhs.schema == rhs.schema: lhs.number == rhs.number
            default: lhs == rhs ? true : nil
            }
        }
    }

    // MARK: Equality

    mutating func areEqual(_ lhs: RecordShape, _ rhs: RecordShape) -> Bool {
        guard lhs.isOpen == rhs.isOpen else { return false }
        if let pair = Pair(lhs, rhs) {
            if let areSame = pair.areSame { return areSame }
            // What was found to differ has ended the comparison.
            guard equals.insert(pair).inserted else { return true }
        }
        let (first, second) = (lhs.attributes, rhs.attributes)
        guard first.count == second.count else { return false }
        for (lhs, rhs) in zip(first, second) {
            guard lhs.name == rhs.name, lhs.isRequired == rhs.isRequired, areEqual(lhs.type, rhs.type) else { return false }
        }
        return true
    }

    private mutating func areEqual(_ lhs: ExpressionType, _ rhs: ExpressionType) -> Bool {
        switch (lhs, rhs) {
        case (.set(let lhs?), .set(let rhs?)): areEqual(lhs, rhs)
        case (.record(let lhs), .record(let rhs)): areEqual(lhs, rhs)
        default: lhs == rhs
        }
    }

    // MARK: Order

    /// See ``ExpressionType/isSubtype(of:isStrict:)``.
    mutating func isSubtype(_ type: ExpressionType, of other: ExpressionType, isStrict: Bool) -> Bool {
        switch (type, other) {
        case (.never, _): true
        case (.bool(let lhs), .bool(let rhs)): rhs == nil || lhs == rhs
        case (.long, .long), (.string, .string), (.decimal, .decimal), (.ip, .ip), (.datetime, .datetime),
            (.duration, .duration), (.anyEntity, .anyEntity):
            true
        case (.entity(let lhs), .entity(let rhs)): lhs == rhs
        case (.entity(let lhs), .anyOf(let rhs)): !isStrict && rhs.contains(lhs)
        case (.anyOf(let lhs), .anyOf(let rhs)): isStrict ? lhs == rhs : Set(lhs).isSubset(of: rhs)
        case (.entity, .anyEntity), (.anyOf, .anyEntity): !isStrict
        case (.set, .set(nil)): true
        case (.set(let lhs?), .set(let rhs?)): isSubtype(lhs, of: rhs, isStrict: isStrict)
        case (.record(let lhs), .record(let rhs)): isSubtype(lhs, of: rhs, isStrict: isStrict)
        default: false
        }
    }

    private mutating func isSubtype(_ shape: RecordShape, of other: RecordShape, isStrict: Bool) -> Bool {
        guard let pair = Pair(shape, other, isStrict: isStrict) else { return hasSubtypes(shape, of: other, isStrict: isStrict) }
        if pair.areSame == true, shape.isOpen == other.isOpen { return true }
        if let known = subtypes[pair] { return known }
        let result = hasSubtypes(shape, of: other, isStrict: isStrict)
        subtypes[pair] = result
        return result
    }

    private mutating func hasSubtypes(_ shape: RecordShape, of other: RecordShape, isStrict: Bool) -> Bool {
        guard !shape.isOpen || other.isOpen else { return false }
        if shape.names != other.names {
            // Further attributes are no hindrance where the other leaves open what there is.
            guard other.isOpen, !isStrict else { return false }
        }
        for rhs in other.attributes {
            guard let lhs = shape[rhs.name] else { return false }
            let presence = isStrict ? lhs.isRequired == rhs.isRequired : lhs.isRequired || !rhs.isRequired
            guard presence, isSubtype(lhs.type, of: rhs.type, isStrict: isStrict) else { return false }
        }
        return true
    }

    // MARK: Bounds

    /// See ``ExpressionType/leastUpperBound(_:isStrict:)``.
    mutating func leastUpperBound(
        _ lhs: ExpressionType, _ rhs: ExpressionType, isStrict: Bool
    ) throws(ExpressionType.Incompatibility) -> ExpressionType {
        if isSubtype(lhs, of: rhs, isStrict: isStrict) { return rhs }
        if isSubtype(rhs, of: lhs, isStrict: isStrict) { return lhs }
        switch (lhs, rhs) {
        case (.bool, .bool):
            return .bool(nil)
        case (.set(let lhs?), .set(let rhs?)):
            return .set(try leastUpperBound(lhs, rhs, isStrict: isStrict))
        case (.record(let lhs), .record(let rhs)):
            return .record(try leastUpperBound(lhs, rhs, isStrict: isStrict))
        case (.entity, .record), (.anyOf, .record), (.anyEntity, .record),
            (.record, .entity), (.record, .anyOf), (.record, .anyEntity):
            throw .entityAndRecord
        default:
            guard lhs.isEntity, rhs.isEntity else { throw .different }
            guard !isStrict else { throw .entityTypes }
            guard let first = lhs.entityTypes, let second = rhs.entityTypes else { return .anyEntity }
            return ExpressionType(entityTypes: Set(first).union(second))
        }
    }

    private mutating func leastUpperBound(
        _ lhs: RecordShape, _ rhs: RecordShape, isStrict: Bool
    ) throws(ExpressionType.Incompatibility) -> RecordShape {
        guard let pair = Pair(lhs, rhs, isStrict: isStrict) else { return try bound(lhs, rhs, isStrict: isStrict) }
        if let known = bounds[pair] { return try known.get() }
        do throws(ExpressionType.Incompatibility) {
            let bound = try bound(lhs, rhs, isStrict: isStrict)
            bounds[pair] = .success(bound)
            return bound
        } catch {
            bounds[pair] = .failure(error)
            throw error
        }
    }

    private mutating func bound(
        _ lhs: RecordShape, _ rhs: RecordShape, isStrict: Bool
    ) throws(ExpressionType.Incompatibility) -> RecordShape {
        let isOpen = lhs.isOpen || rhs.isOpen
        guard isStrict else {
            let common = commonAttributes(lhs, rhs)
            let isExact = common.count == lhs.names.count && common.count == rhs.names.count
            return RecordShape(inferred: common, isOpen: isOpen || !isExact)
        }
        guard lhs.names == rhs.names else { throw .attributes }
        var common: [RecordShape.Attribute] = []
        for (lhs, rhs) in zip(lhs.attributes, rhs.attributes) {
            let type = try leastUpperBound(lhs.type, rhs.type, isStrict: true)
            guard lhs.isRequired == rhs.isRequired else { throw .optionality }
            common.append(RecordShape.Attribute(name: lhs.name, type: type, isRequired: lhs.isRequired))
        }
        return RecordShape(inferred: common, isOpen: isOpen)
    }

    /// See ``RecordShape/commonAttributes(with:)``.
    mutating func commonAttributes(_ lhs: RecordShape, _ rhs: RecordShape) -> [RecordShape.Attribute] {
        var common: [RecordShape.Attribute] = []
        for lhs in lhs.attributes {
            guard let rhs = rhs[lhs.name], let type = try? leastUpperBound(lhs.type, rhs.type, isStrict: false) else { continue }
            common.append(RecordShape.Attribute(name: lhs.name, type: type, isRequired: lhs.isRequired && rhs.isRequired))
        }
        return common
    }
}
