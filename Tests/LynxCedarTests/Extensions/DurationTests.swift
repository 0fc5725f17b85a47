import CedarGenerators
import LynxCedar
import Testing

@Suite("duration")
struct DurationTests {
    @Test("text is accepted and refused as the reference does", arguments: verdicts)
    func parsing(text: String, milliseconds: Int64?) throws {
        guard let milliseconds else {
            let error = try #require(throws: EvaluationError.self) { try Duration(text) }
            guard case .extensionFunction(.duration, _) = error.kind else {
                Issue.record("unexpected kind: \(error.kind)")
                return
            }
            #expect(error.help != nil)
            return
        }
        #expect(try Duration(text) == Duration(milliseconds: milliseconds))
    }

    @Test("conversions to larger units round toward zero, as in the reference", arguments: conversions)
    func conversion(milliseconds: Int64, seconds: Int64, minutes: Int64, hours: Int64, days: Int64) {
        let duration = Duration(milliseconds: milliseconds)
        #expect(duration.toMilliseconds() == milliseconds)
        #expect(duration.toSeconds() == seconds)
        #expect(duration.toMinutes() == minutes)
        #expect(duration.toHours() == hours)
        #expect(duration.toDays() == days)
    }

    @Test(
        "a duration prints in milliseconds",
        arguments: [(0, "0ms"), (90_000, "90000ms"), (-1, "-1ms"), (.min, "-9223372036854775808ms")] as [(Int64, String)])
    func printing(milliseconds: Int64, text: String) {
        #expect(Duration(milliseconds: milliseconds).description == text)
    }

