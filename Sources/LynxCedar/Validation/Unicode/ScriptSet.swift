/// A set of scripts that a text could be written in, as UTS 39 (Unicode Security Mechanisms), 5.1 augments it: a set
/// with Han, for one, also has the writing systems Han with Bopomofo, Japanese and Korean.
///
/// Which script has which bit is known to the generated ``UnicodeTables`` alone; sets are only ever intersected.
struct ScriptSet: Equatable, Sendable {
    private var words: (first: UInt64, second: UInt64, third: UInt64)

    init(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
        words = (first, second, third)
    }

    /// The set of the one script with that bit.
    private init(bit: UInt32) {
        // Shifts by more than a word's width, to either side, leave nothing.
        let bit = Int(bit)
        self.init(1 << bit, 1 << (bit - 64), 1 << (bit - 128))
    }

    /// What the script values Common and Inherited stand for: digits, punctuation, marks that go with any script.
    static let everything = ScriptSet(.max, .max, .max)
    /// What an unassigned or private scalar could be written in.
    static let nothing = ScriptSet(0, 0, 0)

    var isEmpty: Bool { self == .nothing }

    static func == (lhs: ScriptSet, rhs: ScriptSet) -> Bool {
        lhs.words == rhs.words
    }

    mutating func formIntersection(_ other: ScriptSet) {
        words.first &= other.words.first
        words.second &= other.words.second
        words.third &= other.words.third
    }
}

extension ScriptSet {
    /// The scripts of the scalar: its Script_Extensions, or where it has none its Script.
    ///
    /// O(log n) in the length of the table.
    init(_ scalar: Unicode.Scalar) {
        let runs = UnicodeTables.scriptRuns
        // The greatest entry that can begin at the scalar.
        let next = runs.firstSortedIndex(above: scalar.value << 11 | 0x7FF)
        // The table begins with scalar 0, so that every scalar lies in a run.
        let number = next > 0 ? runs[next - 1] & 0x7FF : 193
        switch number {
        case ..<192: self.init(bit: number)
        case 192: self = .everything
        case 193: self = .nothing
        default: self = UnicodeTables.scriptSets[Int(number) - 194]
        }
    }
}

extension CedarString {
    /// Whether one script, or one writing system of several scripts such as Japanese, suffices for the whole text:
    /// whether its resolved script set (UTS 39, 5.1) has a member. It has one where the text is empty.
    ///
    /// O(n log m) in the number of scalars and the length of the table.
    var isSingleScript: Bool {
        var resolved = ScriptSet.everything
        for scalar in string.unicodeScalars {
            resolved.formIntersection(ScriptSet(scalar))
            if resolved.isEmpty { return false }
        }
        return true
    }
}
