import FuzzSupport
import LynxCedar

/// Authorizers that change: no trap, and after each change the answer that the simple semantics gives, to the words of its errors.
///
/// The bytes are decoded to a limit of nesting, entities and policies, then to steps: a change, or none, and a request.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMachine(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var decoder = ProgramDecoder(input(start, count))
    let maximumNesting = decoder.source.choice([NestingLimit.standard, NestingLimit.standard, 1, 2, 3, 4, 6, 10])
    let entities = decoder.entities()
    var authorizer = Authorizer(policies: decoder.crowdedPolicies(), entities: entities, maximumNesting: maximumNesting)
    // Held until the end: what comes later must not change it.
    let first = (authorizer, decoder.request())
    let firstAnswer = first.0.isAuthorized(first.1)
    expectAgreement(authorizer, first.1)
    for step in 0..<24 where !decoder.source.isEmpty {
        change(&authorizer, step, &decoder)
        expectAgreement(authorizer, decoder.request())
    }
    expect(first.0.isAuthorized(first.1) == firstAnswer, "a change of a copy has changed the answer to \(first.1)")
    return 0
}

private func change(_ authorizer: inout Authorizer, _ step: Int, _ decoder: inout ProgramDecoder) {
    let policies = Array(authorizer.policies.policies)
    // What is refused changes nothing.
    switch decoder.source.number(below: 8) {
    case 0: break
    case 1: try? authorizer.add(decoder.policy(PolicyID("added\(step)")))
    case 2:
        guard !policies.isEmpty else { return }
        _ = try? authorizer.removePolicy(decoder.source.choice(policies).id)
    case 3:
        guard !policies.isEmpty else { return }
        let id = decoder.source.choice(policies).id
        _ = try? authorizer.replace(decoder.policy(id))
    case 4: authorizer.removeEntity(decoder.uid())
    case 5: try? authorizer.upsert(decoder.entity())
    case 6:
        guard !policies.isEmpty else { return }
        let policy = decoder.source.choice(policies)
        _ = try? authorizer.replace(decoder.varied(policy, policy.id))
    default:
        let request = decoder.request()
        let overlay = decoder.overlay()
        guard let answer = try? authorizer.isAuthorized(request, with: overlay) else { return }
        // Made at once, and decided by the simple semantics: nothing is shared with how the answer was found.
        let others = authorizer.entities.filter { entity in !overlay.contains { $0.uid == entity.uid } }
        guard let all = try? Entities(others + overlay) else { return expect(false, "the entities that come with \(request) lead to a cycle") }
        let merged = Authorizer(policies: authorizer.policies, entities: all, maximumNesting: authorizer.maximumNesting)
        let whole = try? merged.isAuthorizedPartially(PartialRequest(request))
        let isSame = whole.map { $0.decision == answer.decision && $0.reasons == answer.reasons && $0.errors == answer.errors }
        expect(isSame == true, "entities that come with \(request) count for something else than those in the store")
    }
}

/// Expects of the machine what the simple semantics gives: a partial request of which nothing is unknown.
private func expectAgreement(_ authorizer: Authorizer, _ request: Request) {
    let answer = authorizer.isAuthorized(request)
    guard let whole = try? authorizer.isAuthorizedPartially(PartialRequest(request)), let decision = whole.decision else {
        return expect(false, "a whole request is not decided")
    }
    let expected = Response(decision: decision, reasons: whole.reasons, errors: whole.errors)
    let comparison = "\(answer.decision) by \(answer.reasons), \(answer.errors), not \(expected.decision) by \(expected.reasons), \(expected.errors)"
    expect(answer == expected, "\(request) of\n\(authorizer.policies): \(comparison)")
    expect(answer.errors.map(\.description) == expected.errors.map(\.description), "other words: \(comparison)")
}
