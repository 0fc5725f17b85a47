import LynxCedar

/// Makes values of given types for one case.
///
/// Values often come from what the policies mention, or are next to it, or were used in the case before: conditions compare values
/// with literals and with one another, and hardly ever hold of values that have nothing to do with them.
struct RandomValues {
    var random: SeededRandom
    /// What the policy mentions that the case is made for, and what all policies mention.
    private let pools: (target: LiteralPool, all: LiteralPool)
    private let schema: Schema
    /// The few entities that the case has of each type: few, so that they meet again.
    private var uids: [Name: [EntityUID]] = [:]
    /// Those that were given out and have not been taken care of.
    private var mentioned: [EntityUID] = []
    private var longs: [Int64] = []
    private var strings: [CedarString] = []

    init(_ random: SeededRandom, schema: Schema, target: LiteralPool, all: LiteralPool) {
        self.random = random
        self.schema = schema
        self.pools = (target, all)
    }

    mutating func value(of type: SchemaType) -> Value {
        switch type {
        case .bool: .bool(random.chance(50))
        case .long: .long(long())
        case .string: .string(string())
        case .decimal: .decimal(decimal())
        case .ip: .ip(ip())
        case .datetime: .datetime(datetime())
        case .duration: .duration(duration())
        case .entity(let name): .entity(uid(of: name))
        case .set(let element): .set(ValueSet((0..<random.below(4)).map { _ in value(of: element) }))
        case .record(let record): .record(self.record(of: record))
        }
    }

    /// A record with the required attributes and some of the others.
    mutating func record(of type: RecordType) -> Record {
        var record = Record()
        for attribute in type.attributes where attribute.isRequired || random.chance(60) {
            record[attribute.name] = value(of: attribute.type)
        }
        return record
    }

    /// Up to three tags, under names that the policies know.
    mutating func tags(of type: SchemaType) -> Record {
        var tags = Record()
        for _ in 0..<random.below(4) { tags[string()] = value(of: type) }
        return tags
    }

    mutating func uid(of type: Name) -> EntityUID {
        let uid = random.any(of: uidsOfCase(of: type)) ?? EntityUID(type: type, id: "")
        mentioned.append(uid)
        return uid
    }

    /// The entities that the case has of a type; one at least.
    mutating func uidsOfCase(of type: Name) -> [EntityUID] {
        if let known = uids[type] { return known }
        var made: [EntityUID] = []
        // Where many types hang together, a case would grow with the schema.
        for _ in 0..<(uids.count < RandomValues.manyTypes ? 1 + random.below(3) : 1) {
            let uid = newUID(of: type)
            if !made.contains(uid) { made.append(uid) }
        }
        uids[type] = made
        return made
    }

    private static let manyTypes = 12

    private mutating func newUID(of type: Name) -> EntityUID {
        let actions = schema.actions.filter { $0.uid.type == type }
        if let action = random.any(of: actions) { return action.uid }
        let known = literal { $0.uids[type] ?? [] }
        guard let enumeration = schema.entityType(type)?.enumeration else {
            if let known, random.chance(70) { return known }
            return EntityUID(type: type, id: random.any(of: ["a", "b", "c", "d"]) ?? "a")
        }
        if let known, random.chance(50), enumeration.contains(known.id) { return known }
        return EntityUID(type: type, id: random.any(of: enumeration) ?? "")
    }

    /// Makes an entity one of the case.
    mutating func include(_ uid: EntityUID) {
        mentioned.append(uid)
        if !uidsOfCase(of: uid.type).contains(uid) { uids[uid.type, default: []].append(uid) }
    }

    /// The entities that were given out since the last call.
    mutating func takeMentioned() -> [EntityUID] {
        defer { mentioned = [] }
        return mentioned
    }

    /// A literal, mostly of the target's.
    private mutating func literal<Element>(_ elements: (LiteralPool) -> [Element]) -> Element? {
        if random.chance(70), let element = random.any(of: elements(pools.target)) { return element }
        return random.any(of: elements(pools.all))
    }

    private mutating func long() -> Int64 {
        let long: Int64
        switch random.below(10) {
        case 0..<5: long = (literal(\.longs) ?? 0) &+ Int64(random.below(3) - 1)
        case 5..<7: long = random.any(of: longs) ?? 0
        case 7..<9: long = Int64(random.below(24)) - 2
        default: long = random.any(of: [.max, .min, -1, 1 << 32]) ?? 0
        }
        longs.append(long)
        return long
    }

    mutating func string() -> CedarString {
        let string: CedarString
        switch random.below(10) {
        case 0..<5: string = literal(\.strings) ?? word()
        case 5..<7: string = literal(\.patterns).map { matching($0) } ?? word()
        case 7..<9: string = random.any(of: strings) ?? word()
        default: string = word()
        }
        strings.append(string)
        return string
    }

    private mutating func word() -> CedarString {
        random.any(of: ["", "a", "b", "c", "alice", "x y", "é"]) ?? ""
    }

    /// A text that the pattern matches, or now and then just not.
    private mutating func matching(_ pattern: Pattern) -> CedarString {
        var text = ""
        for element in pattern.elements {
            switch element {
            case .wildcard: text += word().string
            case .scalar(let scalar): if !random.chance(1) { text.unicodeScalars.append(scalar) }
            }
        }
        return CedarString(text)
    }

    private mutating func decimal() -> LynxCedar.Decimal {
        let near = literal(\.decimals)?.tenThousandths ?? 0
        return LynxCedar.Decimal(tenThousandths: random.chance(70) ? near &+ step : Int64(random.below(20_000)) - 5000)
    }

    private mutating func duration() -> LynxCedar.Duration {
        let near = literal(\.durations)?.milliseconds ?? 0
        return LynxCedar.Duration(milliseconds: random.chance(70) ? near &+ step : Int64(random.below(172_800_000)) - 86_400_000)
    }

    private mutating func datetime() -> Datetime {
        let near = literal(\.datetimes)?.millisecondsSinceEpoch ?? 1_700_000_000_000
        let distance = literal(\.durations)?.milliseconds ?? 86_400_000
        switch random.below(4) {
        case 0: return Datetime(millisecondsSinceEpoch: near &+ step)
        case 1: return Datetime(millisecondsSinceEpoch: near &+ distance &+ step)
        case 2: return Datetime(millisecondsSinceEpoch: near &- distance &+ step)
        // Within a year, at any time of the day.
        default: return Datetime(millisecondsSinceEpoch: near &+ Int64(random.below(63_072_000)) &* 1000 &- 31_536_000_000)
        }
    }

    /// On what is compared with, or on either side of it.
    private var step: Int64 { mutating get { Int64(random.below(3) - 1) } }

    private mutating func ip() -> IPAddress {
        guard random.chance(75), let range = literal(\.ips) else {
            let octets = random.chance(70) ? 4 : 16
            return IPAddress(octets: (0..<octets).map { _ in UInt8(random.below(256)) }) ?? "127.0.0.1"
        }
        // An address in the range: the bits behind the prefix are free.
        var octets = range.octets
        for bit in Int(range.prefixLength)..<octets.count * 8 where random.chance(50) {
            octets[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        }
        return IPAddress(octets: octets) ?? range
    }
}
