import LynxCedar

/// Derives random texts from a grammar. The same seed gives the same texts.
public struct GrammarTextGenerator {
    private let grammar: Grammar
    private let maximumDepth: Int
    private let size: Int
    private var random: SeededGenerator

    /// The tokens of the text that is being derived.
    private var tokens: [String] = []
    /// For each sequence around the current place that asks for distinct texts, the rule and the meanings so far.
    private var distinct: [(rule: String, meanings: Set<CedarString>)] = []

    /// - Parameters:
    ///   - maximumDepth: Levels of rules in a derivation. An operand of Cedar's grammar in brackets takes nine.
    ///   - size: Tokens after which what has been begun is finished in the shortest way.
    public init(_ grammar: Grammar, seed: UInt64, maximumDepth: Int = 60, size: Int = 80) {
        self.grammar = grammar
        self.maximumDepth = maximumDepth
        self.size = size
        self.random = SeededGenerator(seed: seed)
    }

    /// A text that a rule derives, with random white space and comments between its tokens.
    ///
    /// - Throws: ``GrammarError`` when there is no such rule, or no text of it was found.
    public mutating func text(of rule: String) throws(GrammarError) -> String {
        tokens = []
        distinct = []
        try derive(.rule(rule), depth: 0)
        return try joined()
    }

    // MARK: Syntax

    private mutating func derive(_ production: Grammar.Production, depth: Int) throws(GrammarError) {
        switch production {
        case .text, .character, .integer, .exception:
            tokens.append(try lexical(production))
        case .distinct:
            break
        case .rule(let name):
            try deriveRule(name, depth: depth)
        case .sequence(let parts):
            let outer = distinct.count
            for case .distinct(let rule) in parts { distinct.append((rule, [])) }
            for part in parts { try derive(part, depth: depth) }
            distinct.removeSubrange(outer...)
        case .alternatives(let choices):
            try derive(choose(choices, depth: depth), depth: depth)
        case .optional(let inner):
            if isTaken(inner, depth: depth) { try derive(inner, depth: depth) }
        case .repetition(let inner):
            while isTaken(inner, depth: depth) { try derive(inner, depth: depth) }
        case .times(let count, let inner):
            for _ in 0..<count { try derive(inner, depth: depth) }
        }
    }

    private mutating func deriveRule(_ name: String, depth: Int) throws(GrammarError) {
        guard let production = grammar.rules[name] else { throw GrammarError("there is no rule `\(name)`") }
        let start = tokens.count
        // The odds of two equal names are small, so a few attempts are as good as many.
        for _ in 0..<100 {
            if Grammar.isLexical(name) {
                tokens.append(try lexical(.rule(name)))
            } else {
                try derive(production, depth: depth + 1)
            }
            guard let scope = distinct.lastIndex(where: { $0.rule == name }) else { return }
            if distinct[scope].meanings.insert(meaning(of: tokens[start...].joined())).inserted { return }
            tokens.removeSubrange(start...)
        }
        throw GrammarError("found no further text of `\(name)` that is distinct from the others")
    }

    /// What a name or string stands for: its content with the escapes decoded.
    private func meaning(of text: String) -> CedarString {
        guard text.first == "\"", case .literal(.string(let content))? = (try? Expression(cedar: text))?.kind else {
            return CedarString(text)
        }
        return content
    }

    /// Any of the choices that still fit below a depth; when the text is long enough, one that ends soonest.
    private mutating func choose(
        _ choices: [Grammar.Production], depth: Int
    ) throws(GrammarError) -> Grammar.Production {
        let heights = choices.map { $0.height(grammar.heights) ?? .max }
        let lowest = heights.min() ?? 0
        let limit = tokens.count >= size ? lowest : max(lowest, maximumDepth - depth)
        let fitting = zip(choices, heights).filter { $0.1 <= limit }.map(\.0)
        guard let choice = fitting.randomElement(using: &random) else { throw GrammarError("there is no alternative") }
        return choice
    }

    /// Whether to derive a part that may be left out.
    private mutating func isTaken(_ production: Grammar.Production, depth: Int) -> Bool {
        guard tokens.count < size, (production.height(grammar.heights) ?? .max) <= maximumDepth - depth else { return false }
        return Int.random(in: 0..<5, using: &random) < 2
    }

    // MARK: Tokens

