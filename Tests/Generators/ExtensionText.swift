import LynxCedar

/// Texts for the constructors of extension types, most of them valid, the rest nearly so.
struct ExtensionText {
    let dice: Dice

    /// The type whose constructor takes the text.
    enum Kind: CaseIterable {
        case decimal, ip, datetime, duration

        var constructor: ExtensionFunction {
            switch self {
            case .decimal: .decimal
            case .ip: .ip
            case .datetime: .datetime
            case .duration: .duration
            }
        }
    }

    /// A text that follows the type's grammar as far as the characters go; its numbers may be out of range.
    func text(_ kind: Kind) -> String {
        switch kind {
        case .decimal: decimal()
        case .ip: ip()
        case .datetime: datetime()
        case .duration: duration()
        }
    }

    /// A text of the type's with one character wrong.
    func brokenText(_ kind: Kind) -> String {
        var scalars = Array(text(kind).unicodeScalars)
        let position = dice.int(0...scalars.count)
        let scalar = dice.pick(".", "-", "+", "0", "9", ":", "/", " ", "T", "Z", "m", "s", "e", "\0", "٣", "a", "G") as Unicode.Scalar
        if position < scalars.count, dice.chance(60) {
            if dice.bit() { scalars.remove(at: position) } else { scalars[position] = scalar }
        } else {
            scalars.insert(scalar, at: position)
        }
        return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    /// A text that is known to be valid, with its value.
    func valid(_ kind: Kind) -> (text: String, value: Value) {
        for _ in 0..<20 {
            let text = text(kind)
            if let value = value(kind, text) { return (text, value) }
        }
        let text =
            switch kind {
            case .decimal: "1.5"
            case .ip: "10.0.0.1"
            case .datetime: "2024-01-01"
            case .duration: "1h"
            }
        return (text, value(kind, text) ?? .string(CedarString(text)))
    }

    private func value(_ kind: Kind, _ text: String) -> Value? {
        let call: JSONValue = ["__extn": ["fn": .string(kind.constructor.rawValue), "arg": .string(text)]]
        return try? Value(json: call)
    }

    private func digits(_ count: ClosedRange<Int>) -> String {
        dice.several(count) { "\(dice.int(0...9))" }.joined()
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private func decimal() -> String {
        if dice.chance(30) {
            return dice.pick(
                "0.0", "-0.0", "1.0", "1.0000", "01.50", "-1.5", "922337203685477.5807", "-922337203685477.5808",
                "922337203685477.5808", "-922337203685477.5809", "0.0001", "-0.0001", "9999999999999999.0")
        }
        return (dice.chance(30) ? "-" : "") + digits(1...dice.pick(2, 5, 16)) + "." + digits(1...4)
    }

    private func ip() -> String {
        if dice.chance(40) {
            return dice.pick(
                "127.0.0.1", "10.0.0.0/8", "10.1.2.3", "224.0.0.1", "239.255.255.255/32", "0.0.0.0/0", "255.255.255.255", "::1", "::",
                "::/0", "ff00::/8", "ff02::1", "2001:db8::/32", "fe80::1", "127.0.0.1/8", "::1/127", "1::8", "1:2:3:4:5:6:7::")
        }
        if dice.chance(50) {
            let address = (0..<4).map { _ in "\(dice.int(0...(dice.chance(3) ? 300 : 255)))" }.joined(separator: ".")
            return dice.chance(40) ? "\(address)/\(dice.int(0...(dice.chance(5) ? 40 : 32)))" : address
        }
        var groups = (0..<8).map { _ in
            let text = String(dice.int(0...(dice.bit() ? 0xF : 0xFFFF)), radix: 16, uppercase: dice.bit())
            return dice.chance(20) ? String(repeating: "0", count: max(0, 4 - text.count)) + text : text
        }
        if dice.chance(50) {
            let start = dice.int(0...7)
            groups.replaceSubrange(start..<dice.int((start + 1)...8), with: [""])
            if groups.first == "" { groups.insert("", at: 0) }
            if groups.last == "" { groups.append("") }
        }
        let address = groups.joined(separator: ":")
        return dice.chance(40) ? "\(address)/\(dice.int(0...(dice.chance(5) ? 140 : 128)))" : address
    }

    private func datetime() -> String {
        let year = dice.pick(padded(dice.int(0...9999), 4), "1970", "2024", "0000", "9999", "2000", "1900")
        let date = "\(year)-\(padded(dice.int(1...12), 2))-\(padded(dice.int(1...(dice.chance(10) ? 31 : 28)), 2))"
        if dice.chance(35) { return date }
        let second = padded(dice.int(0...(dice.chance(3) ? 60 : 59)), 2)
        let time = "\(padded(dice.int(0...(dice.chance(2) ? 24 : 23)), 2)):\(padded(dice.int(0...59), 2)):\(second)"
        let fraction = dice.chance(40) ? ".\(digits(3...3))" : ""
        let sign = dice.pick("+", "-")
        let offset =
            dice.chance(60) ? "Z" : "\(sign)\(padded(dice.int(0...(dice.chance(5) ? 25 : 23)), 2))\(padded(dice.int(0...59), 2))"
        return "\(date)T\(time)\(fraction)\(offset)"
    }

    private func duration() -> String {
        if dice.chance(15) {
            return dice.pick(
                "0ms", "-0s", "1d", "24h", "86400000ms", "-1ms", "9223372036854775807ms", "-9223372036854775808ms",
                "9223372036854775808ms", "106751991167d", "106751991168d", "007d", "1d1ms")
        }
        let units = dice.some(of: ["d", "h", "m", "s", "ms"], 40)
        let parts = (units.isEmpty ? ["s"] : units).map { unit in digits(1...dice.pick(1, 2, 6, 12)) + unit }
        return (dice.chance(25) ? "-" : "") + parts.joined()
    }
}
