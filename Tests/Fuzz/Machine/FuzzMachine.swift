import FuzzSupport
import LynxCedar

/// Authorizers that change: no trap, and after each change the answer that the simple semantics gives, to the words of its errors.
///
/// The bytes are decoded to entities and policies, then to steps: a change, or none, and a request.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMachine(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var decoder = ProgramDecoder(input(start, count))
    let entities = decoder.entities()
    var authorizer = Authorizer(policies: decoder.policies(), entities: entities)
    // Held until the end: what comes later must not change it.
    let first = (authorizer, decoder.request())
    let firstAnswer = first.0.isAuthorized(first.1)
    expectAgreement(authorizer, first.1)
    for step in 0..<12 where !decoder.source.isEmpty {
        change(&authorizer, step, &decoder)
        expectAgreement(authorizer, decoder.request())
    }
    expect(first.0.isAuthorized(first.1) == firstAnswer, "a change of a copy has changed the answer to \(first.1)")
    return 0
}

private func change(_ authorizer: inout Authorizer, _ step: Int, _ decoder: inout ProgramDecoder) {
    let policies = Array(authorizer.policies.policies)
    // What is refused changes nothing.
    switch decoder.source.number(below: 7) {
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
    default:
        let request = decoder.request()
        guard let overlay = try? Entities([decoder.entity()]), let answer = try? authorizer.isAuthorized(request, with: overlay) else { return }
        var merged = authorizer
        for entity in overlay { try? merged.upsert(entity) }
        expect(answer == merged.isAuthorized(request), "entities that come with \(request) count for something else than those in the store")
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
