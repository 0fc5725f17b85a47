/// Reads Cedar text straight into the syntax tree: expressions by precedence climbing, all else by recursive descent.
///
/// Faults are collected, not thrown: where the structure is lost the parser abandons the clause or policy it is in and goes
/// on behind it, so that one reading reports everything. A tree that comes with faults is never handed out.
struct Parser {
    let source: SourceText
    private var lexer: Lexer
    /// The token that the parser looks at.
    private(set) var token: Token
    /// Where the last consumed token ends.
    private(set) var previousEnd: UInt32 = 0
    /// Where the last consumed token starts.
    private var previousStart: UInt32 = 0
    /// Where the token starts that was last reported as unexpected.
    private var lastUnexpected: UInt32?

    /// Levels of nesting that are still allowed below the place that is being read.
    var nestingLeft: Int
    let maximumNesting: Int
    /// What is open of the expression that is being read.
    var unfinished = UnfinishedExpressions()

    private var words: RecentTexts<Word>
    /// Names and the contents of strings.
    private var strings: RecentTexts<String>

    init(_ source: SourceText, maximumNesting: Int) {
        self.source = source
        self.maximumNesting = maximumNesting
        self.nestingLeft = maximumNesting
        let size = source.text.utf8.count
        self.words = RecentTexts(textSize: size)
        self.strings = RecentTexts(textSize: size)
        var lexer = Lexer(source, diagnostics: DiagnosticCollector(source: source))
        self.token = lexer.next()
        self.lexer = lexer
    }

    /// Thrown to the next place that can go on, after the fault has been reported.
    struct Abandoned: Error {}

    var diagnostics: DiagnosticCollector {
        get { lexer.diagnostics }
        _modify { yield &lexer.diagnostics }
    }

    // MARK: Tokens

    @inline(never)
    mutating func advance() {
        previousStart = token.start
        previousEnd = token.end
        token = lexer.next()
    }

    /// The token after the current one.
    var following: Token {
        var ahead = lexer
        return ahead.next()
    }

