/// A decimal number with four digits after the point (Cedar `decimal`), from -922337203685477.5808 to
/// 922337203685477.5807.
///
/// The number is kept as a count of ten-thousandths, so arithmetic is exact and `1.5` equals `1.5000`.
public struct Decimal: Hashable, Sendable {
    public let tenThousandths: Int64

    public init(tenThousandths: Int64) {
        self.tenThousandths = tenThousandths
    }

    /// Reads digits, a point and one to four digits, with an optional `-` in front: `12.34`, `-0.5`.
    ///
    /// A literal in these parentheses is taken as a literal of this type, which traps on bad text instead of throwing.
    ///
    /// - Throws: ``EvaluationError/Kind/extensionFunction(_:_:)`` when the text has another form, or the number is out of
    ///   range. `O(n)` in the length of the text.
    public init(_ text: String) throws(EvaluationError) {
        var scanner = ByteScanner(text)
        let isNegative = scanner.take("-")
        guard let whole = scanner.digits(), scanner.take("."), let fraction = scanner.digits(), scanner.isAtEnd else {
            throw ExtensionFunction.decimal.refusal(
                of: text, because: "is not a decimal number",
                help: "write it like `12.34`, with at least one digit on both sides of the point")
        }
        guard fraction.count <= Decimal.fractionDigits else {
            throw ExtensionFunction.decimal.refusal(
                of: text, because: "has more than \(Decimal.fractionDigits) digits after the point",
                help: "a decimal has at most \(Decimal.fractionDigits) digits after the point")
        }
        // The sign applies to the sum of both parts: `-0.5` has a whole part without one.
        var part = fraction.value
        for _ in fraction.count..<Decimal.fractionDigits {
            part = part?.multiplied(by: 10)
        }
        guard let part, let magnitude = whole.value?.multiplied(by: 10_000)?.adding(part),
            let tenThousandths = Int64(magnitude: magnitude, isNegative: isNegative)
        else {
            throw ExtensionFunction.decimal.refusal(
                of: text, because: "is out of range",
                help: "decimals go from -922337203685477.5808 to 922337203685477.5807")
        }
        self.tenThousandths = tenThousandths
    }

    private static let fractionDigits = 4
}

extension Decimal: Comparable {
    public static func < (lhs: Decimal, rhs: Decimal) -> Bool { lhs.tenThousandths < rhs.tenThousandths }
}

extension Decimal: CustomStringConvertible {
    /// The number with all four digits after the point; reads back as the same number.
    public var description: String {
        let (whole, fraction) = tenThousandths.magnitude.quotientAndRemainder(dividingBy: 10_000)
        // A one in front keeps the leading zeros of the fraction.
        let digits = "\(10_000 + fraction)".dropFirst()
        return "\(tenThousandths < 0 ? "-" : "")\(whole).\(digits)"
    }
}

extension Decimal: ExpressibleByStringLiteral {
    /// - Precondition: the literal is a decimal. Text that is not known when the program is written goes through
    ///   `init(_:)`.
    public init(stringLiteral value: String) {
        do throws(EvaluationError) {
            try self.init(value)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
