import Foundation

/// A grammar in EBNF (ISO/IEC 14977), such as `Grammar/cedar.ebnf`, whose first comment explains the special sequences.
public struct Grammar: Sendable {
    /// The right side of a rule, or a part of it.
    public indirect enum Production: Hashable, Sendable {
        case text(String)
        /// One character with a code point in the range.
        case character(ClosedRange<UInt32>)
        /// A decimal number with a value in the range.
        case integer(ClosedRange<UInt64>)
        /// Derives nothing: says that in its sequence no two texts of a rule have the same meaning.
        case distinct(String)
        case rule(String)
        case sequence([Production])
        case alternatives([Production])
        case optional(Production)
        case repetition(Production)
        case times(Int, Production)
        case exception(Production, not: Production)
    }

    public let rules: [String: Production]
    /// Levels of rules below each rule in the lowest tree that it derives.
    let heights: [String: Int]

    /// - Throws: ``GrammarError`` when a rule names one that is not there, or derives no finite text.
    init(rules: [String: Production]) throws(GrammarError) {
        var heights: [String: Int] = [:]
        var isChanging = true
        while isChanging {
            isChanging = false
            for (name, production) in rules where heights[name] == nil {
                guard let height = production.height(heights) else { continue }
                heights[name] = height + 1
                isChanging = true
            }
        }
        for (name, production) in rules.sorted(by: { $0.key < $1.key }) {
            if let missing = production.references.first(where: { rules[$0] == nil }) {
                throw GrammarError("the rule `\(name)` names `\(missing)`, which is not there")
            }
            guard heights[name] != nil else { throw GrammarError("the rule `\(name)` derives no finite text") }
        }
        self.rules = rules
        self.heights = heights
    }

    /// Reads a grammar from its text.
    public init(parsing text: String) throws(GrammarError) {
        var reader = GrammarReader(text)
        try self.init(rules: reader.rules())
    }

    /// Reads a grammar from a file.
    ///
    /// - Parameter path: The file; where there is none given, Cedar's policy grammar in this checkout.
    public init(path: String? = nil) throws(GrammarError) {
        let path = path ?? Grammar.cedarPath
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw GrammarError("`\(path)` cannot be read as text") }
        try self.init(parsing: text)
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Grammar")

    private static let cedarPath = folder.appending(path: "cedar.ebnf").path

    /// Cedar's schema grammar in this checkout.
    public static func cedarSchema() throws(GrammarError) -> Grammar {
        try Grammar(path: folder.appending(path: "cedarschema.ebnf").path)
    }

    /// Whether a rule describes a token or a part of one, so that its parts touch: its name is in capitals.
    static func isLexical(_ rule: String) -> Bool {
        !rule.utf8.contains { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    }
}

extension Grammar.Production {
    /// Levels of rules in the lowest tree that this derives; `nil` while those of a rule that it needs are not known.
    func height(_ heights: [String: Int]) -> Int? {
        switch self {
        case .text, .character, .integer, .distinct, .optional, .repetition: 0
        case .rule(let name): heights[name]
        case .times(_, let inner): inner.height(heights)
        case .exception(let left, _): left.height(heights)
        case .alternatives(let choices): choices.compactMap { $0.height(heights) }.min()
        case .sequence(let parts):
            parts.reduce(0) { sum, part in
                guard let sum, let height = part.height(heights) else { return nil }
                return max(sum, height)
            }
        }
    }

    /// The names of the rules that occur in this.
    var references: [String] {
        switch self {
        case .text, .character, .integer: []
        case .rule(let name), .distinct(let name): [name]
        case .sequence(let parts), .alternatives(let parts): parts.flatMap(\.references)
        case .optional(let inner), .repetition(let inner), .times(_, let inner): inner.references
        case .exception(let left, let right): left.references + right.references
        }
    }
}
