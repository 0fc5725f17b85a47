import LynxCedar

/// Turns bytes into policies, entities and a request that speak of the same few names, so that they meet.
public struct ProgramDecoder {
    public var source: ByteSource

    public init(_ bytes: [UInt8]) {
        source = ByteSource(bytes)
    }

    private static let names: [CedarString] = ["a", "b", "tags", "", "if", "é", "e\u{301}", "a b"]
    private static let identifiers: [CedarString] = ["a", "b", "tags"]
    private static let types: [Name] = ["User", "Group", "A::B"]
    private static let ids: [CedarString] = ["x", "y", "z", ""]
    private static let texts: [CedarString] = [
        "", "a", "*", "1.0", "-922337203685477.5808", "922337203685477.5807", "10.0.0.1", "10.0.0.0/8", "::1", "ffff::/0", "2020-01-01",
        "9999-12-31T23:59:59.999Z", "0000-01-01", "1d", "-9223372036854775808ms", "9223372036854775807ms", "1d2h3m4s5ms", "é", "e\u{301}",
    ]
    private static let longs: [Int64] = [0, 1, -1, 2, .max, .min, .max - 1, .min + 1, 86_400_000, 10_000]

    mutating func text() -> CedarString { source.choice(Self.texts) }
    public mutating func uid() -> EntityUID { EntityUID(type: source.choice(Self.types), id: source.choice(Self.ids)) }
    mutating func action() -> EntityUID { EntityUID(type: "Action", id: source.choice(Self.ids)) }

    // MARK: Expressions

    /// Deeper than the evaluator goes, so that its limit is met too.
    static let maximumDepth = 300

    mutating func expression(depth: Int = 0) -> Expression {
        Expression(kind(depth: depth))
    }

    private mutating func kind(depth: Int) -> Expression.Kind {
        guard depth < Self.maximumDepth, !source.isEmpty else { return .variable(source.choice(Variable.allCases)) }
        switch source.number(below: 20) {
        case 0: return .variable(source.choice(Variable.allCases))
        case 1: return .literal(.bool(source.bit()))
        case 2: return .literal(.long(source.choice(Self.longs)))
        case 3: return .literal(.long(source.integer()))
        case 4: return .literal(.string(text()))
        case 5: return .literal(.entity(source.bit() ? action() : uid()))
        case 6: return .conditional(if: expression(depth: depth + 1), then: expression(depth: depth + 1), else: expression(depth: depth + 1))
        case 7: return Expression.and(operands(atLeast: 2, depth: depth)).kind
        case 8: return Expression.or(operands(atLeast: 2, depth: depth)).kind
        case 9: return .unary(source.choice([.not, .negate, .isEmpty]), expression(depth: depth + 1))
        case 10, 11, 12:
            return .binary(source.choice(BinaryOperator.allCases), expression(depth: depth + 1), expression(depth: depth + 1))
        case 13: return .attribute(expression(depth: depth + 1), source.choice(Self.names))
        case 14: return .has(expression(depth: depth + 1), path())
        case 15: return .like(expression(depth: depth + 1), pattern())
        case 16: return .isType(expression(depth: depth + 1), source.choice(Self.types), in: source.bit() ? expression(depth: depth + 1) : nil)
        case 17: return .set(operands(atLeast: 0, depth: depth))
        case 18: return .record(fields(depth: depth))
        default:
            let function = source.choice(ExtensionFunction.allCases)
            return .call(function, operands(atLeast: function.style == .method ? 1 : 0, depth: depth))
        }
    }

    private mutating func operands(atLeast minimum: Int, depth: Int) -> [Expression] {
        (0..<minimum + source.number(below: 3)).map { _ in expression(depth: depth + 1) }
    }

    private mutating func path() -> [CedarString] {
        source.bit() ? [source.choice(Self.names)] : (0...source.number(below: 3)).map { _ in source.choice(Self.identifiers) }
    }

    private mutating func pattern() -> Pattern {
        Pattern((0..<source.number(below: 6)).map { _ in source.bit() ? .wildcard : .scalar(source.choice(["a", "*", "é", "1"])) })
    }

    private mutating func fields(depth: Int) -> [Expression.Field] {
        var fields: [Expression.Field] = []
        for _ in 0..<source.number(below: 4) {
            let name = source.choice(Self.names)
            guard !fields.contains(where: { $0.name == name }) else { continue }
            fields.append(Expression.Field(name, expression(depth: depth + 1)))
        }
        return fields
    }

    // MARK: Values

    /// The value of an expression that needs no request.
    mutating func value() -> Value {
        (try? expression(depth: Self.maximumDepth - 6).evaluate()) ?? .string(text())
    }

    mutating func record() -> Record {
        var record = Record()
        for _ in 0..<source.number(below: 4) { record[source.choice(Self.names)] = value() }
        return record
    }

    // MARK: The rest

