@testable import CedarGenerators
import LynxCedar

/// A random schema, with entities, requests and policies that have to do with it. Entities and requests conform.
struct ConformingWorld {
    let dice: Dice
    let schema: Schema
    let entities: Entities
    let requests: [Request]
    let policies: PolicySet

    private let generated: GeneratedSchema
    private let data: DataGenerator
    private let uids: [Name: [EntityUID]]

    /// - Returns: `nil` for the few seeds that make no schema or no request.
    init?(seed: UInt64) throws {
        let dice = Dice(seed: seed)
        let words = AwkwardText(dice: dice)
        let generated = SchemaGenerator(dice: dice, words: words).schema()
        guard let schema = try? Schema(cedar: SourceText(generated.text)) else { return nil }
        let world = WorldGenerator(dice: dice, words: words, schema: generated).world()
        let conforming = world.entities.map(Entity.init).filter { !$0.uid.isAction && (try? schema.check($0)) != nil }
        self.dice = dice
        self.schema = schema
        self.generated = generated
        self.uids = world.uids
        data = DataGenerator(dice: dice, words: words, uids: world.uids)
        entities = try Entities(conforming + schema.actionEntities)
        requests = world.requests.compactMap { record in
            guard case .record(let context) = record.context.value else { return nil }
            let request = Request(
                principal: record.principal, action: record.action, resource: record.resource, context: context)
            return (try? schema.check(request)).map { request }
        }
        let policies = PolicyGenerator(dice: dice, words: words, world: world)
        self.policies = try PolicySet((0..<8).map { policies.policy(PolicyID("p\($0)")) })
        if requests.isEmpty { return nil }
    }

    /// A request and entities of which a part is unknown, with conforming completions.
    struct Situation {
        let request: PartialRequest
        let entities: Entities
        let completions: [(request: Request, entities: Entities)]
    }

    func situation(_ request: Request) throws -> Situation {
        var partial = PartialRequest(request)
        if dice.chance(70) { partial.principal = .unknown(type: request.principal.type) }
        if dice.chance(70) { partial.resource = .unknown(type: request.resource.type) }
        if dice.chance(60) { partial.context = dice.bit() ? .unknown : forget(request.context) }
        let unknown = dice.chance(30) ? Set(dice.some(of: entities.map(\.uid).filter { !$0.isAction }.sorted(), 40)) : []
        if !unknown.isEmpty { partial.unknownEntities = .only(unknown) }
        var completions = [(request, entities)]
        for _ in 0..<6 {
            guard let completed = try complete(partial, like: request) else { continue }
            let others = unknown.sorted().compactMap { entity($0) }
            completions.append((completed, try Entities(entities.filter { !unknown.contains($0.uid) } + others)))
        }
        return Situation(request: partial, entities: entities, completions: completions)
    }

    private func forget(_ context: Record) -> PartialRecord {
        var unknown: [CedarString: PartialRecord.Unknown] = [:]
        for attribute in context.attributes where dice.bit() { unknown[attribute.name] = dice.pick(.value, .presence) }
        return PartialRecord(context, unknown: unknown, isOpen: dice.chance(30))
    }

    private func complete(_ partial: PartialRequest, like request: Request) throws -> Request? {
        guard let action = generated.actions.first(where: { $0.uid == request.action }) else { return nil }
        var completed = request
        if case .unknown = partial.principal { completed.principal = data.uid(request.principal.type) }
        if case .unknown = partial.resource { completed.resource = data.uid(request.resource.type) }
        guard case .record(let other) = data.record(action.context).value else { return nil }
        completed.context = complete(partial.context, from: other)
        guard partial.isCompleted(by: completed), (try? schema.check(completed)) != nil else { return nil }
        return completed
    }

    private func complete(_ context: PartialRecord, from other: Record) -> Record {
        var completed = context.known
        for attribute in other.attributes
        where context.unknown[attribute.name] != nil || context.isOpen && completed[attribute.name] == nil {
            completed[attribute.name] = attribute.value
        }
        return completed
    }

    /// An entity with that uid that conforms, `nil` for one that is missing.
    private func entity(_ uid: EntityUID) -> Entity? {
        guard dice.chance(75), let type = generated.entityType(uid.type),
            case .record(let attributes) = data.record(type.attributes).value
        else { return nil }
        let entity = Entity(uid: uid, attributes: attributes, parents: entities[uid]?.parents ?? [])
        return (try? schema.check(entity)).map { entity }
    }
}

extension Entity {
    fileprivate init(_ record: CedarGenerators.World.EntityRecord) {
        self.init(uid: record.uid, parents: Set(record.parents))
        if case .record(let attributes) = record.attributes.value { self.attributes = attributes }
        if case .record(let tags) = record.tags?.value { self.tags = tags }
    }
}
