/// Damages texts in the ways that files and attackers do, below the level of tokens too. The same seed gives the same damage.
public struct ByteMutator {
    private var random: SeededGenerator
    private let fragments: [[UInt8]]

    /// - Parameter fragments: Texts that are inserted now and then.
    public init(seed: UInt64, fragments: [String] = ByteMutator.cedarFragments) {
        self.random = SeededGenerator(seed: seed)
        self.fragments = fragments.map { Array($0.utf8) }
    }

    /// One to four damages to a text. The result need not be UTF-8.
    public mutating func mutated(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&text) }
        return text
    }

    private mutating func mutate(_ text: inout [UInt8]) {
        guard !text.isEmpty else {
            text = fragments.randomElement(using: &random) ?? []
            return
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            let index = text.indices.randomElement(using: &random) ?? 0
            text[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1:
            let index = text.indices.randomElement(using: &random) ?? 0
            text[index] = UInt8.random(in: 0..<128, using: &random)
        case 2:
            text.removeSubrange(range(in: text))
        case 3:
            let copy = Array(text[range(in: text)])
            text.insert(contentsOf: copy, at: Int.random(in: 0...text.count, using: &random))
        case 4:
            text.removeSubrange(Int.random(in: 0...text.count, using: &random)...)
        case 5, 6:
            swapTokens(&text)
        default:
            let fragment = fragments.randomElement(using: &random) ?? []
            text.insert(contentsOf: fragment, at: Int.random(in: 0...text.count, using: &random))
        }
    }

    /// Short ranges are more frequent.
    private mutating func range(in text: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0..<text.count, using: &random)
        let longest = max(1, (text.count - start) >> Int.random(in: 0..<8, using: &random))
        return start..<(start + Int.random(in: 1...longest, using: &random))
    }

    private mutating func swapTokens(_ text: inout [UInt8]) {
        var tokens = ByteMutator.tokens(of: text)
        guard let first = tokens.indices.randomElement(using: &random),
            let second = tokens.indices.randomElement(using: &random)
        else { return }
        tokens.swapAt(first, second)
        text = Array(tokens.joined())
    }

    /// Runs of letters and digits, of white space, and single bytes.
    private static func tokens(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        func kind(_ byte: UInt8) -> Int? {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                0
            case UInt8(ascii: " "), 0x09...0x0D: 1
            default: nil
            }
        }
        var tokens: [ArraySlice<UInt8>] = []
        var start = 0
        for index in text.indices.dropFirst() where kind(text[index]) == nil || kind(text[index]) != kind(text[index - 1]) {
            tokens.append(text[start..<index])
            start = index
        }
        tokens.append(text[start...])
        return tokens
    }

    public static let cedarFragments = [
        "permit(principal, action, resource);", "@id(\"a\")", "when { true }", "unless", "?principal", "::", "==", "=", "!",
        "&&", "||", "|", "&", "(", ")", "{", "}", "[", "]", ",", ";", ":", ".", "\"", "\\", "\\u{", "\\x4", "\\*", "//",
        "\n", "\r", "\u{0}", "\u{FEFF}", "\u{2028}", "é", "-", "9223372036854775808", "1.5", "if", "then", "else", "in", "is",
        "like", "has", "true", "__cedar", "contains(", "isEmpty()", "ip(\"::1\")", "principal", "User::\"alice\"", "%", "/", "'",
    ]
}