    public mutating func entities() -> Entities {
        var entities = Entities()
        for _ in 0..<source.number(below: 6) {
            // A cycle or a contradiction is refused; the others stay.
            try? entities.add(entity())
        }
        return entities
    }

    /// Entities with distinct uids, in any order.
    public mutating func overlay() -> [Entity] {
        var overlay: [Entity] = []
        for _ in 0...source.number(below: 4) {
            let entity = entity()
            if !overlay.contains(where: { $0.uid == entity.uid }) { overlay.append(entity) }
        }
        return overlay
    }

    public mutating func entity() -> Entity {
        let parents = Set((0..<source.number(below: 3)).map { _ in uid() })
        return Entity(uid: source.bit() ? action() : uid(), attributes: record(), tags: record(), parents: parents)
    }

    public mutating func request() -> Request {
        Request(principal: uid(), action: action(), resource: uid(), context: record())
    }

    /// The request with some of it unknown.
    public mutating func partial(_ request: Request) -> PartialRequest {
        func unknown(_ uid: EntityUID) -> PartialEntityUID {
            switch source.number(below: 3) {
            case 0: .known(uid)
            case 1: .unknown(type: uid.type)
            default: .unknown()
            }
        }
        var partial = PartialRequest(principal: unknown(request.principal), action: unknown(request.action), resource: unknown(request.resource))
        partial.context = self.partial(request.context)
        switch source.number(below: 3) {
        case 0: break
        case 1: partial.unknownEntities = .missing
        default: partial.unknownEntities = .only(Set((0..<source.number(below: 4)).map { _ in uid() }))
        }
        return partial
    }

    private mutating func partial(_ record: Record) -> PartialRecord {
        var unknown: [CedarString: PartialRecord.Unknown] = [:]
        for attribute in record.attributes {
            switch source.number(below: 4) {
            case 0: break
            case 1: unknown[attribute.name] = .value
            case 2: unknown[attribute.name] = .presence
            default: if case .record(let inner) = attribute.value { unknown[attribute.name] = .parts(partial(inner)) }
            }
        }
        return PartialRecord(record, unknown: unknown, isOpen: source.bit())
    }

    public mutating func policies() -> PolicySet {
        var set = PolicySet()
        for index in 0...source.number(below: 4) {
            try? set.add(policy(PolicyID("policy\(index)")))
        }
        return set
    }

    /// A few policies, and one that is repeated with small changes: so many share scopes and conditions that their index splits.
    public mutating func crowdedPolicies() -> PolicySet {
        var set = policies()
        var policy = policy("repeated")
        for index in 0..<source.number(below: 61) {
            let variant = varied(policy, PolicyID("variant\(index)"))
            try? set.add(variant)
            // Changes add up now and then.
            if source.bit() { policy = variant }
        }
        return set
    }

    /// The policy with a small change, or none.
    public mutating func varied(_ policy: Policy, _ id: PolicyID) -> Policy {
        var policy = policy
        policy.id = id
        switch source.number(below: 10) {
        case 1: policy.effect = policy.effect == .permit ? .forbid : .permit
        case 2: policy.principal = constraint()
        case 3: policy.resource = constraint()
        case 4: policy.action = actions()
        // More than the index lists.
        case 5: policy.action = .in((0..<source.number(below: 24)).map { EntityUID(type: "Action", id: CedarString("\($0)")) } + [action()])
        case 6: policy.conditions.append(equality())
        case 7: policy.conditions.insert(equality(), at: 0)
        case 8: policy.conditions.append(Condition(source.bit() ? .when : .unless, expression(depth: Self.maximumDepth - 4)))
        case 9: if !policy.conditions.isEmpty { policy.conditions.removeLast() }
        default: break
        }
        return policy
    }

    /// `e == constant`, of which the index makes a case of a switch.
    private mutating func equality() -> Condition {
        let variable = Expression(.variable(source.choice(Variable.allCases)))
        let subject = source.bit() ? Expression(.attribute(variable, source.choice(Self.names))) : variable
        let constant = Expression(value())
        return Condition(.when, source.bit() ? subject.equals(constant) : constant.equals(subject))
    }

    public mutating func policy(_ id: PolicyID) -> Policy {
        let conditions = (0..<source.number(below: 3)).map { _ in Condition(source.bit() ? .when : .unless, expression()) }
        return Policy(
            id: id, effect: source.bit() ? .permit : .forbid, principal: constraint(), action: actions(), resource: constraint(),
            conditions: conditions)
    }

    private mutating func constraint() -> ScopeConstraint<EntityUID> {
        switch source.number(below: 8) {
        case 4: .equal(uid())
        case 5: .in(uid())
        case 6: .is(source.choice(Self.types))
        case 7: .isIn(source.choice(Self.types), uid())
        default: .any
        }
    }

    private mutating func actions() -> ActionConstraint {
        switch source.number(below: 6) {
        case 4: .equal(action())
        case 5: .in((0..<source.number(below: 4)).map { _ in action() })
        default: .any
        }
    }
}
