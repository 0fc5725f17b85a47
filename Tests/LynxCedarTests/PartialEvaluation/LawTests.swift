import Testing

@testable import LynxCedar

@Suite("Partial evaluation, then completion, is evaluation")
struct LawTests {
    /// A value, or the fact that there is none.
    private enum Answer: Equatable {
        case value(Value)
        case error

        init(_ evaluate: () throws -> Value) {
            if let value = try? evaluate() { self = .value(value) } else { self = .error }
        }
    }

    @Test("for every completion, the residual has the value of the original, and is an error exactly when it is", arguments: 0..<8)
    func expressions(seed: Int) throws {
        var programs = RandomPrograms(seed: UInt64(seed))
        var (values, residuals, errors) = (0, 0, 0)
        for round in 0..<250 {
            let situation = try programs.situation()
            let expression = programs.expression(programs.chance(70) ? .bool : .record)
            let evaluator = PartialEvaluator(request: situation.request, entities: situation.entities)
            let partial: PartialValue?
            do { partial = try evaluator.evaluate(expression) } catch { partial = nil }
            switch partial {
            case .value: values += 1
            case .residual: residuals += 1
            case nil: errors += 1
            }
            for (request, entities) in situation.completions {
                try #require(situation.request.isCompleted(by: request), "round \(round)")
                let direct = Answer { try expression.evaluate(request: request, entities: entities) }
                let completed =
                    switch partial {
                    case .value(let value): Answer.value(value)
                    case .residual(let residual): Answer { try residual.evaluate(request: request, entities: entities) }
                    case nil: Answer.error
                    }
                try #require(completed == direct, "seed \(seed), round \(round): \(expression) came to \(String(describing: partial))")
            }
        }
        // The law is worth little where nothing is left or nothing is folded.
        #expect(values > 20 && residuals > 20 && errors > 20)
    }

    @Test("for every completion, the residual policies give the response of the original ones", arguments: 0..<8)
    func policies(seed: Int) throws {
        var programs = RandomPrograms(seed: UInt64(1000 + seed))
        var (decided, undecided) = (0, 0)
        for round in 0..<60 {
            let situation = try programs.situation()
            let policies = try programs.policies()
            let authorizer = Authorizer(policies: policies, entities: situation.entities)
            let partial = try authorizer.isAuthorizedPartially(situation.request)
            if partial.decision == nil { undecided += 1 } else { decided += 1 }
            for residual in partial.residuals.policies {
                // What is left is Cedar, and can be read back.
                try #require(try Policy(cedar: residual.description, id: residual.id) == residual, "\(residual)")
            }
            for (request, entities) in situation.completions {
                let direct = Authorizer(policies: policies, entities: entities).isAuthorized(request)
                let completed = partial.completed(with: request, entities: entities)
                let comment: Comment = "seed \(seed), round \(round)"
                try #require(completed.decision == direct.decision, comment)
                try #require(completed.reasons == direct.reasons, comment)
                try #require(completed.errors.map(\.policy) == direct.errors.map(\.policy), comment)

                try #require(partial.decision == nil || partial.decision == direct.decision, comment)
                let reasons = Set(direct.reasons)
                try #require(reasons.isSuperset(of: partial.reasons), comment)
                try #require(reasons.isSubset(of: partial.reasons + partial.possibleReasons), comment)
                try #require(Set(direct.errors.map(\.policy)).isSuperset(of: partial.errors.map(\.policy)), comment)
            }
        }
        #expect(decided > 10 && undecided > 10)
    }

    @Test("with nothing unknown, nothing is left", arguments: 0..<2)
    func nothingUnknown(seed: Int) throws {
        var programs = RandomPrograms(seed: UInt64(2000 + seed))
        for _ in 0..<500 {
            guard let (request, entities) = try programs.situation().completions.first else { continue }
            let evaluator = PartialEvaluator(request: PartialRequest(request), entities: entities)
            if case .residual(let residual) = try? evaluator.evaluate(programs.expression()) {
                Issue.record("\(residual) is left")
            }
        }
    }
}
