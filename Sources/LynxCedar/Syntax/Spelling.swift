/// Finds what an author may have meant by a misspelled word.
enum Spelling {
    /// The closest of the candidates, if one is close: at most a third of its letters differ, and not all.
    ///
    /// `O(candidates * length^2)`; words beyond 64 bytes are not compared.
    static func suggestion(for word: some StringProtocol, among candidates: some Sequence<String>) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= 64 {
            let distance = distance(Array(word.lowercased().utf8), Array(candidate.lowercased().utf8))
            if distance <= max(1, candidate.utf8.count / 3), distance < candidate.utf8.count, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// Number of insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    private static func distance(_ lhs: [UInt8], _ rhs: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...rhs.count)
        for i in lhs.indices {
            var current = [i + 1]
            for j in rhs.indices {
                var cost = min(previous[j] + (lhs[i] == rhs[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, lhs[i] == rhs[j - 1], lhs[i - 1] == rhs[j] {
                    cost = min(cost, beforePrevious[j - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[rhs.count]
    }
}
