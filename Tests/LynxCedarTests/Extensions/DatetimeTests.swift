import CedarGenerators
import LynxCedar
import Testing

@Suite("datetime")
struct DatetimeTests {
    @Test("text is accepted and refused as the reference does", arguments: verdicts)
    func parsing(text: String, milliseconds: Int64?) throws {
        guard let milliseconds else {
            let error = try #require(throws: EvaluationError.self) { try Datetime(text) }
            guard case .extensionFunction(.datetime, _) = error.kind else {
                Issue.record("unexpected kind: \(error.kind)")
                return
            }
            #expect(error.help != nil)
            return
        }
        #expect(try Datetime(text) == Datetime(millisecondsSinceEpoch: milliseconds))
    }

    @Test("the date and the time of an instant are those of the reference", arguments: instants)
    func parts(milliseconds: Int64, date: Int64?, time: Int64) throws {
        let instant = Datetime(millisecondsSinceEpoch: milliseconds)
        #expect(instant.toTime() == Duration(milliseconds: time))
        if let date {
            #expect(try instant.toDate() == Datetime(millisecondsSinceEpoch: date))
        } else {
            #expect(throws: EvaluationError.overflow(.method(.toDate))) { try instant.toDate() }
        }
    }

    @Test("moving an instant and measuring between two overflow where the reference does", arguments: arithmetic)
    func moving(left: Int64, right: Int64, sum: Int64?, difference: Int64?) throws {
        let instant = Datetime(millisecondsSinceEpoch: left)
        if let sum {
            #expect(try instant.offset(by: Duration(milliseconds: right)) == Datetime(millisecondsSinceEpoch: sum))
        } else {
            #expect(throws: EvaluationError.overflow(.method(.offset))) {
                try instant.offset(by: Duration(milliseconds: right))
            }
        }
        let other = Datetime(millisecondsSinceEpoch: right)
        if let difference {
            #expect(try instant.durationSince(other) == Duration(milliseconds: difference))
        } else {
            #expect(throws: EvaluationError.overflow(.method(.durationSince))) { try instant.durationSince(other) }
        }
    }

    @Test(
        "an instant prints in UTC, in milliseconds where its year has not four digits",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_728_992_100_000, "2024-10-15T11:35:00Z"), (1_728_984_900_250, "2024-10-15T09:35:00.250Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_001, "-62167219200001ms since 1970-01-01"),
            (253_402_300_800_000, "253402300800000ms since 1970-01-01"),
            (.min, "-9223372036854775808ms since 1970-01-01"), (.max, "9223372036854775807ms since 1970-01-01"),
        ] as [(Int64, String)])
    func printing(milliseconds: Int64, text: String) {
        #expect(Datetime(millisecondsSinceEpoch: milliseconds).description == text)
    }

    @Test("what an instant of the years 0000 to 9999 prints reads back as the same instant")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<10_000 {
            let milliseconds = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator)
            let instant = Datetime(millisecondsSinceEpoch: milliseconds)
            #expect(try Datetime(instant.description) == instant)
        }
    }

    @Test("date and time add up to the instant")
    func sum() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<10_000 {
            let instant = Datetime(millisecondsSinceEpoch: generator.anySize() / 2)
            #expect(try instant.toDate().offset(by: instant.toTime()) == instant)
            #expect((0..<86_400_000).contains(instant.toTime().milliseconds))
        }
    }

    @Test("datetimes are ordered as instants, whatever their offsets")
    func order() {
        let ascending: [Datetime] = [
            "0000-01-01", "1969-12-31T23:59:59.999Z", "1970-01-01", "2024-10-15T11:35:00+0200", "2024-10-15T10:00:00Z",
            "9999-12-31",
        ]
        #expect(ascending.reversed().sorted() == ascending)
    }

    // The date and the time as computed by the reference engine (cedar-policy 4.12); `nil` stands for its error.
    static let instants: [(milliseconds: Int64, date: Int64?, time: Int64)] = [
        (0, 0, 0),
        (1, 0, 1),
        (-1, -86_400_000, 86_399_999),
        (86_399_999, 0, 86_399_999),
        (86_400_000, 86_400_000, 0),
        (-86_400_000, -86_400_000, 0),
        (-86_399_999, -86_400_000, 1),
        (-86_400_001, -172_800_000, 86_399_999),
        (1_729_078_500_250, 1_729_036_800_000, 41_700_250),
        (-62_167_219_200_000, -62_167_219_200_000, 0),
        (-62_167_219_200_001, -62_167_305_600_000, 86_399_999),
        (253_402_300_799_999, 253_402_214_400_000, 86_399_999),
        (253_402_300_800_000, 253_402_300_800_000, 0),
        (.max, 9_223_372_036_828_800_000, 25_975_807),
        (.min, nil, 60_424_192),
        (-9_223_372_036_854_775_807, nil, 60_424_193),
        (-9_223_372_036_828_800_000, -9_223_372_036_828_800_000, 0),
        (-9_223_372_036_828_800_001, nil, 86_399_999),
        (-9_223_372_036_828_799_999, -9_223_372_036_828_800_000, 1),
        (9_223_372_036_828_800_000, 9_223_372_036_828_800_000, 0),
    ]

    // `left` moved by `right`, and `left` since `right`, as computed by the reference engine (cedar-policy 4.12); `nil`
    // stands for its error.
    static let arithmetic: [(left: Int64, right: Int64, sum: Int64?, difference: Int64?)] = [
        (0, 0, 0, 0),
        (5, -7, -2, 12),
        (.max, 0, .max, .max),
        (.max, 1, nil, 9_223_372_036_854_775_806),
        (.max, -1, 9_223_372_036_854_775_806, nil),
        (.min, 0, .min, .min),
        (.min, -1, nil, -9_223_372_036_854_775_807),
        (.min, 1, -9_223_372_036_854_775_807, nil),
        (.max, .min, -1, nil),
        (.min, .max, -1, nil),
        (0, .min, .min, nil),
        (-1, .min, nil, .max),
        (0, .max, .max, -9_223_372_036_854_775_807),
        (-1, .max, 9_223_372_036_854_775_806, .min),
        (-2, .max, 9_223_372_036_854_775_805, nil),
        (1, .max, nil, -9_223_372_036_854_775_806),
    ]

    // Inputs chosen by hand; the verdicts are those of the reference engine (cedar-policy 4.12), not of this one.
    static let verdicts: [(text: String, milliseconds: Int64?)] = [
        ("1970-01-01", 0),
        ("1970-01-02", 86_400_000),
        ("1969-12-31", -86_400_000),
        ("2024-10-15", 1_728_950_400_000),
        ("2024-02-29", 1_709_164_800_000),
        ("2023-02-28", 1_677_542_400_000),
        ("2000-02-29", 951_782_400_000),
        ("1600-02-29", -11_670_998_400_000),
        ("0000-01-01", -62_167_219_200_000),
        ("0000-02-29", -62_162_121_600_000),
        ("0000-03-01", -62_162_035_200_000),
        ("0000-12-31", -62_135_683_200_000),
        ("0001-01-01", -62_135_596_800_000),
        ("0004-02-29", -62_035_891_200_000),
        ("0400-02-29", -49_539_340_800_000),
        ("9999-12-31", 253_402_214_400_000),
        ("9996-02-29", 253_281_168_000_000),
        ("1582-10-10", -12_219_724_800_000),
        ("2400-02-29", 13_574_563_200_000),
        ("2023-02-29", nil),
        ("1900-02-29", nil),
        ("2100-02-29", nil),
        ("0100-02-29", nil),
        ("2024-02-30", nil),
        ("2024-04-31", nil),
        ("2024-06-31", nil),
        ("2024-09-31", nil),
        ("2024-11-31", nil),
        ("2024-01-32", nil),
        ("2024-01-00", nil),
        ("2024-00-01", nil),
        ("2024-13-01", nil),
        ("2024-12-31", 1_735_603_200_000),
        ("2024-99-99", nil),
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.001Z", 1),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2024-10-15T11:35:00Z", 1_728_992_100_000),
        ("2024-10-15T11:35:00.000Z", 1_728_992_100_000),
        ("2024-10-15T11:35:00.250+0200", 1_728_984_900_250),
        ("2024-10-15T23:59:59.999Z", 1_729_036_799_999),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("9999-12-31T23:59:59.999-2359", 253_402_387_139_999),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("0000-01-01T00:00:00+2359", -62_167_305_540_000),
        ("0000-01-01T00:00:00.001+2359", -62_167_305_539_999),
        ("2024-10-15T11:35:00+0000", 1_728_992_100_000),
        ("2024-10-15T11:35:00-0000", 1_728_992_100_000),
        ("2024-10-15T11:35:00+0530", 1_728_972_300_000),
        ("2024-10-15T11:35:00-0800", 1_729_020_900_000),
        ("2024-10-15T11:35:00+2359", 1_728_905_760_000),
        ("2024-10-15T11:35:00-2359", 1_729_078_440_000),
        ("2024-03-01T00:00:00+0001", 1_709_251_140_000),
        ("2024-10-15T11:35:00.123-0030", 1_728_993_900_123),
        ("2024-10-15T24:00:00Z", nil),
        ("2024-10-15T23:60:00Z", nil),
        ("2024-10-15T23:59:60Z", nil),
        ("2016-12-31T23:59:60Z", nil),
        ("2016-12-31T23:59:60.000Z", nil),
        ("2024-10-15T11:35:61Z", nil),
        ("2024-10-15T11:35:00+2400", nil),
        ("2024-10-15T11:35:00-2400", nil),
        ("2024-10-15T11:35:00+0060", nil),
        ("2024-10-15T11:35:00-9999", nil),
        ("2024-10-15T", nil),
        ("2024-10-15Z", nil),
        ("2024-10-15T11", nil),
        ("2024-10-15T11:35", nil),
        ("2024-10-15T11:35Z", nil),
        ("2024-10-15T11:35:00", nil),
        ("2024-10-15T11:35:00.000", nil),
        ("2024-10-15T11:35:00.Z", nil),
        ("2024-10-15T11:35:00.1Z", nil),
        ("2024-10-15T11:35:00.12Z", nil),
        ("2024-10-15T11:35:00.1234Z", nil),
        ("2024-10-15T11:35:00,123Z", nil),
        ("2024-10-15T11:35:00z", nil),
        ("2024-10-15t11:35:00Z", nil),
        ("2024-10-15T11:35:00+02:00", nil),
        ("2024-10-15T11:35:00+02", nil),
        ("2024-10-15T11:35:00+020", nil),
        ("2024-10-15T11:35:00+02000", nil),
        ("2024-10-15T11:35:00Z0", nil),
        ("2024-10-15T11:35:00ZZ", nil),
        ("2024-10-15T11:35:00Z+0000", nil),
        ("2024-10-15T11:35:00GMT", nil),
        ("2024-10-15T1:35:00Z", nil),
        ("2024-10-15T11:5:00Z", nil),
        ("2024-10-15T11-35-00Z", nil),
        ("2024-10-15T113500Z", nil),
        ("2024-10-15T11:35:00.-01Z", nil),
        ("2024-10-15T+1:35:00Z", nil),
        ("2024-10-15T-1:35:00Z", nil),
        ("20241015", nil),
        ("2024-1-01", nil),
        ("2024-01-1", nil),
        ("24-10-15", nil),
        ("02024-10-15", nil),
        ("10000-01-01", nil),
        ("-2024-10-15", nil),
        ("+2024-10-15", nil),
        ("-001-01-01", nil),
        ("2024/10/15", nil),
        ("2024-10", nil),
        ("2024", nil),
        ("2024-10-155", nil),
        ("2024-10-15+0000", nil),
        ("2024-W42-2", nil),
        ("2024-289", nil),
        ("T11:35:00Z", nil),
        ("", nil),
        (" 2024-10-15", nil),
        ("2024-10-15 ", nil),
        ("2024-10-15\n", nil),
        ("2024-10-15 11:35:00Z", nil),
        ("2024-10-15T11:35:00Z ", nil),
        ("2024-10-15T11:35:00 +0000", nil),
        ("\u{662}024-10-15", nil),
        ("2024\u{2010}10\u{2010}15", nil),
        ("2024-10-15\u{301}", nil),
        ("2024-10-15T11:35:00\u{2212}\u{660}100", nil),
    ]
}
