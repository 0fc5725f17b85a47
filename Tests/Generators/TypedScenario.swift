import LynxCedar

/// A schema with policies that are well typed, but for a share of mistakes, and with entities and requests that conform to it.
/// The same seed gives the same scenario.
public struct TypedScenario: Sendable {
    /// In Cedar's schema syntax.
    public let schema: String
    /// Policies and templates in one text.
    public let policies: String
    public let entities: [Entity]
    public let requests: [Request]

    /// - Parameters:
    ///   - mistakes: in how many of a thousand places of the policies there is a mistake; by default it depends on the seed.
    ///   - policyCount: how many policies and templates there are.
    public init(seed: UInt64, mistakes: Int? = nil, policyCount: ClosedRange<Int> = 1...4) {
        let dice = Dice(seed: seed)
        let words = AwkwardText(dice: dice)
        let schema = SchemaGenerator(dice: dice, words: words).schema()
        let world = WorldGenerator(dice: dice, words: words, schema: schema, conforms: true).world()
        let generator = TypedPolicyGenerator(
            dice: dice, words: words, schema: schema, uids: world.uids, mistakes: mistakes ?? dice.pick(0, 0, 10, 30, 100))
        self.schema = schema.text
        policies = dice.several(policyCount) {
            dice.chance(85) ? generator.policy("").description : generator.template("").description
        }.joined(separator: "\n")
        entities = world.entities.map(\.entity)
        requests = world.requests.map(\.request)
    }
}

extension World.EntityRecord {
    fileprivate var entity: Entity {
        Entity(uid: uid, attributes: attributes.value.record, tags: tags?.value.record ?? [:], parents: Set(parents))
    }
}

extension World.RequestRecord {
    fileprivate var request: Request {
        Request(principal: principal, action: action, resource: resource, context: context.value.record)
    }
}

extension Value {
    /// The record that it is; an empty one where it is none.
    fileprivate var record: Record { if case .record(let record) = self { record } else { [:] } }
}