    /// A text whose parts touch.
    private mutating func lexical(_ production: Grammar.Production) throws(GrammarError) -> String {
        switch production {
        case .text(let text):
            return text
        case .distinct:
            return ""
        case .character(let range):
            return String(try character(in: range))
        case .integer(let range):
            let zeros = Int.random(in: 0..<8, using: &random) == 0 ? Int.random(in: 1...30, using: &random) : 0
            return String(repeating: "0", count: zeros) + String(integer(in: range))
        case .rule(let name):
            guard let production = grammar.rules[name] else { throw GrammarError("there is no rule `\(name)`") }
            return try lexical(production)
        case .sequence(let parts):
            var text = ""
            for part in parts { text += try lexical(part) }
            return text
        case .alternatives(let choices):
            guard let choice = choices.randomElement(using: &random) else { throw GrammarError("there is no alternative") }
            return try lexical(choice)
        case .optional(let inner):
            return Bool.random(using: &random) ? try lexical(inner) : ""
        case .repetition(let inner):
            var text = ""
            while Int.random(in: 0..<4, using: &random) != 0 { text += try lexical(inner) }
            return text
        case .times(let count, let inner):
            var text = ""
            for _ in 0..<count { text += try lexical(inner) }
            return text
        case .exception(let left, let right):
            for _ in 0..<100 {
                let text = try lexical(left)
                if try !matches(right, text) { return text }
            }
            throw GrammarError("found no text that is not excepted")
        }
    }

    /// Whether a text is derived from a production that derives finitely many: texts, characters, alternatives of these.
    private func matches(_ production: Grammar.Production, _ text: String) throws(GrammarError) -> Bool {
        switch production {
        case .text(let excepted):
            return CedarString(excepted) == CedarString(text)
        case .character(let range):
            guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return false }
            return range.contains(scalar.value)
        case .rule(let name):
            guard let production = grammar.rules[name] else { throw GrammarError("there is no rule `\(name)`") }
            return try matches(production, text)
        case .alternatives(let choices):
            for choice in choices where try matches(choice, text) { return true }
            return false
        default:
            throw GrammarError("an exception must be made of texts and characters")
        }
    }

    /// Low code points are more frequent, because they are what has a meaning in texts.
    private mutating func character(in range: ClosedRange<UInt32>) throws(GrammarError) -> Unicode.Scalar {
        let distance = UInt32(integer(in: 0...UInt64(range.upperBound - range.lowerBound)))
        guard let scalar = Unicode.Scalar(range.lowerBound + distance) else {
            throw GrammarError("there is no character with the code point \(range.lowerBound + distance)")
        }
        return scalar
    }

    /// A number from the range: its ends now and then, else one with any number of bits.
    private mutating func integer(in range: ClosedRange<UInt64>) -> UInt64 {
        let distance = range.upperBound - range.lowerBound
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return range.lowerBound
        case 1: return range.upperBound
        case 2..<8: return UInt64.random(in: range, using: &random)
        default:
            let narrowed = distance >> UInt64.random(in: 0..<64, using: &random)
            return range.lowerBound + UInt64.random(in: 0...narrowed, using: &random)
        }
    }

    // MARK: White space

    private mutating func joined() throws(GrammarError) -> String {
        // Some texts are dense, some airy, some full of comments.
        let style = Int.random(in: 0..<4, using: &random)
        var text = ""
        for (index, token) in tokens.enumerated() {
            let trivia = try trivia(style)
            if trivia.isEmpty, index > 0, GrammarTextGenerator.wouldMerge(tokens[index - 1], token) { text += " " }
            text += trivia + token
        }
        text += try trivia(style)
        if style == 3, grammar.rules["COMMENT"] != nil {
            let comment = try lexical(.rule("COMMENT"))
            text.unicodeScalars.append(contentsOf: comment.unicodeScalars.dropLast())
        }
        return text
    }

    private mutating func trivia(_ style: Int) throws(GrammarError) -> String {
        switch style {
        case 0: return ""
        case 1: return " "
        default:
            guard grammar.rules["TRIVIA"] != nil, Int.random(in: 0..<3, using: &random) == 0 else { return "" }
            return try lexical(.rule("TRIVIA"))
        }
    }

    /// Whether two tokens read as one when they touch.
    private static func wouldMerge(_ left: String, _ right: String) -> Bool {
        func isWordPart(_ scalar: Unicode.Scalar?) -> Bool {
            guard let scalar, scalar.isASCII else { return false }
            return scalar == "_" || scalar.properties.isAlphabetic || isDigit(scalar)
        }
        func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar?.properties.numericType == .decimal }
        let next = right.unicodeScalars.first
        // A number ends before a letter, a word before neither letter nor digit.
        if isDigit(left.unicodeScalars.first) { return isDigit(next) }
        return isWordPart(left.unicodeScalars.last) && isWordPart(next)
    }
}
