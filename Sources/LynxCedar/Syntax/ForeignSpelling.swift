/// What authors write who come from other languages, and what Cedar has instead.
///
/// These are no misspellings: `and` is far from `&&` by any count of letters.
enum ForeignSpelling {
    /// Help for a word that stands where a policy should start.
    static func effect(_ word: String) -> String? {
        switch word.lowercased() {
        case "allow", "grant", "accept": "did you mean `permit`?"
        case "deny", "reject", "block": "did you mean `forbid`?"
        default: nil
        }
    }

    /// Help for a word that stands where a value should.
    static func variable(_ word: String) -> String? {
        switch word {
        case "not": "did you mean `!`?"
        case "null", "nil", "undefined", "None": "Cedar has no null; ask with `has` whether an attribute is there"
        default: nil
        }
    }

    /// Help for a word that stands where an operator should.
    static func infix(_ word: String) -> String? {
        switch word {
        case "and", "AND": "did you mean `&&`?"
        case "or", "OR": "did you mean `||`?"
        case "not": "negate the whole: `!(... in ...)`"
        default: nil
        }
    }

    /// Help for a method that Cedar does not have.
    static func method(_ name: String) -> String? {
        switch name {
        case "includes", "has", "exists": "did you mean `contains`?"
        case "startsWith", "hasPrefix": "write `like \"...*\"`"
        case "endsWith", "hasSuffix": "write `like \"*...\"`"
        case "matches", "match": "write `like` with `*` as the wildcard"
        default: nil
        }
    }
}
