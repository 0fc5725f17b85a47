import Testing

@testable import LynxCedar

@Suite("extension functions")
struct ExtensionFunctionTests {
    @Test("a constructor makes the value that its text spells")
    func construction() throws {
        #expect(try ExtensionFunction.decimal.apply(["1.5"]) == .decimal(Decimal(tenThousandths: 15_000)))
        #expect(try ExtensionFunction.ip.apply(["10.0.0.1/8"]) == .ip("10.0.0.1/8"))
        let day = Datetime(millisecondsSinceEpoch: 86_400_000)
        #expect(try ExtensionFunction.datetime.apply(["1970-01-02"]) == .datetime(day))
        #expect(try ExtensionFunction.duration.apply(["1m1ms"]) == .duration(Duration(milliseconds: 60_001)))
    }

    @Test("a constructor that refuses its text says so, and how to write it", arguments: constructors)
    func refusals(constructor: ExtensionFunction) throws {
        let error = try #require(throws: EvaluationError.self) { try constructor.apply(["nonsense"]) }
        guard case .extensionFunction(constructor, let reason) = error.kind else {
            Issue.record("unexpected kind: \(error.kind)")
            return
        }
        #expect(reason.contains("nonsense"))
        #expect(error.help != nil)
    }

    static let constructors: [ExtensionFunction] = [.decimal, .ip, .datetime, .duration]

    @Test(
        "decimals compare",
        arguments: [
            ("1.0", "2.0", [true, true, false, false]), ("2.0", "1.0", [false, false, true, true]),
            ("1.0", "1.0000", [false, true, false, true]), ("-0.5", "0.0", [true, true, false, false]),
        ] as [(String, String, [Bool])])
    func comparisons(left: String, right: String, expected: [Bool]) throws {
        let arguments: [Value] = [.decimal(try Decimal(left)), .decimal(try Decimal(right))]
        let methods: [ExtensionFunction] = [.lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual]
        for (method, expected) in zip(methods, expected) {
            #expect(try method.apply(arguments) == .bool(expected), "\(method)")
        }
    }