    /// Consumes the current token when it is of a kind.
    mutating func accept(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    /// Consumes a token of a kind, or reports that it is missing and abandons.
    ///
    /// - Parameter context: what the token belongs to, as in "expected `;` after the policy".
    @inline(never)
    mutating func expect(_ kind: Token.Kind, _ context: String, help: String? = nil) throws(Abandoned) {
        guard !accept(kind) else { return }
        reportUnexpected(expected: "\(kind.text) \(context)", help: help)
        throw Abandoned()
    }

    /// The span from a start to the end of the last consumed token.
    func span(from start: UInt32) -> SourceSpan {
        SourceSpan(start..<max(start, previousEnd))
    }

    /// The text of a token.
    func text(_ token: Token) -> String {
        String(decoding: lexer.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
    }

    /// A word with what it means.
    mutating func word(_ token: Token) -> Word {
        words.meaning(Int(token.start)..<Int(token.end), in: lexer.bytes) { Word($0) }
    }

    /// The text of a part of the source, shared with what repeats it.
    private mutating func string(_ range: Range<Int>) -> String {
        strings.meaning(range, in: lexer.bytes) { $0 }
    }

    func spells(_ token: Token, _ word: String) -> Bool {
        guard Int(token.end - token.start) == word.utf8.count else { return false }
        return lexer.bytes[Int(token.start)..<Int(token.end)].elementsEqual(word.utf8)
    }

    /// The current token as a message names it.
    var found: String {
        switch token.kind {
        case .identifier, .number, .slot: "`\(text(token).shortened)`"
        case .string: "the string \(text(token).shortened)"
        default: token.kind.text
        }
    }

    /// Whether a token is `permit` or `forbid`.
    func isEffect(_ token: Token) -> Bool {
        token.kind == .identifier && (spells(token, "permit") || spells(token, "forbid"))
    }

    // MARK: Faults

    @inline(never)
    mutating func report(
        _ message: String, at span: SourceSpan, help: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        // What the lexer has found at this place is the cause.
        guard span.lowerBound != lexer.lastFault else { return }
        diagnostics.report(message, span: span, help: help, notes: notes)
        if diagnostics.isFull { giveUp() }
    }

    /// Skips the rest of the text, when there are more faults than anybody reads.
    private mutating func giveUp() {
        lexer.skipRest()
        token = lexer.next()
    }

    @inline(never)
    mutating func reportUnexpected(expected: String, help: String? = nil) {
        guard !repeatsFault else { return }
        lastUnexpected = token.start
        // Where the text ends is after its last word, not somewhere in the white space behind it.
        let span = token.kind == .end ? SourceSpan(previousEnd..<previousEnd) : token.span
        report("expected \(expected), found \(found)", at: span, help: help ?? helpForForeignToken)
    }

    /// Whether a fault of structure at the current token would only repeat one: that token has been reported as unexpected already, or
    /// between the token before it and itself something was found that is no token.
    var repeatsFault: Bool {
        if lastUnexpected == token.start { return true }
        guard let fault = lexer.lastFault else { return false }
        return fault >= previousStart && fault <= token.start
    }

    /// Help for tokens of other languages.
    private var helpForForeignToken: String? {
        switch token.kind {
        case .identifier: ForeignSpelling.infix(text(token))
        case .question where following.kind == .dot: "test with `has` before the access"
        case .question where following.kind != .question: "Cedar's conditional is `if ... then ... else ...`"
        default: nil
        }
    }

    // MARK: Recovery

    /// Skips to a token of the given kinds that stands outside all brackets opened on the way, or to the end.
    @inline(never)
    mutating func skip(to kinds: Token.Kind...) {
        var open = 0
        while token.kind != .end {
            if open == 0, kinds.contains(token.kind) { return }
            switch token.kind {
            case .leftParenthesis, .leftBrace, .leftBracket: open += 1
            case .rightParenthesis, .rightBrace, .rightBracket: open = max(0, open - 1)
            default: break
            }
            advance()
        }
    }

    // MARK: Nesting

    /// Goes one level deeper; every rule that can contain itself does, so the stack is bounded whatever the text.
    mutating func descend(help: String = Parser.nestingHelp) throws(Abandoned) {
        guard nestingLeft > 0 else {
            reportTooDeep(at: token.span, help: help)
            throw Abandoned()
        }
        nestingLeft -= 1
    }

    mutating func ascend() {
        nestingLeft += 1
    }

    @inline(never)
    mutating func reportTooDeep(at span: SourceSpan, help: String = Parser.nestingHelp) {
        report("this nests deeper than \(maximumNesting) levels", at: span, help: help)
    }

    static let nestingHelp = "split the expression into several policies"

    // MARK: Strings

    /// What stands between the quotes of a string token; nothing for one that has been reported and may lack them.
    private func content(_ token: Token) -> Range<Int> {
        let (start, end) = (Int(token.start) + 1, Int(token.end) - 1)
        guard lexer.lastFault != token.start, start <= end else { return start..<start }
        return start..<end
    }

    /// The content of a string token; bad escapes are reported, each at its place.
    @inline(never)
    mutating func stringContent(_ token: Token) -> CedarString {
        let range = content(token)
        var isPlain = true
        for index in range where lexer.bytes[index] == UInt8(ascii: "\\") || lexer.bytes[index] == UInt8(ascii: "\r") {
            isPlain = false
        }
        if isPlain { return CedarString(string(range)) }
        var scalars = String.UnicodeScalarView()
        let faults = Escapes.decode(lexer.bytes[range], allowStar: false) { element in
            if case .scalar(let scalar) = element { scalars.append(scalar) }
        }
        report(faults, in: token)
        return CedarString(String(scalars))
    }

    /// The content of a string token read as the right side of `like`.
    @inline(never)
    mutating func patternContent(_ token: Token) -> Pattern {
        var elements: [Pattern.Element] = []
        let faults = Escapes.decode(lexer.bytes[content(token)], allowStar: true) { element in
            switch element {
            case .escapedStar: elements.append(.scalar("*"))
            // The reference decides after decoding, so `\u{2a}` is a wildcard too.
            case .scalar("*"): elements.append(.wildcard)
            case .scalar(let scalar): elements.append(.scalar(scalar))
            }
        }
        report(faults, in: token)
        return Pattern(elements)
    }

    private mutating func report(_ faults: [Escapes.Fault], in token: Token) {
        for fault in faults {
            let start = token.start + 1 + UInt32(fault.range.lowerBound)
            let end = token.start + 1 + UInt32(fault.range.upperBound)
            report(fault.message, at: SourceSpan(start..<end), help: fault.help)
        }
    }

    // MARK: Names

    /// A name that starts at the current token, up to but not including a `::` that a string or brace follows.
    ///
    /// Reserved words are reported as what they are.
    ///
    /// - Parameter first: a word that has been consumed already and is the name's first component.
    @inline(never)
    mutating func name(startingWith first: Token) -> (name: Name, endsInSeparator: Bool) {
        checkComponent(first)
        var end = first.end
        /// The name, where white space within it keeps the source from having it as it is.
        var spaced: String?
        while token.kind == .doubleColon {
            let separator = token
            advance()
            guard token.isWord else { return (name(from: first.start, to: end, spaced), true) }
            checkComponent(token)
            if spaced != nil || separator.start != end || token.start != separator.end {
                spaced = (spaced ?? string(Int(first.start)..<Int(end))) + "::" + text(token)
            }
            end = token.end
            advance()
        }
        return (name(from: first.start, to: end, spaced), false)
    }

    private mutating func name(from start: UInt32, to end: UInt32, _ spaced: String?) -> Name {
        Name(unchecked: spaced ?? string(Int(start)..<Int(end)))
    }

    private mutating func checkComponent(_ token: Token) {
        if token.kind != .identifier {
            report("\(token.kind.text) is a reserved word and cannot be part of a name", at: token.span)
        } else if spells(token, Name.reservedNamespace) {
            report("`\(Name.reservedNamespace)` is reserved for the language itself", at: token.span)
        }
    }

    /// An entity uid or name at the current token, for places where nothing else may stand.
    enum Reference {
        case entity(EntityUID)
        case name(Name)
    }

    /// A name, or an entity uid when a string follows its last `::`.
    @inline(never)
    mutating func reference(startingWith first: Token) throws(Abandoned) -> Reference {
        let start = first.start
        let (name, endsInSeparator) = name(startingWith: first)
        guard endsInSeparator || acceptSingleColon(after: name) else { return .name(name) }
        switch token.kind {
        case .string:
            let id = stringContent(token)
            advance()
            return .entity(EntityUID(type: name, id: id))
        case .leftBrace:
            report(
                "entities are not written with braces", at: SourceSpan(start..<token.end),
                help: "write the id as a string: `\(name.description.shortened)::\"...\"`")
            throw Abandoned()
        default:
            reportUnexpected(expected: "an id string or a name after `::`")
            throw Abandoned()
        }
    }

    /// Consumes a `:` between a name and a string, where `::` should stand; it is reported.
    private mutating func acceptSingleColon(after name: Name) -> Bool {
        guard token.kind == .colon, following.kind == .string else { return false }
        report(
            "expected `::` between the type and the id, found `:`", at: token.span,
            help: "write `\(name.description.shortened)::\"...\"`")
        advance()
        return true
    }
}

extension Name {
    /// How the name may have been meant as an entity: `User::"alice"` for `User::alice`.
    var asEntity: String {
        guard let namespace else { return "\(description.shortened)::\"...\"" }
        return "\(namespace.description.shortened)::\"\(String(basename).shortened)\""
    }
}

extension String {
    /// The text as a message quotes it: long ones are cut, so that a message stays a line whatever the input.
    var shortened: String {
        let scalars = unicodeScalars
        guard let cut = scalars.index(scalars.startIndex, offsetBy: 40, limitedBy: scalars.endIndex), cut < scalars.endIndex
        else { return self }
        return String(self[..<cut]) + "..."
    }
}
