import FuzzSupport
import LynxCedar

/// Programs with a request: no trap, and partial evaluation that agrees with evaluation.
///
/// An input with two zero bytes in it is text: policies, entities in JSON, a request in JSON. Any other is decoded to a program.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEvaluator(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(start, count)
    let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
    if parts.count == 3 {
        guard let policies = attempt({ () throws(ParseError) in try PolicySet(cedar: SourceText(utf8: parts[0])) }),
            let entities = attempt({ () throws(ParseError) in try Entities(json: SourceText(utf8: parts[1])) }),
            let request = attempt({ () throws(ParseError) in try Request(json: SourceText(utf8: parts[2])) })
        else { return 0 }
        // What is unknown follows from the size, so that it changes with the input.
        var decoder = ProgramDecoder(parts.map { UInt8(truncatingIfNeeded: $0.count) })
        expectAgreement(policies, entities, request, decoder.partial(request))
    } else {
        var decoder = ProgramDecoder(bytes)
        let request = decoder.request()
        let partial = decoder.partial(request)
        let entities = decoder.entities()
        expectAgreement(decoder.policies(), entities, request, partial)
    }
    return 0
}

/// Expects that what is left after partial evaluation answers the request as the policies themselves do.
private func expectAgreement(_ policies: PolicySet, _ entities: Entities, _ request: Request, _ partial: PartialRequest) {
    let authorizer = Authorizer(policies: policies, entities: entities)
    let response = authorizer.isAuthorized(request)
    for error in response.errors { expect(!error.description.isEmpty, "an error without a description") }
    expectRoundTrips(policies)

    // Without a schema nothing is refused.
    guard let whole = try? authorizer.isAuthorizedPartially(PartialRequest(request)),
        let part = try? authorizer.isAuthorizedPartially(partial)
    else { return expect(false, "a partial request is refused without a schema") }
    expect(whole.decision == response.decision, "nothing is unknown, but the decision is \(String(describing: whole.decision))")
    expect(whole.residuals.isEmpty, "nothing is unknown, but \(whole.residuals) is left")

    expect(partial.isCompleted(by: request), "\(request) does not complete \(partial)")
    expectRoundTrips(part.residuals)
    let completed = part.completed(with: request, entities: entities)
    let comparison = "\(policies)\nwith \(request)\nleaves \(part.residuals)\nof \(partial)"
    expect(completed.decision == response.decision, "another decision: \(comparison)")
    expect(completed.reasons == response.reasons, "other reasons: \(comparison)")
    expect(completed.errors.map(\.policy) == response.errors.map(\.policy), "other errors: \(comparison)")
    expect(part.decision == nil || part.decision == response.decision, "a decision too early: \(comparison)")
}
