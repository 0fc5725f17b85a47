/// The tokens of a text with the comments that stand around each.
///
/// A token has the comment that follows it on its line, and those on the lines between the token before it and itself. The comments
/// on the lines behind the last token belong to none.
struct CommentedTokens {
    let bytes: [UInt8]
    /// All tokens but the one that stands for the end.
    let tokens: [Token]
    /// The comments behind the line of the last token; all comments, where there is no token.
    private(set) var closing: [Range<Int>] = []
    /// For each token the place of its comments in ``entries``, or -1.
    private var places: [Int32]
    private var entries: [Entry] = []

    /// Where the comments of a token stand in the text, without the white space behind them.
    struct Comments {
        var leading: [Range<Int>] = []
        var trailing: Range<Int>?

        var isEmpty: Bool { leading.isEmpty && trailing == nil }
    }

    private struct Entry {
        var comments: Comments
        /// What has not been taken yet.
        var rest: Comments
    }

    /// - Parameter source: a text that parses.
    init(_ source: SourceText) {
        var lexer = Lexer(source, diagnostics: DiagnosticCollector(source: source))
        var tokens: [Token] = []
        while true {
            let token = lexer.next()
            guard token.kind != .end else { break }
            tokens.append(token)
        }
        self.bytes = lexer.bytes
        self.tokens = tokens
        self.places = Array(repeating: -1, count: tokens.count)
        attachComments()
    }

    // MARK: Finding comments

    private mutating func attachComments() {
        guard let first = tokens.first else {
            closing = comments(in: 0..<bytes.count)
            return
        }
        add(Comments(leading: comments(in: 0..<Int(first.start))), to: 0)
        for (index, token) in tokens.enumerated() {
            let end = Int(token.end)
            let next = index + 1 < tokens.count ? Int(tokens[index + 1].start) : bytes.count
            // The other gaps hold white space only.
            guard end < next, bytes[end..<next].contains(UInt8(ascii: "/")) else { continue }
            let line = bytes[end..<next].firstIndex(of: UInt8(ascii: "\n")) ?? next
            add(Comments(trailing: comment(in: end..<line)), to: index)
            let leading = comments(in: line..<next)
            if index + 1 < tokens.count {
                add(Comments(leading: leading), to: index + 1)
            } else {
                closing = leading
            }
        }
    }

    /// The comment in what stands behind a token on its line; two, where a lone carriage return stands between them.
    private func comment(in range: Range<Int>) -> Range<Int>? {
        guard let start = bytes[range].firstIndex(of: UInt8(ascii: "/")) else { return nil }
        return trimmed(start..<range.upperBound)
    }

    /// The comments in a gap between tokens.
    private func comments(in range: Range<Int>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var rest = range
        while let start = bytes[rest].firstIndex(of: UInt8(ascii: "/")) {
            let end = bytes[start..<rest.upperBound].firstIndex(where: \.endsComment) ?? rest.upperBound
            result.append(trimmed(start..<end))
            rest = end..<rest.upperBound
        }
        return result
    }

    /// The range without the white space at its end.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound {
            var start = end - 1
            while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
            let scalars = String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars
            guard let last = scalars.first, last.properties.isWhitespace else { break }
            end = start
        }
        return range.lowerBound..<end
    }

    private mutating func add(_ comments: Comments, to token: Int) {
        guard !comments.isEmpty else { return }
        if places[token] < 0 {
            places[token] = Int32(entries.count)
            entries.append(Entry(comments: comments, rest: comments))
        } else {
            let place = Int(places[token])
            entries[place].comments.leading += comments.leading
            entries[place].comments.trailing = comments.trailing ?? entries[place].comments.trailing
            entries[place].rest = entries[place].comments
        }
    }

    // MARK: Taking comments

    /// The comments of a token that nobody has taken yet.
    mutating func take(_ token: Int) -> Comments {
        guard places.indices.contains(token), places[token] >= 0 else { return Comments() }
        let place = Int(places[token])
        defer { entries[place].rest = Comments() }
        return entries[place].rest
    }

    /// Like ``take(_:)``, but leaves what follows the token on its line.
    mutating func takeLeading(_ token: Int) -> [Range<Int>] {
        guard places.indices.contains(token), places[token] >= 0 else { return [] }
        let place = Int(places[token])
        defer { entries[place].rest.leading = [] }
        return entries[place].rest.leading
    }

    /// The comments of a token, taken or not.
    func comments(of token: Int) -> Comments {
        guard places.indices.contains(token), places[token] >= 0 else { return Comments() }
        return entries[Int(places[token])].comments
    }

    /// Hands comments that were not taken to the token after theirs and gives all back, so that another try can take them.
    ///
    /// - Returns: whether there were any; where not, nothing changes.
    mutating func passOn(in range: Range<Int>) -> Bool {
        var left: [(token: Int, comments: Comments)] = []
        for token in range where places[token] >= 0 && !entries[Int(places[token])].rest.isEmpty {
            left.append((token, entries[Int(places[token])].rest))
        }
        guard !left.isEmpty else { return false }
        for token in range where places[token] >= 0 {
            entries[Int(places[token])].rest = entries[Int(places[token])].comments
        }
        for (token, rest) in left where token + 1 < range.upperBound {
            let place = Int(places[token])
            var passed: [Range<Int>] = []
            if !rest.leading.isEmpty {
                passed = entries[place].comments.leading
                entries[place].comments.leading = []
            }
            if let trailing = rest.trailing {
                passed.append(trailing)
                entries[place].comments.trailing = nil
            }
            entries[place].rest = entries[place].comments
            prepend(passed, to: token + 1)
        }
        return true
    }

    private mutating func prepend(_ comments: [Range<Int>], to token: Int) {
        if places[token] < 0 {
            add(Comments(leading: comments), to: token)
        } else {
            let place = Int(places[token])
            entries[place].comments.leading.insert(contentsOf: comments, at: 0)
            entries[place].rest = entries[place].comments
        }
    }

    /// All comments of the text, without the white space behind them, in a fixed order.
    func allComments() -> [ArraySlice<UInt8>] {
        var ranges: [Range<Int>] = []
        var end = 0
        for token in tokens {
            ranges += comments(in: end..<Int(token.start))
            end = Int(token.end)
        }
        ranges += comments(in: end..<bytes.count)
        return ranges.map { bytes[$0] }.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension UInt8 {
    /// Whether a comment goes no further than this.
    var endsComment: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
