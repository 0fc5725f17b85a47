import Foundation
import Testing

@testable import LynxCedar

@Suite("Nesting is counted, and costs little stack")
struct NestingTests {
    /// Ways to put an expression one level deeper.
    private static let wrappings: [(name: String, wrap: @Sendable (Expression) -> Expression)] = [
        ("!", { Expression(.unary(.not, $0)) }),
        ("&&", { Expression(.and([Expression(.literal(.bool(true))), $0])) }),
        ("||", { Expression(.or([Expression(.literal(.bool(false))), $0])) }),
        ("if", { Expression(.conditional(if: $0, then: Expression(true), else: Expression(true))) }),
        ("then", { Expression(.conditional(if: Expression(true), then: $0, else: Expression(true))) }),
        ("==", { Expression(.binary(.equal, $0, Expression(true))) }),
        ("[]", { Expression(.set([$0])) }),
        ("{}", { Expression(.record([Expression.Field("a", $0)])) }),
        (".", { Expression(.attribute(Expression(.record([Expression.Field("a", $0)])), "a")) }),
        ("has", { Expression(.has(Expression(.record([Expression.Field("a", $0)])), ["a"])) }),
        ("is in", { Expression(.isType(Expression(.variable(.principal)), "User", in: $0)) }),
        ("like", { Expression(.like($0, Pattern([.wildcard]))) }),
        ("call", { Expression(.call(.isIpv4, [$0])) }),
    ]

    private static func nested(_ wrapping: String, levels: Int) -> Expression {
        let (_, wrap) = wrappings.first { $0.name == wrapping } ?? wrappings[0]
        return (0..<levels).reduce(Expression(true)) { inner, _ in wrap(inner) }
    }

    /// Runs `body` on a thread of its own with the stack that threads have where stacks are small.
    private func onSmallStack(_ body: @escaping @Sendable () -> Void) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.stackSize = 512 * 1024
        thread.start()
        done.wait()
    }

    @Test("an expression as deep as the limit evaluates on a stack of 512 KiB, whole or in part", arguments: wrappings.map(\.name))
    func withinLimit(wrapping: String) {
        onSmallStack {
            let step = [".", "has"].contains(wrapping) ? 2 : 1
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
    }

    @Test("an expression deeper than the limit is refused, not followed", arguments: wrappings.map(\.name))
    func beyondLimit(wrapping: String) {
        onSmallStack {
            let expression = Self.nested(wrapping, levels: 300)
            let evaluator = PartialEvaluator(
                request: PartialRequest(principal: .known("User::\"a\"")), entities: Entities())
            let error = #expect(throws: EvaluationError.self) { try evaluator.evaluate(expression) }
            #expect(error?.kind == .nestingTooDeep(limit: NestingLimit.standard))
        }
    }

    @Test("chains are as wide as one likes")
    func wide() throws {
        let conjunction = Expression.and(Array(repeating: Expression(true), count: 100_000))
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
}
