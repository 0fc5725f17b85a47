import LynxCedar

/// Strings and names on which implementations differ: what must be escaped, what Unicode calls equal and Cedar does not,
/// what looks like syntax.
struct AwkwardText {
    let dice: Dice

    /// Half of them harmless, so that the rest of a scenario still has to do with each other.
    func string() -> CedarString {
        if dice.chance(50) { return dice.pick("a", "b", "alice", "bob", "x y", "10.0.0.1", "1.5", "2024-01-01", "1h") }
        if dice.chance(15) { return CedarString(dice.several(0...5) { scalar() }.reduce(into: "") { $0.unicodeScalars.append($1) }) }
        return dice.pick(
            "", " ", "\"", "\\", "\\\\\"", "'", "*", "**", "\\*", "a*b", "\n", "\r\n", "\t", "\0", "\u{7F}", "\u{85}", "\u{1B}[0m",
            "é", "e\u{301}", "\u{301}", "ﬁ", "Å", "\u{212B}", "A\u{30A}", "한", "\u{1112}\u{1161}\u{11AB}", "日本", "\u{1F600}",
            "\u{1F468}\u{200D}\u{1F469}", "\u{1D518}", "\u{202E}x", "\u{FEFF}", "\u{A0}", "\u{2028}", "\u{10FFFF}", "\u{E000}",
            "//x", "/*", "?principal", "__cedar", "__entity", "true", "if", "in", "${x}", "%s", "{\"a\":1}", "ß", "ss", "İ", "i\u{307}")
    }

    /// Any scalar, small ones more often.
    func scalar() -> Unicode.Scalar {
        let limit = dice.pick(0x7F, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF)
        return Unicode.Scalar(UInt32(dice.int(0...limit))) ?? "\u{FFFD}"
    }

    /// The name of an attribute: an identifier more often than not.
    func attributeName() -> CedarString {
        if dice.chance(70) { return CedarString(identifier()) }
        return dice.chance(50)
            ? dice.pick("if", "in", "true", "has", "like", "then", "is", "__cedar", "a b", "a-b", "", "é", "e\u{301}", "\"", "\\", "1a", "\0", "*")
            : string()
    }

    /// Words that are identifiers although some of them look special.
    func identifier() -> String {
        dice.pick(
            "a", "b", "c", "name", "owner", "level", "_", "_x1", "principal", "permit", "when", "context", "contains", "ip", "decimal",
            "Action", "User", "isEmpty", "type", "id", "Set", "Long", "entity", "getTag", "advice")
    }

    /// The key of an annotation: identifiers, reserved words too.
    func annotationKey() -> String {
        dice.chance(70) ? identifier() : dice.pick("if", "in", "true", "has", "like", "else", "id", "is", "permit")
    }

    /// A pattern that may or may not match `text`; made from it so that it often does.
    func pattern(for text: CedarString) -> Pattern {
        var elements: [Pattern.Element] = []
        for scalar in text.string.unicodeScalars {
            if dice.chance(15) { elements.append(.wildcard) }
            if dice.chance(75) { elements.append(.scalar(scalar)) } else { elements.append(.wildcard) }
            if dice.chance(3) { elements.append(.scalar(self.scalar())) }
        }
        if elements.isEmpty || dice.chance(20) { elements.append(.wildcard) }
        if dice.chance(10) { elements.append(.scalar(dice.pick("*", "\\", "a", "\u{301}"))) }
        return Pattern(elements)
    }
}
