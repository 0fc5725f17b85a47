// Numbers as texts spell them, digit by digit and part by part: `nil` stands for what leaves 64 bits.

extension UInt64 {
    /// The number with one more decimal digit, `nil` when it leaves 64 bits.
    func appending(digit: UInt8) -> UInt64? {
        multiplied(by: 10)?.adding(UInt64(digit))
    }

    /// The product, `nil` when it leaves 64 bits.
    func multiplied(by factor: UInt64) -> UInt64? {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// The sum, `nil` when it leaves 64 bits.
    func adding(_ other: UInt64) -> UInt64? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }
}

extension Int64 {
    /// The number of the given magnitude and sign, `nil` when it leaves 64 bits.
    init?(magnitude: UInt64, isNegative: Bool) {
        if isNegative {
            guard magnitude <= Int64.min.magnitude else { return nil }
            // Two's complement: also right for the magnitude of `Int64.min`, which `Int64` cannot hold as a positive number.
            self = Int64(truncatingIfNeeded: 0 &- magnitude)
        } else {
            guard let value = Int64(exactly: magnitude) else { return nil }
            self = value
        }
    }
}
