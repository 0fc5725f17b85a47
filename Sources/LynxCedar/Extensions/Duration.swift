/// A length of time in milliseconds, possibly negative (Cedar `duration`).
public struct Duration: Hashable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads quantities of days, hours, minutes, seconds and milliseconds in that order, at least one of them, with an
    /// optional `-` in front of all: `1d2h30m`, `-500ms`.
    ///
    /// A quantity need not stay below the next larger unit (`90m` is fine). A literal in these parentheses is taken as a
    /// literal of this type, which traps on bad text instead of throwing.
    ///
    /// - Throws: ``EvaluationError/Kind/extensionFunction(_:_:)`` when the text has another form, or the milliseconds do not
    ///   fit in 64 bits. `O(n)` in the length of the text.
    public init(_ text: String) throws(EvaluationError) {
        var scanner = ByteScanner(text)
        let isNegative = scanner.take("-")
        var units = Unit.allCases[...]
        // All quantities have the sign of the whole, so the magnitude overflows when, and only when, the duration does.
        var magnitude: UInt64? = 0
        repeat {
            guard let quantity = scanner.digits(), let unit = scanner.takeUnit(),
                let position = units.firstIndex(of: unit)
            else {
                throw ExtensionFunction.duration.refusal(
                    of: text, because: "is not a duration",
                    help: "write quantities with the units d, h, m, s and ms in this order, like `1d2h30m` or `-500ms`")
            }
            units = units[(position + 1)...]
            if let sum = magnitude, let part = quantity.value?.multiplied(by: unit.rawValue) {
                magnitude = sum.adding(part)
            } else {
                magnitude = nil
            }
        } while !scanner.isAtEnd
        guard let magnitude, let milliseconds = Int64(magnitude: magnitude, isNegative: isNegative) else {
            throw ExtensionFunction.duration.refusal(
                of: text, because: "is out of range", help: "the duration in milliseconds must fit in 64 bits")
        }
        self.milliseconds = milliseconds
    }

    /// The units in the order in which they are written, with their length in milliseconds.
    fileprivate enum Unit: UInt64, CaseIterable {
        case day = 86_400_000
        case hour = 3_600_000
        case minute = 60_000
        case second = 1_000
        case millisecond = 1
    }

    public func toMilliseconds() -> Int64 { milliseconds }

    /// The whole seconds, rounded toward zero.
    public func toSeconds() -> Int64 { whole(.second) }

    /// The whole minutes, rounded toward zero.
    public func toMinutes() -> Int64 { whole(.minute) }

    /// The whole hours, rounded toward zero.
    public func toHours() -> Int64 { whole(.hour) }

    /// The whole days of 24 hours, rounded toward zero.
    public func toDays() -> Int64 { whole(.day) }

    private func whole(_ unit: Unit) -> Int64 { milliseconds / Int64(unit.rawValue) }
}

extension ByteScanner {
    /// Steps over a unit if one comes next; `ms` is never a minute followed by something.
    fileprivate mutating func takeUnit() -> Duration.Unit? {
        if take("d") { return .day }
        if take("h") { return .hour }
        if take("m") { return take("s") ? .millisecond : .minute }
        if take("s") { return .second }
        return nil
    }
}

extension Duration: Comparable {
    public static func < (lhs: Duration, rhs: Duration) -> Bool { lhs.milliseconds < rhs.milliseconds }
}

extension Duration: CustomStringConvertible {
    /// The duration in milliseconds, such as `90000ms`; reads back as the same duration.
    public var description: String { "\(milliseconds)ms" }
}

extension Duration: ExpressibleByStringLiteral {
    /// - Precondition: the literal is a duration. Text that is not known when the program is written goes through
    ///   `init(_:)`.
    public init(stringLiteral value: String) {
        do throws(EvaluationError) {
            try self.init(value)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