    @Test("what a duration prints reads back as the same duration")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<10_000 {
            let duration = Duration(milliseconds: generator.anySize())
            #expect(try Duration(duration.description) == duration)
        }
    }

    @Test("a duration is the sum of its parts with the sign in front, and is refused when that sum leaves 64 bits")
    func sums() throws {
        let units: [(name: String, milliseconds: Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
        ]
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            var text = ""
            var sum: Int64? = 0
            let sign: Int64 = Bool.random(using: &generator) ? 1 : -1
            for unit in units where Bool.random(using: &generator) {
                let quantity = generator.anySize() & .max
                text += "\(quantity)\(unit.name)"
                sum = sum.flatMap { sum in
                    let (product, productOverflow) = (sign * quantity).multipliedReportingOverflow(by: unit.milliseconds)
                    let (total, totalOverflow) = sum.addingReportingOverflow(product)
                    return productOverflow || totalOverflow ? nil : total
                }
            }
            if text.isEmpty { sum = nil }
            let signed = (sign < 0 ? "-" : "") + text
            #expect((try? Duration(signed))?.milliseconds == sum, "\(signed)")
        }
    }

    @Test("durations are ordered by length, negative ones first")
    func order() {
        let ascending: [Duration] = ["-1d", "-1h", "-1ms", "0s", "1ms", "1s", "1m", "61s", "1h", "1d"]
        #expect(ascending.reversed().sorted() == ascending)
    }

    // Computed by the reference engine (cedar-policy 4.12).
    static let conversions: [(milliseconds: Int64, seconds: Int64, minutes: Int64, hours: Int64, days: Int64)] = [
        (0, 0, 0, 0, 0),
        (999, 0, 0, 0, 0),
        (1000, 1, 0, 0, 0),
        (1001, 1, 0, 0, 0),
        (-1, 0, 0, 0, 0),
        (-999, 0, 0, 0, 0),
        (-1000, -1, 0, 0, 0),
        (-1001, -1, 0, 0, 0),
        (59999, 59, 0, 0, 0),
        (60000, 60, 1, 0, 0),
        (-59999, -59, 0, 0, 0),
        (-60000, -60, -1, 0, 0),
        (3_599_999, 3599, 59, 0, 0),
        (3_600_000, 3600, 60, 1, 0),
        (-3_599_999, -3599, -59, 0, 0),
        (-3_600_000, -3600, -60, -1, 0),
        (86_399_999, 86399, 1439, 23, 0),
        (86_400_000, 86400, 1440, 24, 1),
        (-86_399_999, -86399, -1439, -23, 0),
        (-86_400_000, -86400, -1440, -24, -1),
        (-86_400_001, -86400, -1440, -24, -1),
        (.max, 9_223_372_036_854_775, 153_722_867_280_912, 2_562_047_788_015, 106_751_991_167),
        (.min, -9_223_372_036_854_775, -153_722_867_280_912, -2_562_047_788_015, -106_751_991_167),
    ]

    // Inputs chosen by hand; the verdicts are those of the reference engine (cedar-policy 4.12), not of this one.
    static let verdicts: [(text: String, milliseconds: Int64?)] = [
        ("0ms", 0),
        ("1ms", 1),
        ("1s", 1000),
        ("1m", 60000),
        ("1h", 3_600_000),
        ("1d", 86_400_000),
        ("1d2h3m4s5ms", 93_784_005),
        ("2h30m", 9_000_000),
        ("90m", 5_400_000),
        ("1m1ms", 60001),
        ("1m1s", 61000),
        ("1s1ms", 1001),
        ("1d1ms", 86_400_001),
        ("1h1s", 3_601_000),
        ("5ms", 5),
        ("-5ms", -5),
        ("-1d2h", -93_600_000),
        ("-0ms", 0),
        ("0d", 0),
        ("00001s", 1000),
        ("001d02h", 93_600_000),
        ("1000ms", 1000),
        ("36h", 129_600_000),
        ("999999ms", 999_999),
        ("1d0h0m0s0ms", 86_400_000),
        ("9223372036854775807ms", .max),
        ("9223372036854775808ms", nil),
        ("-9223372036854775808ms", .min),
        ("-9223372036854775809ms", nil),
        ("18446744073709551615ms", nil),
        ("18446744073709551616ms", nil),
        ("9223372036854775s", 9_223_372_036_854_775_000),
        ("9223372036854775s807ms", .max),
        ("9223372036854775s808ms", nil),
        ("9223372036854776s", nil),
        ("-9223372036854775s808ms", .min),
        ("-9223372036854775s809ms", nil),
        ("-9223372036854776s", nil),
        ("106751991167d", 9_223_372_036_828_800_000),
        ("106751991168d", nil),
        ("-106751991167d", -9_223_372_036_828_800_000),
        ("-106751991168d", nil),
        ("106751991167d7h12m55s807ms", .max),
        ("106751991167d7h12m55s808ms", nil),
        ("-106751991167d7h12m55s808ms", .min),
        ("-106751991167d7h12m55s809ms", nil),
        ("2562047788015h", 9_223_372_036_854_000_000),
        ("2562047788016h", nil),
        ("153722867280912m", 9_223_372_036_854_720_000),
        ("153722867280913m", nil),
        ("0d9223372036854775807ms", .max),
        ("1d9223372036854775807ms", nil),
        ("99999999999999999999999d", nil),
        ("0099999999999999999999999ms", nil),
        ("00000000000000000000000000000000000009ms", 9),
        ("d", nil),
        ("ms", nil),
        ("-", nil),
        ("+", nil),
        ("1", nil),
        ("5", nil),
        ("-1", nil),
        ("1x", nil),
        ("1D", nil),
        ("1H", nil),
        ("1M", nil),
        ("1S", nil),
        ("1MS", nil),
        ("1Ms", nil),
        ("1mS", nil),
        ("1w", nil),
        ("1y", nil),
        ("1us", nil),
        ("1h1d", nil),
        ("1s1m", nil),
        ("1ms1s", nil),
        ("1m1h", nil),
        ("1d1d", nil),
        ("1ms1ms", nil),
        ("1m1m", nil),
        ("+1d", nil),
        ("--1d", nil),
        ("1d-1h", nil),
        ("-1d-1h", nil),
        ("1d+1h", nil),
        ("1.5h", nil),
        ("1e3ms", nil),
        ("1_000ms", nil),
        ("1d2", nil),
        ("2d3h4", nil),
        ("ms1", nil),
        ("m1", nil),
        ("1sm", nil),
        ("1mms", nil),
        ("1mss", nil),
        ("1dh", nil),
        ("0x1s", nil),
        ("", nil),
        (" ", nil),
        ("1 d", nil),
        ("1d ", nil),
        (" 1d", nil),
        ("1d 2h", nil),
        ("- 1d", nil),
        ("1d\n", nil),
        ("\u{661}d", nil),
        ("1\u{217e}", nil),
        ("1d\0", nil),
    ]
}
