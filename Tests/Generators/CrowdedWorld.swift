import LynxCedar

/// Many entities that share few names and values, in a hierarchy of several levels: what a schema's small worlds never have.
struct CrowdedWorld {
    /// What an attribute's value is, mostly.
    enum Flavor: CaseIterable {
        case long, string, bool, entity, decimal, datetime, duration, ip, set, record
    }

    let dice: Dice
    let groups: [EntityUID]
    let folders: [EntityUID]
    let actionGroups: [EntityUID]
    let actions: [EntityUID]
    let users: [EntityUID]
    let documents: [EntityUID]
    /// Named by policies and requests, and no entities.
    let strangers: [EntityUID]
    let attributes: [(name: CedarString, flavor: Flavor)]
    /// More than a look at each can be worth.
    let contextAttributes: [(name: CedarString, flavor: Flavor)]
    let tags: [CedarString]
    /// What values mostly are, and what conditions compare them with.
    let values: [Flavor: [Value]]
    private(set) var entities: [Entity] = []

    /// - Parameter hasManyGroups: whether there are more groups than changes of parents that ancestor sets are kept through, and other
    ///   entities between them, so that the numbers of ancestors lie far apart.
    init(dice: Dice, hasManyGroups: Bool) {
        self.dice = dice
        let texts = CrowdedTexts(dice: dice)
        func uids(_ types: [Name], _ count: Int) -> [EntityUID] {
            (0..<count).map { EntityUID(type: types[$0 * types.count / count], id: texts.id($0)) }
        }
        groups = uids(["Org", "Group", "Team"], hasManyGroups ? dice.int(300...340) : dice.int(20...60))
        folders = uids(["Folder"], dice.int(10...30))
        actionGroups = uids(["Action"], dice.int(4...12)).map { EntityUID(type: $0.type, id: CedarString("all \($0.id)")) }
        actions = uids(["Action"], dice.chance(15) ? 140 : dice.int(6...30))
        users = uids(["User", "N::User"], dice.int(10...30))
        documents = uids(["Document"], dice.int(10...30))
        strangers = uids(["User", "Group", "Document", "Stranger"], 8).map { EntityUID(type: $0.type, id: CedarString("no \($0.id)")) }
        let flavors = Flavor.allCases
        attributes = (0..<dice.int(8...14)).map { (texts.id($0), flavors[$0 % flavors.count]) }
        contextAttributes = (0..<45).map { (texts.id($0), dice.any(of: flavors) ?? .long) }
        tags = (0..<4).map { texts.id($0) }
        values = CrowdedTexts(dice: dice).values(users + groups + documents)
        entities = makeEntities(hasManyGroups)
    }

    private func makeEntities(_ hasManyGroups: Bool) -> [Entity] {
        let fillers = hasManyGroups ? (0..<700).map { Entity(uid: EntityUID(type: "Filler", id: CedarString("\($0)"))) } : []
        let orgs = groups.filter { $0.type == "Org" }
        let made =
            hierarchy(groups, levels: dice.int(3...6)) + hierarchy(folders, levels: dice.int(2...5))
            + hierarchy(actionGroups, levels: 3)
            + actions.map { entity($0, below: dice.chance(60) ? actionGroups : [], 1...2) }
            + users.map { entity($0, below: groups, 1...4) } + documents.map { entity($0, below: folders + orgs, 1...3) }
        // Entities are numbered by type, in the order in which types first come up.
        let (first, rest) = (made.filter { $0.uid.type == "Org" }, made.filter { $0.uid.type != "Org" })
        return (first + fillers + rest).filter { _ in dice.chance(97) }
    }

    /// Entities of which each level lies in the ones before.
    private func hierarchy(_ uids: [EntityUID], levels: Int) -> [Entity] {
        uids.indices.map { index in
            let level = index * levels / uids.count
            let above = uids.indices.filter { $0 * levels / uids.count < level }
            let near = above.filter { $0 * levels / uids.count == level - 1 }
            return entity(uids[index], below: (dice.chance(80) ? near : above).map { uids[$0] }, 1...3)
        }
    }

    private func entity(_ uid: EntityUID, below parents: [EntityUID], _ count: ClosedRange<Int>) -> Entity {
        Entity(
            uid: uid, attributes: record(attributes, 85), tags: dice.chance(50) ? record(tags.map { ($0, .string) }, 60) : [:],
            parents: Set(dice.several(count) { dice.any(of: parents) }.compactMap { $0 }))
    }

    // MARK: Values

    /// A record with some of the attributes, few of them of another flavor than the others have there.
    private func record(_ attributes: [(name: CedarString, flavor: Flavor)], _ percent: Int) -> Record {
        var record = Record()
        for (name, flavor) in attributes where dice.chance(percent) {
            record[name] = value(dice.chance(96) ? flavor : dice.any(of: Flavor.allCases) ?? flavor)
        }
        return record
    }

    func value(_ flavor: Flavor) -> Value { dice.any(of: values[flavor] ?? []) ?? .bool(true) }

    // MARK: Requests and changes

    func requests(_ count: ClosedRange<Int>) -> [Request] {
        dice.several(count) {
            Request(
                principal: participant(users, groups), action: participant(actions, actionGroups), resource: participant(documents, folders),
                context: record(contextAttributes, dice.pick(0, 10, 30, 60, 100)))
        }
    }

    private func participant(_ usual: [EntityUID], _ other: [EntityUID]) -> EntityUID {
        let uids = dice.chance(80) ? usual : dice.chance(50) ? other : dice.chance(70) ? strangers : users + documents + groups
        // Nobody has ever heard of some.
        return dice.chance(3) ? EntityUID(type: dice.pick("User", "Nothing"), id: "unheard of") : dice.any(of: uids) ?? "User::\"x\""
    }

    /// Entities for changes: known ones that have moved, and strangers that come in, also as parents of others.
    func newcomers(_ count: ClosedRange<Int>) -> [Entity] {
        dice.several(count) {
            let uid = dice.chance(50) ? dice.any(of: strangers) : dice.any(of: users + groups + folders + documents + actions + actionGroups)
            let parents = uid?.isAction == true ? actionGroups : dice.chance(70) ? groups + strangers : folders + users
            return entity(uid ?? "User::\"x\"", below: parents, 0...4)
        }
    }
}
