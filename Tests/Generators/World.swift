import LynxCedar

/// Entities and requests that conform to a schema, mostly.
struct World {
    let schema: GeneratedSchema
    /// Every uid that has to do with the scenario, by type; not all of them have an entity.
    let uids: [Name: [EntityUID]]
    let entities: [EntityRecord]
    let requests: [RequestRecord]

    struct EntityRecord {
        let uid: EntityUID
        let attributes: Datum
        let tags: Datum?
        let parents: [EntityUID]
    }

    struct RequestRecord {
        let principal: EntityUID
        let action: EntityUID
        let resource: EntityUID
        let context: Datum
    }

    func entity(_ uid: EntityUID) -> EntityRecord? { entities.first { $0.uid == uid } }

    /// What the entity is in, through any number of steps; the entity itself is not among them.
    func ancestors(of uid: EntityUID) -> [EntityUID] {
        var ancestors: [EntityUID] = []
        var pending = entity(uid)?.parents ?? []
        while let next = pending.popLast() {
            if ancestors.contains(next) { continue }
            ancestors.append(next)
            pending += entity(next)?.parents ?? []
        }
        return ancestors
    }
}

/// Makes worlds.
struct WorldGenerator {
    let dice: Dice
    let words: AwkwardText
    let schema: GeneratedSchema
    /// Whether all of it conforms; otherwise a little does not.
    var conforms = false

    func world() -> World {
        var uids: [Name: [EntityUID]] = [:]
        for type in schema.entityTypes {
            var ofType = dice.shuffled(type.enumeration).map { EntityUID(type: type.name, id: $0) }
            if !ofType.isEmpty {
                uids[type.name] = ofType
                continue
            }
            for _ in 0..<dice.int(1...3) {
                let uid = EntityUID(type: type.name, id: words.string())
                if !ofType.contains(uid) { ofType.append(uid) }
            }
            uids[type.name] = ofType
        }
        for action in schema.actions { uids[action.uid.type, default: []].append(action.uid) }
        let data = DataGenerator(dice: dice, words: words, uids: uids, conforms: conforms)
        var entities: [World.EntityRecord] = []
        for type in schema.entityTypes {
            let ofType = uids[type.name] ?? []
            for (index, uid) in ofType.enumerated() where dice.chance(92) {
                // Later ones only, so that no hierarchy has a cycle.
                let candidates = type.parents.flatMap { $0 == type.name ? Array(ofType[(index + 1)...]) : uids[$0] ?? [] }
                entities.append(
                    World.EntityRecord(
                        uid: uid, attributes: data.record(type.attributes), tags: type.tags.map { tags($0, data) },
                        parents: dice.some(of: candidates, 45)))
            }
        }
        for action in schema.actions where dice.chance(90) {
            entities.append(
                World.EntityRecord(uid: action.uid, attributes: .record([]), tags: nil, parents: action.parents))
        }
        return World(
            schema: schema, uids: uids, entities: dice.shuffled(entities), requests: requests(data, uids))
    }

    private func tags(_ type: AttributeType, _ data: DataGenerator) -> Datum {
        var tags: [(name: CedarString, datum: Datum)] = []
        for _ in 0..<dice.int(0...3) {
            let key = words.string()
            if tags.contains(where: { $0.name == key }) { continue }
            tags.append((key, data.datum(type, depth: 2)))
        }
        return .record(tags)
    }

    private func requests(_ data: DataGenerator, _ uids: [Name: [EntityUID]]) -> [World.RequestRecord] {
        dice.several(2...4) {
            let action = dice.any(of: schema.actions.filter { !$0.principals.isEmpty })
            let conforms = conforms || dice.chance(90)
            let principals = conforms ? action?.principals ?? [] : Array(uids.keys.sorted())
            let resources = conforms ? action?.resources ?? [] : Array(uids.keys.sorted())
            return World.RequestRecord(
                principal: dice.any(of: principals).map { data.uid($0) } ?? "User::\"a\"",
                action: action?.uid ?? "Action::\"view\"",
                resource: dice.any(of: resources).map { data.uid($0) } ?? "User::\"a\"",
                context: data.record(action?.context ?? []))
        }
    }
}

/// Makes values of given types.
struct DataGenerator {
    let dice: Dice
    let words: AwkwardText
    let uids: [Name: [EntityUID]]
    /// Whether all values are of the types that they are made for; otherwise some are not.
    var conforms = false

    /// An entity of the type; now and then one that nobody knows.
    func uid(_ type: Name) -> EntityUID {
        let known = conforms || dice.chance(93) ? dice.any(of: uids[type] ?? []) : nil
        return known ?? EntityUID(type: type, id: words.string())
    }

    /// A record with the fields; those that are not required may be missing, and rarely one that is.
    func record(_ fields: [AttributeField], depth: Int = 3) -> Datum {
        let present = fields.filter { $0.isRequired && conforms || dice.chance($0.isRequired ? 98 : 60) }
        return .record(present.map { ($0.name, datum($0.type, depth: depth)) })
    }

    /// A value of the type; in two of a hundred cases of some other.
    func datum(_ type: AttributeType, depth: Int) -> Datum {
        let type = !conforms && dice.chance(2) ? dice.pick(.long, .string, .set(.long), .record([]), .extension(.decimal)) : type
        switch type {
        case .bool:
            let bool = dice.bit()
            return Datum(value: .bool(bool), json: JSONValue(.bool(bool)))
        case .long:
            let long = dice.chance(75) ? Int64(dice.int(-3...10)) : dice.pick(.max, .min, .max - 1, dice.long())
            return Datum(value: .long(long), json: JSONValue(.integer(long)))
        case .string:
            let string = words.string()
            return Datum(value: .string(string), json: JSONValue(.string(string)))
        case .extension(let kind):
            return self.extension(kind)
        case .entity(let name):
            return .entity(uid(name))
        case .set(let element):
            let elements = dice.several(0...(depth > 0 ? 3 : 1)) { datum(element, depth: depth - 1) }
            return Datum(value: .set(ValueSet(elements.map(\.value))), json: JSONValue(.array(elements.map(\.json))))
        case .record(let fields):
            return record(fields, depth: depth - 1)
        }
    }

    private func `extension`(_ kind: ExtensionText.Kind) -> Datum {
        let (text, value) = ExtensionText(dice: dice).valid(kind)
        let argument = JSONValue(.string(CedarString(text)))
        let function = JSONValue(.string(CedarString(kind.constructor.rawValue)))
        return Datum(
            value: value,
            json: dice.chance(85)
                ? ["__extn": ["fn": function, "arg": argument]] : ["__extn": ["fn": function, "args": [argument]]])
    }
}
