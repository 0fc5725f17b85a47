import CedarGenerators
import LynxCedar
import Testing

@Suite("decimal")
struct DecimalTests {
    @Test("text is accepted and refused as the reference does", arguments: verdicts)
    func parsing(text: String, tenThousandths: Int64?) throws {
        guard let tenThousandths else {
            let error = try #require(throws: EvaluationError.self) { try Decimal(text) }
            guard case .extensionFunction(.decimal, _) = error.kind else {
                Issue.record("unexpected kind: \(error.kind)")
                return
            }
            #expect(error.help != nil)
            return
        }
        #expect(try Decimal(text) == Decimal(tenThousandths: tenThousandths))
    }

    @Test(
        "a decimal prints with four digits after the point",
        arguments: [
            (0, "0.0000"), (1, "0.0001"), (-1, "-0.0001"), (-5000, "-0.5000"), (15000, "1.5000"), (10010, "1.0010"),
            (.max, "922337203685477.5807"), (.min, "-922337203685477.5808"),
        ] as [(Int64, String)])
    func printing(tenThousandths: Int64, text: String) {
        #expect(Decimal(tenThousandths: tenThousandths).description == text)
    }

    @Test("what a decimal prints reads back as the same decimal")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            let decimal = Decimal(tenThousandths: generator.anySize())
            #expect(try Decimal(decimal.description) == decimal)
        }
    }

    @Test("decimals are ordered as numbers")
    func order() {
        let ascending: [Decimal] = ["-922337203685477.5808", "-1.5", "-0.5", "0.0", "0.0001", "1.49", "1.5", "10.0"]
        #expect(ascending.reversed().sorted() == ascending)
    }

    @Test("a long argument is not repeated in full, and control characters in it are escaped")
    func messages() throws {
        let long = String(repeating: "9", count: 100_000)
        let error = try #require(throws: EvaluationError.self) { try Decimal(long) }
        #expect(error.description.utf8.count < 200)
        let hostile = "1\n\u{202e}0"
        let other = try #require(throws: EvaluationError.self) { try Decimal(hostile) }
        #expect(other.description.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
    }

    // Inputs chosen by hand; the verdicts are those of the reference engine (cedar-policy 4.12), not of this one.
    static let verdicts: [(text: String, tenThousandths: Int64?)] = [
        ("0.0", 0),
        ("0.1", 1000),
        ("1.0", 10000),
        ("1.5", 15000),
        ("12.34", 123_400),
        ("-0.5", -5000),
        ("-0.0", 0),
        ("-1.5", -15000),
        ("-0.0001", -1),
        ("0.0001", 1),
        ("0.9999", 9999),
        ("1.2345", 12345),
        ("00001.5", 15000),
        ("-007.10", -71000),
        ("0000000000000000000000000000001.0", 10000),
        ("0.0000", 0),
        ("1.10", 11000),
        ("1.1", 11000),
        ("1.01", 10100),
        ("1.001", 10010),
        ("922337203685477.5807", .max),
        ("922337203685477.5808", nil),
        ("922337203685477.5806", 9_223_372_036_854_775_806),
        ("-922337203685477.5808", .min),
        ("-922337203685477.5809", nil),
        ("922337203685478.0", nil),
        ("-922337203685478.0", nil),
        ("922337203685477.0", 9_223_372_036_854_770_000),
        ("-922337203685477.581", nil),
        ("922337203685477.581", nil),
        ("922337203685477.58", 9_223_372_036_854_775_800),
        ("18446744073709551615.0", nil),
        ("18446744073709551616.0", nil),
        ("1844674407370955.1616", nil),
        ("9223372036854775807.0", nil),
        ("-9223372036854775808.0", nil),
        ("99999999999999999999999.9", nil),
        ("-99999999999999999999999.9", nil),
        ("1.23456", nil),
        ("1.00000", nil),
        ("0.12345", nil),
        ("-1.00000", nil),
        ("1", nil),
        ("-1", nil),
        (".5", nil),
        ("5.", nil),
        (".", nil),
        ("-", nil),
        ("-.", nil),
        ("-.5", nil),
        ("-5.", nil),
        ("+1.0", nil),
        ("--1.0", nil),
        ("-+1.0", nil),
        ("1..0", nil),
        ("1.0.0", nil),
        ("1.-5", nil),
        ("1.+5", nil),
        ("1,0", nil),
        ("1e5", nil),
        ("1.0e5", nil),
        ("0x1.0", nil),
        ("1.0f", nil),
        ("1_000.0", nil),
        ("NaN", nil),
        ("inf", nil),
        ("", nil),
        (" 1.0", nil),
        ("1.0 ", nil),
        ("1.0\n", nil),
        ("1. 0", nil),
        ("- 1.0", nil),
        ("1.0\0", nil),
        ("\u{661}.\u{660}", nil),
        ("1.\u{660}", nil),
        ("\u{ff11}.0", nil),
        ("\u{2212}1.0", nil),
        ("1\u{66b}0", nil),
        ("\u{feff}1.0", nil),
    ]
}
