import CedarGenerators
import LynxCedar

/// The same expressions and policies for the same seed, of every kind and with the names, strings and numbers that go wrong.
struct ExpressionGenerator: RandomNumberGenerator {
    private var source: SeededGenerator

    init(seed: UInt64) {
        source = SeededGenerator(seed: seed)
    }

    mutating func next() -> UInt64 { source.next() }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    private mutating func several<Element>(
        _ range: ClosedRange<Int>, _ make: (inout ExpressionGenerator) -> Element
    ) -> [Element] {
        (0..<Int.random(in: range, using: &self)).map { _ in make(&self) }
    }

    // MARK: Leaves

    private mutating func string() -> CedarString {
        pick([
            "a", "if", "in", "principal", "__cedar", "", " ", "a b", "\"", "\\", "*", "\n\t\r\0", "é", "e\u{301}",
            "\u{202E}", "\u{1F600}", "?principal", "ip", "has", "//", "\u{FEFF}x",
        ])
    }

    private mutating func identifier() -> CedarString {
        pick(["a", "b1", "_", "principal", "permit", "when", "contains", "ip", "Action"])
    }

    private mutating func typeName() -> Name { pick(["User", "N::User", "A::B::Action", "_x"]) }

    mutating func uid() -> EntityUID { EntityUID(type: typeName(), id: string()) }

    private mutating func action() -> EntityUID { EntityUID(type: pick(["Action", "N::Action"]), id: string()) }

    private mutating func leaf() -> Expression {
        switch Int.random(in: 0..<6, using: &self) {
        case 0: Expression(.literal(.bool(.random(using: &self))))
        case 1: Expression(.literal(.long(pick([0, 1, -1, 5, .max, .min]))))
        case 2: Expression(.literal(.string(string())))
        case 3: Expression(.literal(.entity(uid())))
        default: Expression(.variable(pick(Variable.allCases)))
        }
    }

    private mutating func pattern() -> Pattern {
        Pattern(
            several(0...4) { generator in
                generator.pick([.wildcard, .scalar("*"), .scalar("\\"), .scalar("\""), .scalar("x"), .scalar("\u{301}")])
            })
    }

    // MARK: Expressions

    /// An expression as the parser could have made it: chains are flat, and a path of several names is all identifiers.
    mutating func expression(depth: Int) -> Expression {
        guard depth > 0 else { return leaf() }
        func operand(_ generator: inout ExpressionGenerator) -> Expression {
            generator.expression(depth: Int.random(in: 0..<depth, using: &generator))
        }
        switch Int.random(in: 0..<16, using: &self) {
        case 0: return .if(operand(&self), then: operand(&self), else: operand(&self))
        case 1: return .and(several(2...4, operand))
        case 2: return .or(several(2...4, operand))
        case 3: return Expression(.unary(pick([.not, .negate]), operand(&self)))
        case 4:
            let operation = pick([UnaryOperator.not, .negate])
            return (0..<Int.random(in: 2...6, using: &self)).reduce(operand(&self)) { inner, _ in
                Expression(.unary(operation, inner))
            }
        case 5: return operand(&self).isEmpty()
        case 6, 7, 8, 9:
            return Expression(.binary(pick(BinaryOperator.allCases), operand(&self), operand(&self)))
        case 10: return operand(&self)[string()]
        case 11:
            let path = Bool.random(using: &self) ? [string()] : several(1...4) { $0.identifier() }
            return Expression(.has(operand(&self), path))
        case 12: return operand(&self).like(pattern())
        case 13:
            return operand(&self).is(typeName(), in: Bool.random(using: &self) ? operand(&self) : nil)
        case 14:
            guard Bool.random(using: &self) else { return Expression(.set(several(0...3, operand))) }
            var names: Set<CedarString> = []
            let fields = several(0...3) { Expression.Field($0.string(), operand(&$0)) }
            return Expression(.record(fields.filter { names.insert($0.name).inserted }))
        default:
            let function = pick(ExtensionFunction.allCases)
            let count =
                switch function.arity {
                case .exactly(let count): count...count
                case .atLeast(let count): count...(count + 2)
                }
            return Expression(.call(function, several(count, operand)))
        }
    }

    // MARK: Policies

    private mutating func constraint<Reference>(
        _ reference: (inout ExpressionGenerator) -> Reference
    ) -> ScopeConstraint<Reference> {
        switch Int.random(in: 0..<5, using: &self) {
        case 0: .any
        case 1: .equal(reference(&self))
        case 2: .in(reference(&self))
        case 3: .is(typeName())
        default: .isIn(typeName(), reference(&self))
        }
    }

    private mutating func actionConstraint() -> ActionConstraint {
        switch Int.random(in: 0..<3, using: &self) {
        case 0: .any
        case 1: .equal(action())
        default: .in(several(0...3) { $0.action() })
        }
    }

    mutating func policy() -> Policy { statement { $0.uid() } }

    mutating func template() -> Template {
        statement { Bool.random(using: &$0) ? .slot : .entity($0.uid()) }
    }

    private mutating func statement<Reference>(
        _ reference: (inout ExpressionGenerator) -> Reference
    ) -> PolicyStatement<Reference> {
        let keys = Set(several(0...3) { $0.pick(["id", "if", "_a", "in"]) }).sorted()
        return PolicyStatement(
            id: "policy0",
            effect: pick([.permit, .forbid]),
            annotations: keys.map { Annotation(key: $0, value: Bool.random(using: &self) ? string() : nil) },
            principal: constraint(reference), action: actionConstraint(), resource: constraint(reference),
            conditions: several(0...2) { Condition($0.pick([.when, .unless]), $0.expression(depth: 4)) }
        )
    }
}
