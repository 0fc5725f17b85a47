import LynxCedar

/// The values that policies mention, by type: what conditions compare with is worth trying.
struct LiteralPool {
    private(set) var longs: [Int64] = []
    private(set) var strings: [CedarString] = []
    private(set) var patterns: [Pattern] = []
    private(set) var decimals: [LynxCedar.Decimal] = []
    private(set) var ips: [IPAddress] = []
    private(set) var datetimes: [Datetime] = []
    private(set) var durations: [LynxCedar.Duration] = []
    private(set) var uids: [Name: [EntityUID]] = [:]

    /// Beyond so many values of a type, further ones would only take room.
    private static let limit = 1000

    init() {}

    init(_ policy: Policy) {
        add(policy)
    }

    mutating func add(_ policy: Policy) {
        for uid in [policy.principal.reference, policy.resource.reference] { add(uid) }
        switch policy.action {
        case .any: break
        case .equal(let uid): add(uid)
        case .in(let uids): uids.forEach { add($0) }
        }
        // A list of what is left to look at in place of recursion: trees may be deep.
        var rest = policy.conditions.map(\.body)
        while let next = rest.popLast() {
            add(next)
            rest += next.children
        }
    }

    private mutating func add(_ expression: Expression) {
        switch expression.kind {
        case .literal(.long(let long)): add(long, to: \.longs)
        case .literal(.string(let string)): add(string, to: \.strings)
        case .literal(.entity(let uid)): add(uid)
        case .like(_, let pattern): add(pattern, to: \.patterns)
        case .call(let function, let arguments):
            // Constructors with a literal are values too; whatever else has one without a request counts just as well.
            guard function.style == .function, arguments.count == 1 else { return }
            switch try? expression.evaluate() {
            case .decimal(let decimal): add(decimal, to: \.decimals)
            case .ip(let ip): add(ip, to: \.ips)
            case .datetime(let datetime): add(datetime, to: \.datetimes)
            case .duration(let duration): add(duration, to: \.durations)
            default: break
            }
        default: break
        }
    }

    private mutating func add(_ uid: EntityUID?) {
        guard let uid, uids[uid.type, default: []].count < LiteralPool.limit, !uids[uid.type, default: []].contains(uid) else {
            return
        }
        uids[uid.type, default: []].append(uid)
    }

    private mutating func add<Element: Equatable>(
        _ element: Element, to path: WritableKeyPath<LiteralPool, [Element]>
    ) {
        guard self[keyPath: path].count < LiteralPool.limit, !self[keyPath: path].contains(element) else { return }
        self[keyPath: path].append(element)
    }
}
