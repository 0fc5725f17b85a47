import CedarGenerators
@testable import LynxCedar

/// Random expressions, policies, requests and entities over a small vocabulary, so that they have to do with each other.
struct RandomPrograms {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// In this order an entity may have the later ones as parents, which keeps the hierarchy free of cycles.
    private static let uids: [EntityUID] = [
        "User::\"a\"", "User::\"b\"", "Action::\"view\"", "Photo::\"p\"", "Group::\"g\"", "Group::\"h\"", "Action::\"read\"", "Group::\"i\"",
    ]
    private static let actions = uids.filter(\.isAction)
    private static let names: [CedarString] = ["l", "s", "e", "r", "t", "b"]

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
    }

    // MARK: Data

    private mutating func value(_ kind: Value.Kind, depth: Int = 2) -> Value {
        switch kind {
        case .bool: return .bool(chance(50))
        case .long: return .long(pick([0, 1, 2, .max]))
        case .string: return .string(pick(["a", "ab", "1.5", "10.0.0.1", "1h"]))
        case .entity: return .entity(pick(Self.uids))
        case .set:
            let kind: Value.Kind = pick([.long, .entity])
            return .set(ValueSet((0..<Int.random(in: 0...2, using: &generator)).map { _ in value(kind) }))
        default: return .record(record(depth: depth - 1))
        }
    }

    /// Attributes of which `l` is a long, `s` a string and so on, mostly.
    private mutating func record(depth: Int = 2) -> Record {
        var record = Record()
        for name in Self.names where chance(60) {
            record[name] = attribute(name, depth: depth)
        }
        return record
    }

    private mutating func attribute(_ name: CedarString, depth: Int = 2) -> Value {
        let kinds: [CedarString: Value.Kind] = ["l": .long, "s": .string, "e": .entity, "t": .set, "b": .bool, "r": .record]
        let kind = chance(90) ? kinds[name] ?? .long : .long
        return value(depth > 0 || kind != .record ? kind : .long, depth: depth)
    }

    private mutating func entity(_ uid: EntityUID) -> Entity {
        let index = Self.uids.firstIndex(of: uid) ?? 0
        let parents = Self.uids[(index + 1)...].filter { _ in chance(30) }
        return Entity(uid: uid, attributes: record(), tags: record(), parents: Set(parents))
    }

    mutating func request() -> Request {
        Request(principal: pick(Self.uids), action: pick(Self.actions), resource: pick(Self.uids), context: record())
    }

    // MARK: What is unknown

    /// A request and entities of which a part is unknown, with several completions.
    struct Situation {
        var request: PartialRequest
        var entities: Entities
        var completions: [(request: Request, entities: Entities)]
    }

    mutating func situation() throws -> Situation {
        let whole = request()
        let present = Self.uids.filter { _ in chance(80) }
        let known = present.map { entity($0) }
        var partial = PartialRequest(
            principal: forget(whole.principal), action: forget(whole.action), resource: forget(whole.resource),
            context: chance(20) ? .unknown : chance(80) ? forget(whole.context) : PartialRecord(whole.context))
        let unknown: [EntityUID]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            unknown = []
        case 1:
            unknown = Self.uids.filter { _ in chance(30) }
            partial.unknownEntities = .only(Set(unknown))
        default:
            unknown = Self.uids.filter { !present.contains($0) }
            partial.unknownEntities = .missing
        }
        var situation = Situation(request: partial, entities: try Entities(known), completions: [])
        for _ in 0..<3 {
            let request = Request(
                principal: complete(partial.principal), action: complete(partial.action), resource: complete(partial.resource),
                context: complete(partial.context))
            let filled = unknown.filter { _ in chance(80) }.map { entity($0) }
            let entities = try Entities(known.filter { !unknown.contains($0.uid) } + filled)
            situation.completions.append((request, entities))
        }
        return situation
    }

    private mutating func forget(_ uid: EntityUID) -> PartialEntityUID {
        chance(50) ? .known(uid) : .unknown(type: chance(50) ? uid.type : nil)
    }

    private mutating func complete(_ uid: PartialEntityUID) -> EntityUID {
        switch uid {
        case .known(let uid): uid
        case .unknown(let type): pick(Self.uids.filter { type == nil || $0.type == type })
        }
    }

    private mutating func forget(_ record: Record) -> PartialRecord {
        var unknown: [CedarString: PartialRecord.Unknown] = [:]
        for name in Self.names {
            switch record[name] {
            case .record(let parts) where chance(40): unknown[name] = .parts(forget(parts))
            case .some where chance(30): unknown[name] = .value
            case _ where chance(15): unknown[name] = .presence
            default: break
            }
        }
        return PartialRecord(record, unknown: unknown, isOpen: chance(20))
    }

    private mutating func complete(_ record: PartialRecord) -> Record {
        var completed = record.known
        for name in Self.names {
            switch record.unknown[name] {
            case .value: completed[name] = attribute(name)
            case .presence where chance(50): completed[name] = attribute(name)
            case .parts(let parts): completed[name] = .record(complete(parts))
            case nil where record.isOpen && completed[name] == nil && chance(50): completed[name] = attribute(name)
            default: break
            }
        }
        return completed
    }

    // MARK: Expressions

    /// An expression that mostly has a value of the kind.
    mutating func expression(_ kind: Value.Kind = .bool, depth: Int = 4) -> Expression {
        let kind = chance(95) ? kind : pick([.bool, .long, .string, .entity, .set, .record, .decimal])
        if depth == 0 || chance(10) { return leaf(kind) }
        if chance(8) {
            return Expression(
                .conditional(
                    if: expression(.bool, depth: depth - 1), then: expression(kind, depth: depth - 1),
                    else: expression(kind, depth: depth - 1)))
        }
        switch kind {
        case .bool: return bool(depth: depth - 1)
        case .long:
            if chance(50) { return access("l", depth: depth - 1) }
            if chance(20) { return Expression(.unary(.negate, expression(.long, depth: depth - 1))) }
            return binary(pick([.add, .subtract, .multiply]), .long, .long, depth: depth - 1)
        case .string: return access("s", depth: depth - 1)
        case .entity: return access("e", depth: depth - 1)
        case .set:
            if chance(30) { return access("t", depth: depth - 1) }
            let kind: Value.Kind = pick([.long, .entity])
            return Expression(
                .set((0..<Int.random(in: 0...3, using: &generator)).map { _ in expression(kind, depth: depth - 1) }))
        case .record:
            if chance(40) { return access("r", depth: depth - 1) }
            return Expression(
                .record(
                    Self.names.filter { _ in chance(30) }.map { name in
                        Expression.Field(name, expression(pick([.bool, .long, .entity]), depth: depth - 1))
                    }))
        default: return leaf(kind)
        }
    }

    private mutating func leaf(_ kind: Value.Kind) -> Expression {
        switch kind {
        case .bool where chance(50): return Expression(.attribute(Expression(.variable(.context)), "b"))
        case .entity where chance(70): return Expression(.variable(pick([.principal, .action, .resource])))
        case .record: return Expression(.variable(.context))
        case .decimal: return Expression(.call(.decimal, [leaf(.string)]))
        default: return Expression(value(kind))
        }
    }

    /// An attribute or tag of something that may have it.
    private mutating func access(_ name: CedarString, depth: Int) -> Expression {
        if chance(15) {
            return Expression(
                .binary(.getTag, expression(.entity, depth: depth), Expression(.literal(.string(name)))))
        }
        return Expression(.attribute(expression(pick([.entity, .record, .record]), depth: depth), name))
    }

    private mutating func binary(
        _ binary: BinaryOperator, _ left: Value.Kind, _ right: Value.Kind, depth: Int
    ) -> Expression {
        Expression(.binary(binary, expression(left, depth: depth), expression(right, depth: depth)))
    }

    private mutating func bool(depth: Int) -> Expression {
        switch Int.random(in: 0..<16, using: &generator) {
        case 0...1: return .and((0..<Int.random(in: 2...4, using: &generator)).map { _ in expression(depth: depth) })
        case 2...3: return .or((0..<Int.random(in: 2...4, using: &generator)).map { _ in expression(depth: depth) })
        case 4: return Expression(.unary(.not, expression(depth: depth)))
        case 5:
            let kind: Value.Kind = pick([.long, .entity, .set, .record, .bool])
            return binary(pick([.equal, .notEqual]), kind, kind, depth: depth)
        case 6: return binary(pick([.less, .lessOrEqual, .greater, .greaterOrEqual]), .long, .long, depth: depth)
        case 7...8: return binary(.in, .entity, pick([.entity, .set]), depth: depth)
        case 9: return binary(pick([.contains]), .set, pick([.long, .entity]), depth: depth)
        case 10: return binary(pick([.containsAll, .containsAny]), .set, .set, depth: depth)
        case 11:
            return Expression(
                .binary(.hasTag, expression(.entity, depth: depth), Expression(.literal(.string(pick(Self.names))))))
        case 12...13:
            let path = (0..<Int.random(in: 1...3, using: &generator)).map { _ in pick(Self.names) }
            return Expression(.has(expression(pick([.entity, .record]), depth: depth), path))
        case 14:
            let container = chance(50) ? expression(pick([.entity, .set]), depth: depth) : nil
            return Expression(.isType(expression(.entity, depth: depth), pick(["User", "Group"]), in: container))
        default:
            let pattern = Pattern([.scalar("a"), .wildcard])
            return chance(50)
                ? Expression(.like(expression(.string, depth: depth), pattern))
                : Expression(.unary(.isEmpty, expression(.set, depth: depth)))
        }
    }

    // MARK: Policies

    private mutating func constraint() -> ScopeConstraint<EntityUID> {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .equal(pick(Self.uids))
        case 1: .in(pick(Self.uids))
        case 2: .is(pick(["User", "Group", "Photo"]))
        case 3: .isIn(pick(["User", "Photo"]), pick(Self.uids))
        default: .any
        }
    }

    private mutating func policy(_ id: PolicyID) -> Policy {
        let uid = pick(Self.actions)
        return Policy(
            id: id, effect: chance(60) ? .permit : .forbid, principal: constraint(),
            action: chance(60) ? .any : chance(50) ? .equal(uid) : .in([uid, pick(Self.actions)]),
            resource: constraint(),
            conditions: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                Condition(chance(60) ? .when : .unless, expression(depth: 3))
            })
    }

    mutating func policies() throws -> PolicySet {
        var policies: [Policy] = []
        for index in 0..<6 { policies.append(policy("p\(index)")) }
        return try PolicySet(policies)
    }
}
