import Testing

@testable import LynxCedar

@Suite("calendar")
struct CalendarDateTests {
    @Test("walking the calendar from 0000-01-01 counts the days, and every day converts both ways")
    func walk() {
        // 719,528 days lie between 0000-01-01 and 1970-01-01 (ISO 8601, year 0 a leap year).
        var days: Int64 = -719_528
        var mismatches: [String] = []
        for year in 0...9999 {
            // The rule as Gregory's bull has it: every fourth year, but of the centuries only every fourth.
            let isLeap = year % 100 == 0 ? year % 400 == 0 : year % 4 == 0
            for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in [1, 2, length - 1, length] {
                    let date = CalendarDate(year: year, month: index + 1, day: day)
                    let count = days + Int64(day) - 1
                    if date == nil || date?.daysSinceEpoch != count || CalendarDate(daysSinceEpoch: count) != date {
                        mismatches.append("\(year)-\(index + 1)-\(day)")
                    }
                }
                if CalendarDate(year: year, month: index + 1, day: length + 1) != nil {
                    mismatches.append("\(year)-\(index + 1)-\(length + 1)")
                }
                days += Int64(length)
            }
        }
        #expect(mismatches == [])
        #expect(CalendarDate(daysSinceEpoch: days) == nil)
        #expect(CalendarDate(daysSinceEpoch: -719_529) == nil)
    }

    @Test(
        "there is no year, month or day outside their ranges",
        arguments: [(-1, 1, 1), (10_000, 1, 1), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (2024, 1, 32)])
    func ranges(year: Int, month: Int, day: Int) {
        #expect(CalendarDate(year: year, month: month, day: day) == nil)
    }
}
