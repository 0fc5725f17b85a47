import Testing

@testable import LynxCedar

@Suite("Partial evaluation by types, then completion, is evaluation")
struct TypedLawTests {
    @Test("for every conforming completion, the residual policies give the response of the original ones", arguments: 0..<12)
    func law(seed: Int) throws {
        var decidedByTypes = 0
        for round in 0..<60 {
            guard let world = try ConformingWorld(seed: UInt64(seed * 1000 + round)) else { continue }
            for request in world.requests {
                let situation = try world.situation(request)
                let authorizer = Authorizer(policies: world.policies, entities: situation.entities, schema: world.schema)
                // Also of policies that are not valid: what types say is said of data, whatever the policy makes of them.
                let typed = authorizer.response(to: situation.request, schema: world.schema)
                let untyped = authorizer.response(to: situation.request, schema: nil)
                for ((policy, outcome), (_, other)) in zip(typed.outcomes, untyped.outcomes) {
                    if outcome == other { continue }
                    if case .error = outcome, case .error = other { continue }
                    if case .residual = outcome {} else { decidedByTypes += 1 }
                    guard case .residual = other else {
                        Issue.record("\(policy) is \(outcome) by types, and \(other) without them")
                        continue
                    }
                }
                for residual in typed.residuals.policies {
                    try #require(try Policy(cedar: residual.description, id: residual.id) == residual, "\(residual)")
                }
                for (request, entities) in situation.completions {
                    let direct = Authorizer(policies: world.policies, entities: entities).isAuthorized(request)
                    let completed = typed.completed(with: request, entities: entities)
                    let comment: Comment = "seed \(seed), round \(round): \(request) with \(world.policies), by types \(typed.outcomes)"
                    try #require(completed.decision == direct.decision, comment)
                    try #require(completed.reasons == direct.reasons, comment)
                    try #require(completed.errors.map(\.policy) == direct.errors.map(\.policy), comment)
                    try #require(typed.decision == nil || typed.decision == direct.decision, comment)
                }
            }
        }
        // The law is worth little where types have nothing to say.
        #expect(decidedByTypes > 10)
    }
}
