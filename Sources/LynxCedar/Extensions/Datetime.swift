/// A point in time, in milliseconds since 1970-01-01T00:00:00Z without leap seconds (Cedar `datetime`).
///
/// Ordering and equality are those of the instant; the offset that the text carried is not kept.
public struct Datetime: Hashable, Sendable {
    public let millisecondsSinceEpoch: Int64

    public init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }

    /// Reads a date, `2024-10-15`, or a date and time with an offset from UTC: `2024-10-15T11:35:00Z`,
    /// `2024-10-15T11:35:00.250+0200` (RFC 80).
    ///
    /// Years go from 0000 to 9999, seconds to 59, offsets to 23 hours and 59 minutes. A date alone means midnight UTC. A
    /// literal in these parentheses is taken as a literal of this type, which traps on bad text instead of throwing.
    ///
    /// - Throws: ``EvaluationError/Kind/extensionFunction(_:_:)`` when the text has another form, or names a day or a time
    ///   that does not exist. `O(n)` in the length of the text.
    public init(_ text: String) throws(EvaluationError) {
        func refusal(_ reason: String, help: String) -> EvaluationError {
            ExtensionFunction.datetime.refusal(of: text, because: reason, help: help)
        }
        var scanner = ByteScanner(text)
        guard let year = scanner.number(ofDigits: 4), scanner.take("-"),
            let month = scanner.number(ofDigits: 2), scanner.take("-"),
            let day = scanner.number(ofDigits: 2)
        else {
            throw refusal("does not begin with a date", help: "write the date as YYYY-MM-DD, like `2024-10-15`")
        }
        guard let date = CalendarDate(year: year, month: month, day: day) else {
            throw refusal(
                "names a day that the calendar does not have",
                help: "months go from 01 to 12, days from 01 to the length of the month in that year")
        }
        // No text leaves 64 bits: 9,999 years are less than 2^49 milliseconds.
        let midnight = date.daysSinceEpoch * Datetime.millisecondsPerDay
        if scanner.isAtEnd {
            self.millisecondsSinceEpoch = midnight
            return
        }
        guard scanner.take("T"),
            let hour = scanner.number(ofDigits: 2), scanner.take(":"),
            let minute = scanner.number(ofDigits: 2), scanner.take(":"),
            let second = scanner.number(ofDigits: 2)
        else {
            throw refusal("has no well-formed time after the date", help: "write the time as THH:MM:SS, like `T11:35:00Z`")
        }
        guard let millisecond = scanner.fractionOfSecond(), let offset = scanner.offsetFromUTC(), scanner.isAtEnd else {
            throw refusal(
                "does not end with an offset from UTC",
                help: "end it with `Z` or an offset like `+0700`, after the seconds or a point and three digits of a second")
        }
        guard hour < 24, minute < 60, second < 60 else {
            throw refusal(
                "names a time that the day does not have",
                help: "hours go from 00 to 23, minutes and seconds from 00 to 59")
        }
        guard offset.hours < 24, offset.minutes < 60 else {
            throw refusal(
                "has an offset from UTC that is out of range",
                help: "the hours of an offset go from 00 to 23, its minutes from 00 to 59")
        }
        let minutes = hour * 60 + minute - offset.sign * (offset.hours * 60 + offset.minutes)
        self.millisecondsSinceEpoch = midnight + Int64((minutes * 60 + second) * 1_000 + millisecond)
    }

    private static let millisecondsPerDay: Int64 = 86_400_000

    /// Moves the instant by `duration`.
    ///
    /// - Throws: ``EvaluationError/Kind/overflow(_:)`` when the result does not fit in 64 bits.
    public func offset(by duration: Duration) throws(EvaluationError) -> Datetime {
        let (sum, overflow) = millisecondsSinceEpoch.addingReportingOverflow(duration.milliseconds)
        guard !overflow else { throw .overflow(.method(.offset)) }
        return Datetime(millisecondsSinceEpoch: sum)
    }

    /// The time that has passed since `other`, negative when `other` is later.
    ///
    /// - Throws: ``EvaluationError/Kind/overflow(_:)`` when the result does not fit in 64 bits.
    public func durationSince(_ other: Datetime) throws(EvaluationError) -> Duration {
        let (difference, overflow) = millisecondsSinceEpoch.subtractingReportingOverflow(other.millisecondsSinceEpoch)
        guard !overflow else { throw .overflow(.method(.durationSince)) }
        return Duration(milliseconds: difference)
    }

    /// The last midnight UTC that is not after the instant.
    ///
    /// - Throws: ``EvaluationError/Kind/overflow(_:)`` when it is too early for 64 bits.
    public func toDate() throws(EvaluationError) -> Datetime {
        let (midnight, overflow) = millisecondsSinceEpoch.subtractingReportingOverflow(toTime().milliseconds)
        guard !overflow else { throw .overflow(.method(.toDate)) }
        return Datetime(millisecondsSinceEpoch: midnight)
    }

    /// The time since the last midnight UTC: from zero up to, and not including, a day, also before 1970.
    public func toTime() -> Duration {
        let remainder = millisecondsSinceEpoch % Datetime.millisecondsPerDay
        return Duration(milliseconds: remainder < 0 ? remainder + Datetime.millisecondsPerDay : remainder)
    }
}

extension ByteScanner {
    /// Reads a point and three digits.
    ///
    /// - Returns: the milliseconds, zero when no point comes next, and `nil` when the digits are missing.
    fileprivate mutating func fractionOfSecond() -> Int? {
        take(".") ? number(ofDigits: 3) : 0
    }

    /// Reads `Z`, or a sign with two digits of hours and two of minutes; their ranges are not checked.
    fileprivate mutating func offsetFromUTC() -> (sign: Int, hours: Int, minutes: Int)? {
        if take("Z") { return (1, 0, 0) }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(ofDigits: 2), let minutes = number(ofDigits: 2) else { return nil }
        return (isWest ? -1 : 1, hours, minutes)
    }
}

extension Datetime: Comparable {
    public static func < (lhs: Datetime, rhs: Datetime) -> Bool {
        lhs.millisecondsSinceEpoch < rhs.millisecondsSinceEpoch
    }
}

extension Datetime: CustomStringConvertible {
    /// The instant in UTC, such as `2024-10-15T11:35:00Z`, with three digits of a second where they are not zero; reads back
    /// as the same instant.
    ///
    /// Instants outside the years 0000 to 9999 have no text in Cedar: for them it says how many milliseconds they are from
    /// 1970.
    public var description: String {
        let time = toTime()
        // The quotient rounds toward zero, which before 1970 is the day after, except at midnight.
        let (quotient, remainder) = millisecondsSinceEpoch.quotientAndRemainder(dividingBy: Datetime.millisecondsPerDay)
        guard let date = CalendarDate(daysSinceEpoch: remainder < 0 ? quotient - 1 : quotient) else {
            return "\(millisecondsSinceEpoch)ms since 1970-01-01"
        }
        let hour = time.toHours().padded(to: 2)
        let minute = (time.toMinutes() % 60).padded(to: 2)
        let second = (time.toSeconds() % 60).padded(to: 2)
        let millisecond = time.milliseconds % 1_000
        let fraction = millisecond == 0 ? "" : ".\(millisecond.padded(to: 3))"
        return "\(date)T\(hour):\(minute):\(second)\(fraction)Z"
    }
}

extension Datetime: ExpressibleByStringLiteral {
    /// - Precondition: the literal is a datetime. Text that is not known when the program is written goes through
    ///   `init(_:)`.
    public init(stringLiteral value: String) {
        do throws(EvaluationError) {
            try self.init(value)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
