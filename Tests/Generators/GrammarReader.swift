/// Reads EBNF by recursive descent, without regard for speed: grammars are ours and small.
struct GrammarReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// All rules of the text.
    mutating func rules() throws(GrammarError) -> [String: Grammar.Production] {
        var rules: [String: Grammar.Production] = [:]
        try skipTrivia()
        while position < scalars.count {
            guard let name = name() else { throw fault("expected the name of a rule") }
            try expect("=")
            let production = try alternatives()
            try expect(";")
            guard rules.updateValue(production, forKey: name) == nil else { throw fault("there are two rules `\(name)`") }
        }
        return rules
    }

    // MARK: Productions

    private mutating func alternatives() throws(GrammarError) -> Grammar.Production {
        var choices = [try sequence()]
        while try accept("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws(GrammarError) -> Grammar.Production {
        var parts = [try exception()]
        while try accept(",") { parts.append(try exception()) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func exception() throws(GrammarError) -> Grammar.Production {
        let left = try factor()
        return try accept("-") ? .exception(left, not: factor()) : left
    }

    private mutating func factor() throws(GrammarError) -> Grammar.Production {
        let digits = take { $0.properties.numericType == .decimal }
        guard !digits.isEmpty else { return try primary() }
        guard let count = Int(digits) else { throw fault("expected a number of times") }
        try skipTrivia()
        try expect("*")
        return .times(count, try primary())
    }

    private mutating func primary() throws(GrammarError) -> Grammar.Production {
        guard position < scalars.count else { throw fault("the text ends within a rule") }
        switch scalars[position] {
        case "\"", "'":
            let text = try quoted()
            try skipTrivia()
            return .text(text)
        case "?":
            let special = try quoted()
            try skipTrivia()
            return try production(ofSpecial: special)
        case "(":
            return try bracketed(until: ")")
        case "[":
            return .optional(try bracketed(until: "]"))
        case "{":
            return .repetition(try bracketed(until: "}"))
        default:
            guard let name = name() else { throw fault("expected a name, a text or a bracket") }
            try skipTrivia()
            return .rule(name)
        }
    }

    private mutating func bracketed(until closing: Unicode.Scalar) throws(GrammarError) -> Grammar.Production {
        position += 1
        try skipTrivia()
        let inner = try alternatives()
        try expect(closing)
        return inner
    }

    private func production(ofSpecial text: String) throws(GrammarError) -> Grammar.Production {
        let words = text.split(separator: " ").map(String.init)
        switch words.count {
        case 1:
            if let code = codePoint(words[0]) { return .character(code...code) }
        case 2 where words[0] == "distinct":
            return .distinct(words[1])
        case 3 where words[1] == "to":
            if let low = codePoint(words[0]), let high = codePoint(words[2]), low <= high { return .character(low...high) }
        case 6 where words.prefix(3) == ["an", "integer", "from"] && words[4] == "to":
            if let low = UInt64(words[3]), let high = UInt64(words[5]), low <= high { return .integer(low...high) }
        default:
            break
        }
        throw fault("`? \(text) ?` is no special sequence of ours")
    }

    private func codePoint(_ word: String) -> UInt32? {
        word.hasPrefix("U+") ? UInt32(word.dropFirst(2), radix: 16) : nil
    }

    // MARK: Tokens

    private mutating func name() -> String? {
        let name = take { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_") }
        return name.isEmpty ? nil : name
    }

    private mutating func quoted() throws(GrammarError) -> String {
        let quote = scalars[position]
        position += 1
        let text = take { $0 != quote }
        guard position < scalars.count else { throw fault("a text in quotes does not end") }
        position += 1
        return text
    }

    private mutating func take(while isWanted: (Unicode.Scalar) -> Bool) -> String {
        var taken = String.UnicodeScalarView()
        while position < scalars.count, isWanted(scalars[position]) {
            taken.append(scalars[position])
            position += 1
        }
        return String(taken)
    }

    private mutating func accept(_ scalar: Unicode.Scalar) throws(GrammarError) -> Bool {
        guard position < scalars.count, scalars[position] == scalar else { return false }
        position += 1
        try skipTrivia()
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(GrammarError) {
        try skipTrivia()
        guard try accept(scalar) else { throw fault("expected `\(scalar)`") }
    }

    private mutating func skipTrivia() throws(GrammarError) {
        while position < scalars.count {
            if scalars[position].properties.isWhitespace {
                position += 1
            } else if scalars[position...].starts(with: ["(", "*"]) {
                position += 2
                while !scalars[position...].starts(with: ["*", ")"]) {
                    guard position < scalars.count else { throw fault("a comment does not end") }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    private func fault(_ message: String) -> GrammarError {
        GrammarError("line \(scalars[..<min(position, scalars.count)].count { $0 == "\n" } + 1): \(message)")
    }
}
