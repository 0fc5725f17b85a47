import LynxCedar

/// Breaks texts a little: what comes of it may still parse, and often nearly does.
struct TextMutation {
    let dice: Dice

    /// Tokens that are an error wherever they stand, or almost.
    private static let strays = [
        "=", "/", "%", "&", "|", "&&", "||", "!", "-", "+", "*", "==", "!=", "<", "<=", ">", ">=", ":", "::", ".", ",", ";", "(", ")",
        "[", "]", "{", "}", "@", "#", "$", "'", "\"", "`", "\\", "?", "?slot", "?principal", "?resource", "if", "then", "else",
        "in", "is", "has", "like", "true", "false", "when", "unless", "permit", "forbid", "principal", "action", "resource", "context",
        "__cedar", "__cedar::User", "x", "0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "1.5", "0x1", "1a", "\"s\"", "'s'", "\"\\q\"", "\"\\x8f\"", "\"\\xZ\"", "\"\\u{}\"",
        "\"\\u{D800}\"", "\"\\u{110000}\"", "\"\\u{0000041}\"", "\"\\u{4_1}\"", "\"\\*\"", "\"*\"", "/*", "*/", "//",
        "User::\"a\"", "User::", "::User", "Action::\"view\"", "User::\"a\\u{0}\"", "@id(\"x\")", "@id", "@if", "ip(\"1.1.1.1\")",
        "foo(1)", "foo()", "x.foo()", ".contains(1)", ".isEmpty()", "decimal(\"1.0\")", "User::Group", "a::b::c",
        "isEmpty(1)", "contains(1, 2)", "1.contains(2, 3)", "User::{id: 1}", "é", "a\u{301}", "\u{FEFF}", "\0", "// \"", "--", "!!", "!!!!", "----",
    ]

    /// The tokens with up to three changes.
    func mutated(_ tokens: [String]) -> [String] {
        var tokens = tokens
        for _ in 0..<dice.pick(1, 1, 1, 2, 3) where !tokens.isEmpty {
            let position = dice.int(0...(tokens.count - 1))
            let other = dice.int(0...(tokens.count - 1))
            switch dice.int(0...6) {
            case 0: tokens.remove(at: position)
            case 1: tokens.insert(tokens[position], at: position)
            case 2: tokens.swapAt(position, other)
            case 3: tokens.insert(tokens[other], at: position)
            case 4: tokens[position] = tokens[other]
            case 5: tokens[position] = dice.any(of: Self.strays) ?? ""
            default: tokens.insert(dice.any(of: Self.strays) ?? "", at: position)
            }
        }
        return tokens
    }

    /// The text with one scalar removed, replaced or added, or cut off.
    func mutated(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return text }
        let position = dice.int(0...(scalars.count - 1))
        switch dice.int(0...4) {
        case 0: scalars.remove(at: position)
        case 1: scalars[position] = AwkwardText(dice: dice).scalar()
        case 2: scalars.insert(scalars[dice.int(0...(scalars.count - 1))], at: position)
        case 3: scalars.insert(AwkwardText(dice: dice).scalar(), at: position)
        default:
            if dice.chance(80) { scalars.swapAt(position, dice.int(0...(scalars.count - 1))) } else { scalars.removeLast(position) }
        }
        return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    }
}