    @Test("Cedar 4.5 takes one range")
    func oneRange() throws {
        let isInRange = ExtensionFunction.isInRange
        #expect(try isInRange.apply([.ip("10.0.0.1"), .ip("10.0.0.0/8")]) == true)
        #expect(try isInRange.apply([.ip("10.0.0.1"), .ip("11.0.0.0/8")]) == false)
        #expect(throws: EvaluationError(.argumentCount(.isInRange, actual: 3))) {
            try isInRange.apply([.ip("10.0.0.1"), .ip("10.0.0.0/8"), .ip("11.0.0.0/8")])
        }
    }

    @Test("with the feature on, an address is in range when it is in any of the ranges (RFC 99)", arguments: [
        (["10.0.0.0/8"], true),
        (["11.0.0.0/8", "::/0", "10.0.0.0/8"], true),
        (["10.0.0.0/8", "::/0", "11.0.0.0/8"], true),
        (["11.0.0.0/8", "12.0.0.0/8"], false),
    ])
    func ranges(ranges: [String], expected: Bool) throws {
        let arguments = ["10.0.0.1"] + ranges
        let values = try arguments.map { Value.ip(try IPAddress($0)) }
        #expect(try ExtensionFunction.isInRange.apply(values, features: .variadicIsInRange) == .bool(expected))
    }

    @Test("a range that is no address is an error also after one that matches")
    func rangeKinds() {
        let arguments: [Value] = [.ip("10.0.0.1"), .ip("10.0.0.0/8"), 7]
        #expect(throws: EvaluationError.type(7, expected: .ip)) {
            try ExtensionFunction.isInRange.apply(arguments, features: .variadicIsInRange)
        }
    }

    @Test("datetimes and durations have their methods")
    func times() throws {
        let instant = Value.datetime("1970-01-02T01:00:00Z")
        #expect(try ExtensionFunction.offset.apply([instant, .duration("-1h")]) == .datetime("1970-01-02"))
        #expect(try ExtensionFunction.durationSince.apply([instant, .datetime("1970-01-01")]) == .duration("25h"))
        #expect(try ExtensionFunction.toDate.apply([instant]) == .datetime("1970-01-02"))
        #expect(try ExtensionFunction.toTime.apply([instant]) == .duration("1h"))
        let duration = Value.duration("1d12h30m15s7ms")
        #expect(try ExtensionFunction.toMilliseconds.apply([duration]) == 131_415_007)
        #expect(try ExtensionFunction.toSeconds.apply([duration]) == 131_415)
        #expect(try ExtensionFunction.toMinutes.apply([duration]) == 2_190)
        #expect(try ExtensionFunction.toHours.apply([duration]) == 36)
        #expect(try ExtensionFunction.toDays.apply([duration]) == 1)
    }

    @Test("a result outside 64 bits is an overflow")
    func overflow() {
        let last = Value.datetime(Datetime(millisecondsSinceEpoch: .max))
        let first = Value.datetime(Datetime(millisecondsSinceEpoch: .min))
        #expect(throws: EvaluationError.overflow(.method(.offset))) {
            try ExtensionFunction.offset.apply([last, .duration("1ms")])
        }
        #expect(throws: EvaluationError.overflow(.method(.durationSince))) {
            try ExtensionFunction.durationSince.apply([last, first])
        }
        #expect(throws: EvaluationError.overflow(.method(.toDate))) { try ExtensionFunction.toDate.apply([first]) }
    }

    @Test("every function refuses other numbers of arguments, whatever their kinds", arguments: ExtensionFunction.allCases)
    func argumentCounts(function: ExtensionFunction) {
        for count in 0..<5 where !function.arity.accepts(count) {
            let arguments = [Value](repeating: true, count: count)
            #expect(throws: EvaluationError(.argumentCount(function, actual: count))) { try function.apply(arguments) }
        }
    }

    @Test(
        "every argument of another kind is a type error, and the first of them is the one reported",
        arguments: ExtensionFunction.allCases)
    func argumentKinds(function: ExtensionFunction) {
        let kinds = function.parameterKinds
        for position in kinds.indices {
            for wrong in Self.samples where wrong.kind != kinds[position] {
                // What stands after the first wrong argument is wrong too.
                let arguments = kinds.indices.map { index in
                    index < position ? Self.sample(of: kinds[index]) : index == position ? wrong : true
                }
                let expected = EvaluationError.Kind.type(expected: [kinds[position]], actual: wrong.kind)
                let error = #expect(throws: EvaluationError.self) { try function.apply(arguments) }
                #expect(error?.kind == expected)
            }
        }
    }

    @Test("every function gives a value of the kind that it promises", arguments: ExtensionFunction.allCases)
    func resultKinds(function: ExtensionFunction) throws {
        let texts: [ExtensionFunction: Value] = [
            .decimal: "1.0", .ip: "::1", .datetime: "2024-01-01", .duration: "1s",
        ]
        let arguments = texts[function].map { [$0] } ?? function.parameterKinds.map(Self.sample)
        #expect(try function.apply(arguments).kind == function.resultKind)
    }

    @Test("a string in place of an extension value gets the hint to call the constructor")
    func hints() throws {
        let error = try #require(throws: EvaluationError.self) { try ExtensionFunction.isIpv4.apply(["10.0.0.1"]) }
        #expect(error.help?.contains("ip(...)") == true)
    }

    /// A value of every kind.
    static let samples: [Value] = [
        true, 1, "text", .entity(EntityUID(type: "User", id: "alice")), [1], ["a": 1],
        .decimal("1.0"), .ip("10.0.0.1"), .datetime("2024-01-01"), .duration("1s"),
    ]

    static func sample(of kind: Value.Kind) -> Value {
        samples.first { $0.kind == kind } ?? true
    }
}
