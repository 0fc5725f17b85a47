import Testing

@testable import LynxCedar

/// Ours, not Foundation's.
private typealias Expression = LynxCedar.Expression

@Suite("Nesting is counted, and costs little stack")
struct NestingTests {
    /// Ways to put an expression one level deeper.
    enum Wrapping: String, CaseIterable {
        case not, and, or, condition, branch, unknownBranch, equal, set, record, attribute, has, isIn, like, call
    }

    private static func wrap(_ inner: Expression, in wrapping: Wrapping) -> Expression {
        let yes = Expression(.literal(.bool(true)))
        let record = Expression(.record([Expression.Field("a", inner)]))
        return switch wrapping {
        case .not: Expression(.unary(.not, inner))
        case .and: Expression(.and([yes, inner]))
        case .or: Expression(.or([Expression(.literal(.bool(false))), inner]))
        case .condition: Expression(.conditional(if: inner, then: yes, else: yes))
        case .branch: Expression(.conditional(if: yes, then: inner, else: yes))
        case .unknownBranch: Expression(.conditional(if: Expression(.attribute(Expression(.variable(.context)), "x")), then: yes, else: inner))
        case .equal: Expression(.binary(.equal, inner, yes))
        case .set: Expression(.set([inner]))
        case .record: record
        case .attribute: Expression(.attribute(record, "a"))
        case .has: Expression(.has(record, ["a"]))
        case .isIn: Expression(.isType(Expression(.variable(.principal)), "User", in: inner))
        case .like: Expression(.like(inner, Pattern([.wildcard])))
        case .call: Expression(.call(.isIpv4, [inner]))
        }
    }

    private static func nested(_ wrapping: Wrapping, levels: Int) -> Expression {
        (0..<levels).reduce(Expression(.variable(.principal))) { inner, _ in wrap(inner, in: wrapping) }
    }

    @Test("an expression as deep as the limit evaluates on a stack of 512 KiB, whole or in part", arguments: Wrapping.allCases)
    func withinLimit(wrapping: Wrapping) {
        let ran = withStack(of: 512 << 10) {
            let step = wrapping == .attribute || wrapping == .has ? 2 : 1
            let expression = Self.nested(wrapping, levels: (NestingLimit.standard - 1) / step)
            for request in [PartialRequest(), PartialRequest(principal: .known("User::\"a\""))] {
                let evaluator = PartialEvaluator(request: request, entities: Entities())
                do throws(EvaluationError) {
                    _ = try evaluator.evaluate(expression)
                } catch {
                    if case .nestingTooDeep = error.kind { Issue.record("\(error)") }
                }
            }
        }
        #expect(ran)
    }

    @Test(
        "an expression deeper than the limit is refused, not followed",
        arguments: Wrapping.allCases.filter { $0 != .unknownBranch })
    func beyondLimit(wrapping: Wrapping) {
        let ran = withStack(of: 512 << 10) {
            let expression = Self.nested(wrapping, levels: 300)
            let evaluator = PartialEvaluator(
                request: PartialRequest(principal: .known("User::\"a\"")), entities: Entities())
            let error = #expect(throws: EvaluationError.self) { try evaluator.evaluate(expression) }
            #expect(error?.kind == .nestingTooDeep(limit: NestingLimit.standard))
        }
        #expect(ran)
    }

    @Test("chains are as wide as one likes")
    func wide() throws {
        let conjunction = Expression.and(Array(repeating: Expression(.literal(.bool(true))), count: 100_000))
        #expect(try conjunction.evaluate() == true)
    }

    @Test("a value that would make the residual too deep stays as the author wrote it")
    func deepValue() throws {
        let deep = (0..<240).reduce(Value.long(1)) { value, _ in .set([value]) }
        let context = PartialRecord(["deep": deep], unknown: ["x": .value])
        let evaluator = PartialEvaluator(request: PartialRequest(context: context), entities: Entities())
        let comparison = Expression(
            .binary(
                .equal, Expression(.attribute(Expression(.variable(.context)), "deep")),
                Expression(.attribute(Expression(.variable(.context)), "x"))))
        let short = (0..<5).reduce(comparison) { inner, _ in Expression(.set([inner])) }
        let long = (0..<20).reduce(comparison) { inner, _ in Expression(.set([inner])) }
        #expect(try evaluator.evaluate(short) != .residual(short))
        #expect(try evaluator.evaluate(long) == .residual(long))
    }

    @Test("a limit on nesting counts conditions and not scopes, for the machine as for the simple semantics", arguments: 1...6)
    func lowLimits(limit: Int) throws {
        let policies = try PolicySet(
            cedar: """
                permit(principal == User::"a", action in [Action::"a", Action::"b"], resource is R);
                permit(principal is User in User::"a", action, resource) when { true };
                permit(principal, action, resource) when { principal is User && (action == Action::"a" && (resource == R::"r" && true)) };
                permit(principal, action, resource) when { context has a.b.c.d };
                forbid(principal, action, resource) when { -(-(-(-1))) == 2 } unless { context.x };
                """)
        let authorizer = Authorizer(policies: policies, maximumNesting: limit)
        for (action, resource) in [("a", "r"), ("a", "s"), ("c", "r")] {
            let request = Request(
                principal: "User::\"a\"", action: EntityUID(type: "Action", id: CedarString(action)),
                resource: EntityUID(type: "R", id: CedarString(resource)), context: ["x": true])
            let response = authorizer.isAuthorized(request)
            #expect(response == authorizer.evaluatingEachPolicy(request))
            #expect(response.reasons.contains("policy0") == (action == "a" && response.decision == .allow))
        }
    }

    @Test(
        "what is asked for twice is compiled and evaluated once, so that nesting it costs no more than its length",
        arguments: [("", " has a.b"), ("{a: {b: ", "}} has a.b"), ("(if ", " then principal else resource) is User in User::\"a\"")])
    func repeatedOperands(before: String, after: String) throws {
        let depth = 60
        let text = (0..<depth).reduce("context has x.y") { inner, _ in "\(before)(\(inner))\(after)" }
        let policies = try PolicySet(cedar: "permit(principal, action, resource) when { \(text) };")
        let entities = try Entities([Entity(uid: "User::\"a\"")])
        let authorizer = Authorizer(policies: policies, entities: entities)
        for context in [["x": .record(["y": true])], [:]] as [Record] {
            let request = Request(principal: "User::\"a\"", action: "Action::\"a\"", resource: "User::\"b\"", context: context)
            // Were it evaluated twice at each level, this would not end.
            let response = authorizer.isAuthorized(request)
            #expect(response.reasons.count + response.errors.count <= 1)
        }
    }
}
