/// A day of the Gregorian calendar, extended to all years from 0000 to 9999 (the years that Cedar's `datetime` text has).
struct CalendarDate: Hashable {
    /// From 0 to 9999; year 0 is the leap year before year 1 (ISO 8601).
    let year: Int
    /// From 1 to 12.
    let month: Int
    /// From 1 to the length of the month.
    let day: Int

    /// - Returns: `nil` when the calendar has no such day.
    init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= CalendarDate.length(ofMonth: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

// Both conversions count years from 1 March: the leap day then ends its year, and the lengths of the months repeat every
// five (31, 30, 31, 30, 31), which makes the days before a month a linear function, rounded.
extension CalendarDate {
    private static let daysPerYear = 365
    /// 400 years, after which the calendar repeats.
    private static let daysPerCycle = 146_097
    /// From 0000-03-01 to 1970-01-01.
    private static let epoch = 719_468
    /// 0000-01-01 and 9999-12-31.
    private static let range = -719_528...2_932_896

    /// The day that is `days` after 1970-01-01, `nil` outside the years 0000 to 9999.
    init?(daysSinceEpoch days: Int64) {
        guard let days = Int(exactly: days), CalendarDate.range.contains(days) else { return nil }
        // One cycle later, so that January and February of year 0 are no exception to truncating division.
        let count = days + CalendarDate.epoch + CalendarDate.daysPerCycle
        let (cycle, dayOfCycle) = count.quotientAndRemainder(dividingBy: CalendarDate.daysPerCycle)
        // Take out the leap days that have passed, and what is left are years of 365 days: 1,460 days up to a leap day
        // that comes every 4 years, less one every 100 (36,524 days), and the cycle's own last day.
        let leapDays = dayOfCycle / 1_460 - dayOfCycle / 36_524 + dayOfCycle / 146_096
        let yearOfCycle = (dayOfCycle - leapDays) / CalendarDate.daysPerYear
        let dayOfYear = dayOfCycle - CalendarDate.days(inYearsOfCycle: yearOfCycle)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - CalendarDate.days(beforeMonthFromMarch: monthFromMarch) + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = (cycle - 1) * 400 + yearOfCycle + (monthFromMarch < 10 ? 0 : 1)
    }

    /// Days from 1970-01-01, negative before it.
    var daysSinceEpoch: Int64 {
        let yearFromMarch = (month < 3 ? year - 1 : year) + 400
        let (cycle, yearOfCycle) = yearFromMarch.quotientAndRemainder(dividingBy: 400)
        let monthFromMarch = month < 3 ? month + 9 : month - 3
        let dayOfCycle =
            CalendarDate.days(inYearsOfCycle: yearOfCycle)
            + CalendarDate.days(beforeMonthFromMarch: monthFromMarch) + day - 1
        return Int64((cycle - 1) * CalendarDate.daysPerCycle + dayOfCycle - CalendarDate.epoch)
    }

    /// The days in the first `count` years of a cycle.
    private static func days(inYearsOfCycle count: Int) -> Int {
        count * daysPerYear + count / 4 - count / 100
    }

    /// The days from 1 March to the first of a month; March is 0, February 11.
    private static func days(beforeMonthFromMarch month: Int) -> Int {
        (153 * month + 2) / 5
    }
}

extension CalendarDate: CustomStringConvertible {
    /// `YYYY-MM-DD`
    var description: String {
        "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
    }
}

extension BinaryInteger {
    /// The digits of a number that is not negative, with zeros in front up to `width`.
    func padded(to width: Int) -> String {
        let digits = "\(self)"
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
