import LynxCedar

/// Makes cases that are as a schema says, with an eye on a policy that they may match.
struct FuzzCaseGenerator {
    let schema: Schema
    /// What all policies mention.
    let literals: LiteralPool
    /// The actions that apply to something.
    private let actions: [Schema.Action]

    /// - Returns: `nil` where the schema foresees no request.
    init?(_ schema: Schema, literals: LiteralPool) {
        self.schema = schema
        self.literals = literals
        actions = schema.actions.filter { !$0.principalTypes.isEmpty && !$0.resourceTypes.isEmpty }
        guard !actions.isEmpty else { return nil }
    }

    /// - Parameter target: the policy that the case is aimed at; `nil` for none in particular.
    func makeCase(for target: PolicyUnderTest?, _ random: inout SeededRandom) -> FuzzCase? {
        guard let environment = environment(for: target, &random) else { return nil }
        var world = World(
            schema: schema,
            values: RandomValues(random, schema: schema, target: target?.literals ?? LiteralPool(), all: literals))
        let principal = world.entity(of: environment.principal, matching: target?.policy.principal)
        let resource = world.entity(of: environment.resource, matching: target?.policy.resource)
        let context = world.values.record(of: environment.action.context)
        world.fill()
        random = world.values.random
        return FuzzCase(
            entities: world.order.compactMap { world.entities[$0] },
            request: Request(
                principal: principal, action: environment.action.uid, resource: resource, context: context))
    }

    private func environment(for target: PolicyUnderTest?, _ random: inout SeededRandom) -> RequestEnvironment? {
        if random.chance(90), let environment = random.any(of: target?.environments ?? []) { return environment }
        guard let action = random.any(of: actions), let principal = random.any(of: action.principalTypes),
            let resource = random.any(of: action.resourceTypes)
        else { return nil }
        return RequestEnvironment(principal: principal, action: action, resource: resource)
    }
}

/// The entities of a case while it is made.
private struct World {
    let schema: Schema
    var values: RandomValues
    var entities: [EntityUID: Entity] = [:]
    var order: [EntityUID] = []

    /// An entity of the type that in most cases satisfies the constraint.
    mutating func entity(of type: Name, matching constraint: ScopeConstraint<EntityUID>?) -> EntityUID {
        guard let constraint, values.random.chance(85) else { return values.uid(of: type) }
        switch constraint {
        case .any, .is: return values.uid(of: type)
        case .equal(let uid):
            guard uid.type == type else { return values.uid(of: type) }
            values.include(uid)
            return uid
        case .in(let ancestor), .isIn(_, let ancestor):
            let uid = values.uid(of: type)
            connect(uid, with: ancestor)
            return uid
        }
    }

    /// Makes one entity an ancestor of another, through as few others as the schema allows.
    private mutating func connect(_ uid: EntityUID, with ancestor: EntityUID) {
        var child = uid
        for type in path(from: uid.type, to: ancestor.type).dropLast() {
            let parent = values.uid(of: type)
            addParent(parent, to: child)
            child = parent
        }
        guard child != ancestor, schema.entityType(child.type)?.memberOf.contains(ancestor.type) == true else { return }
        values.include(ancestor)
        addParent(ancestor, to: child)
    }

    /// The types on the shortest way up, without the first and with the last; empty where there is none.
    private func path(from type: Name, to goal: Name) -> [Name] {
        var cameFrom: [Name: Name] = [:]
        var queue = [type]
        var next = 0
        while next < queue.count {
            let current = queue[next]
            next += 1
            for parent in schema.entityType(current)?.memberOf ?? [] where cameFrom[parent] == nil {
                cameFrom[parent] = current
                guard parent == goal else {
                    queue.append(parent)
                    continue
                }
                var path = [parent]
                var place = current
                while place != type, let before = cameFrom[place] {
                    path.append(place)
                    place = before
                }
                return path.reversed()
            }
        }
        return []
    }

    /// Gives every entity that is mentioned its attributes, tags and parents, and so on for those that these mention.
    mutating func fill() {
        var pending = values.takeMentioned()
        var next = 0
        while next < pending.count {
            fill(pending[next])
            next += 1
            pending += values.takeMentioned()
        }
    }

    private var filled: Set<EntityUID> = []

    private mutating func fill(_ uid: EntityUID) {
        // The actions are the schema's.
        guard let type = schema.entityType(uid.type), filled.insert(uid).inserted else { return }
        make(uid)
        entities[uid]?.attributes = values.record(of: type.attributes)
        if let tags = type.tags { entities[uid]?.tags = values.tags(of: tags) }
        for _ in 0..<min(3, type.memberOf.count) {
            guard let parentType = values.random.any(of: type.memberOf) else { return }
            for parent in values.uidsOfCase(of: parentType) where values.random.chance(45) {
                values.include(parent)
                addParent(parent, to: uid)
            }
        }
    }

    init(schema: Schema, values: RandomValues) {
        self.schema = schema
        self.values = values
    }

    private mutating func make(_ uid: EntityUID) {
        guard entities[uid] == nil else { return }
        entities[uid] = Entity(uid: uid)
        order.append(uid)
    }

    /// Adds a parent unless that would make an entity its own ancestor.
    private mutating func addParent(_ parent: EntityUID, to child: EntityUID) {
        guard !isAncestor(child, of: parent) else { return }
        make(child)
        make(parent)
        entities[child]?.parents.insert(parent)
    }

    /// Whether `uid` is the entity or one of its ancestors.
    private func isAncestor(_ uid: EntityUID, of entity: EntityUID) -> Bool {
        var visited: Set<EntityUID> = [entity]
        var pending = [entity]
        while let next = pending.popLast() {
            if next == uid { return true }
            for parent in entities[next]?.parents ?? [] where visited.insert(parent).inserted { pending.append(parent) }
        }
        return false
    }
}
