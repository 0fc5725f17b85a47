import Testing

@testable import LynxCedar

@Suite("The order of values is total, whatever they are", .timeLimit(.minutes(5)))
struct ValueOrderTests {
    /// In ascending order.
    private static let ascending: [Value] = [
        false, true, -1, 0, 7, "", "a", "ab", "b", .entity("A::\"a\""), .entity("A::\"b\""), .entity("B::\"a\""),
        [], [1], [1, 2], [1, 3], [2], [[]], [[], [1]], [:], ["a": 1], ["a": 1, "b": 0], ["a": 2], ["b": 0],
        .decimal("-1.0"), .decimal("1.0"), .ip("10.0.0.0/8"), .ip("10.0.0.1"), .ip("::1"),
        .datetime(Datetime(millisecondsSinceEpoch: 0)), .datetime(Datetime(millisecondsSinceEpoch: 1)),
        .duration(Duration(milliseconds: 0)), .duration(Duration(milliseconds: 1)),
    ]

    @Test("kinds are apart, sets and records go by their parts, and what begins another comes before it")
    func total() {
        for (i, left) in Self.ascending.enumerated() {
            for (j, right) in Self.ascending.enumerated() {
                #expect((left < right) == (i < j), "\(left), \(right)")
                #expect((left == right) == (i == j))
            }
        }
    }

    private static func nested(_ levels: Int, around inner: Value, asRecords: Bool) -> Value {
        (0..<levels).reduce(inner) { value, _ in asRecords ? ["a": value] : [value] }
    }

    // Comparing in both directions at each level would take 2^250 steps.
    @Test("deep values that are nearly equal compare in linear time and on a small stack", arguments: [false, true])
    func deep(asRecords: Bool) {
        let ran = withStack(of: 512 << 10) {
            let one = Self.nested(400, around: 1, asRecords: asRecords)
            let two = Self.nested(400, around: 2, asRecords: asRecords)
            #expect(one < two)
            #expect(!(two < one))
            #expect(!(one < one))
            #expect(ValueSet([two, one, Self.nested(400, around: 1, asRecords: asRecords)]).count == 2)
        }
        #expect(ran)
    }

    @Test("a context with deep and nearly equal sets is read and evaluated at once")
    func hostileContext() throws {
        let deep = String(repeating: "[", count: 200) + "1" + String(repeating: "]", count: 200)
        let context = try Record(json: #"{"a":[\#(deep),\#(deep)],"b":[\#(deep)]}"#)
        let request = Request(principal: "U::\"a\"", action: "Action::\"a\"", resource: "U::\"a\"", context: context)
        #expect(try Expression(cedar: "context.a == context.b && context.a.containsAll(context.b)").evaluate(request: request) == true)
    }
}
