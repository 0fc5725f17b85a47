import Testing

@testable import LynxCedar

@Suite("Validation of large policies")
struct StackTests {
    /// Ways to put an expression one level deeper.
    enum Wrapping: String, CaseIterable {
        case not, and, or, condition, branch, equal, set, record, attribute, has, isIn, like, call, contains, getTag

        /// The expression one level deeper, or as many levels as ``depth`` says.
        func around(_ inner: Expression) -> Expression {
            let yes: Expression = true
            let record = Expression.record(["a": inner])
            return switch self {
            case .not: !inner
            case .and: .and([.context["b"], inner])
            case .or: .or([.context["b"], inner])
            case .condition: .if(inner, then: yes, else: yes)
            case .branch: .if(.context["b"], then: yes, else: inner)
            case .equal: inner.equals(yes)
            case .set: [inner]
            case .record: record
            case .attribute: record["a"]
            case .has: record.has("a")
            case .isIn: Expression(.isType(.principal, "User", in: inner))
            case .like: Expression(.like(inner, Pattern([.wildcard])))
            case .call: Expression(.call(.isInRange, [inner, inner == true ? yes : .context["b"]]))
            case .contains: Expression(.binary(.contains, inner, yes))
            case .getTag: Expression(.binary(.getTag, inner, "k"))
            }
        }

        /// How many levels a wrapping adds.
        var depth: Int { self == .attribute || self == .has ? 2 : 1 }
    }

    private static func schema() throws -> Schema {
        try Schema(
            cedar: """
                entity User in [User] { a: Long } tags Long;
                action view appliesTo { principal: User, resource: User, context: { b: Bool } };
                """)
    }

    private static func policies(_ expression: Expression) throws -> PolicySet {
        try PolicySet([Policy(id: "p", effect: .permit, conditions: [Condition(.when, expression)])])
    }

    @Test("a policy as deep as the limit is checked on a stack of 512 KiB", arguments: Wrapping.allCases)
    func deep(wrapping: Wrapping) throws {
        let schema = try Self.schema()
        let levels = (NestingLimit.standard - 1) / wrapping.depth
        let policies = try Self.policies((0..<levels).reduce(.context["b"]) { inner, _ in wrapping.around(inner) })
        #expect(
            withStack(of: 512 * 1024) {
                for mode in Validator.Mode.allCases { _ = Validator(schema, mode: mode, level: 3).validate(policies) }
            })
    }

    @Test("100,000 operands of `&&` and `||` are checked one after the other")
    func wide() throws {
        let operands = Array(repeating: Expression.context["b"], count: 100_000)
        for expression in [Expression.and(operands), .or(operands)] {
            #expect(Validator(try Self.schema(), level: 1).validate(try Self.policies(expression)).passed)
        }
    }

    @Test("100,000 conditions are checked one after the other")
    func conditions() throws {
        let conditions = Array(repeating: Condition(.when, .context["b"]), count: 100_000)
        let policies = try PolicySet([Policy(id: "p", effect: .permit, conditions: conditions)])
        #expect(Validator(try Self.schema()).validate(policies).passed)
    }

    @Test("a path of 10,000 names takes no time in the square of its length")
    func path() throws {
        let path = Array(repeating: CedarString("a"), count: 10_000)
        #expect(!Validator(try Self.schema()).validate(try Self.policies(Expression(.has(.principal, path)))).passed)
    }

    @Test("a set of 10,000 elements takes no time in the square of its size")
    func set() throws {
        let elements = (0..<10_000).map { Expression(.literal(.long(Int64($0)))) }
        let contains = Expression(.binary(.contains, Expression(.set(elements)), 1))
        #expect(Validator(try Self.schema()).validate(try Self.policies(contains)).passed)
    }

    @Test("`is ... in` in its own target takes no time that doubles with each level")
    func nestedTypeTests() throws {
        let nested = (0..<200).reduce(Expression.principal) { inner, _ in
            Expression(.isType(.if(.context["b"], then: inner, else: .principal), "User", in: .principal)).equals(true)
        }
        _ = Validator(try Self.schema(), level: 2).validate(try Self.policies(nested))
    }
}
