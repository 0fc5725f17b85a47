/// Numbers as a report shows them.
enum Figure {
    /// With a fixed number of decimal places; "0" where the number is none or beyond 64 bits.
    static func decimal(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        guard let scaled = Int(exactly: (value * Double(scale)).rounded()) else { return "0" }
        let (whole, part) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + String(whole) }
        let digits = String(part)
        return "\(sign)\(whole).\(String(repeating: "0", count: places - digits.count))\(digits)"
    }

    /// Rounded to a whole number, with commas between the thousands: `12,345`; a number under ten keeps one decimal place.
    static func grouped(_ value: Double) -> String {
        guard value.magnitude >= 10 else { return decimal(value, places: 1) }
        var digits = Array(decimal(value, places: 0))
        for index in stride(from: digits.count - 3, to: 0, by: -3) where digits[index - 1] != "-" { digits.insert(",", at: index) }
        return String(digits)
    }

    static func grouped(_ value: Int) -> String {
        value.magnitude < 10 ? String(value) : grouped(Double(value))
    }

    /// The text with spaces before it up to a width; texts of one column a character only.
    static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
