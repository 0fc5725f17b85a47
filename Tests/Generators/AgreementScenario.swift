import LynxCedar

/// What the two ways of deciding are compared on.
struct AgreementScenario {
    let policies: PolicySet
    /// Without a cycle, and with distinct uids.
    let entities: [Entity]
    let requests: [Request]
    /// Entities that changes may put in and overlays may bring: new ones, and others in place of those above.
    let newcomers: [Entity]
    let maximumNesting: Int
    let features: LanguageFeatures
    /// How many changes are made.
    let changeCount: Int
    /// How many requests are decided after each of them.
    let requestsAfterChange: Int
    /// Whether the parents of so many entities are changed that ancestors are found anew.
    let changesManyParents: Bool

    /// Policies that are well typed for a schema, mostly, over a small world that conforms to it.
    ///
    /// - Returns: `nil` where what the generator makes cannot be read.
    static func typed(seed: UInt64, _ dice: Dice) -> AgreementScenario? {
        let scenario = TypedScenario(seed: seed, policyCount: dice.pick(2...4, 5...12, 20...60))
        guard let policies = try? PolicySet(cedar: scenario.policies), (try? Entities(scenario.entities)) != nil else { return nil }
        return AgreementScenario(
            policies: policies, entities: scenario.entities, requests: scenario.requests, newcomers: scenario.entities,
            maximumNesting: NestingLimit.standard, features: [], changeCount: 6, requestsAfterChange: scenario.requests.count,
            changesManyParents: false)
    }

    /// Many policies that share scopes and conditions, over a deep hierarchy, without a schema.
    static func crowded(_ dice: Dice) -> AgreementScenario? {
        let hasManyGroups = dice.chance(6)
        let world = CrowdedWorld(dice: dice, hasManyGroups: hasManyGroups)
        // What only a feature allows has no text that is read without it.
        let features: LanguageFeatures = dice.chance(20) ? [.variadicIsInRange] : []
        let maximumNesting = dice.chance(70) ? NestingLimit.standard : dice.pick(1, 2, 3, 4, 6, 12)
        let generator = CrowdedPolicies(world, features)
        guard let made = generator.policies(hasManyGroups ? 30...80 : dice.pick(5...20, 20...60, 60...120, 200...400)) else { return nil }
        // Errors of policies that were read have a place, which is part of what is compared.
        let policies = features.isEmpty && dice.bit() ? try? PolicySet(cedar: made.description) : made
        guard let policies else { return nil }
        return AgreementScenario(
            policies: policies, entities: world.entities, requests: world.requests(8...16), newcomers: world.newcomers(20...40),
            maximumNesting: maximumNesting, features: features, changeCount: dice.int(10...40), requestsAfterChange: 2,
            changesManyParents: hasManyGroups)
    }
}
