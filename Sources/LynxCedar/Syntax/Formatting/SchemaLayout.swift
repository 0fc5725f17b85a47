/// Turns a schema into text: a declaration a paragraph, except that those of one line may follow one another without an empty line, as the
/// author grouped them.
///
/// A record stands on one line where it fits there and its author did not begin a line with its first attribute; otherwise each attribute has
/// a line, with a comma behind it. Comments and annotations stay where they are, and of several empty lines one.
///
/// The text is read token by token, by the grammar that the parser has found it to follow.
struct SchemaLayout {
    private(set) var tokens: CommentedTokens
    private var position = 0
    private var document: LayoutDocument
    private let indentation: Int
    private var output: [UInt8] = []

    init(_ tokens: CommentedTokens, width: Int, indentation: Int) {
        self.tokens = tokens
        self.document = LayoutDocument(width: width, collapsesBreaks: true)
        self.indentation = indentation
    }

    /// The text of the whole schema.
    mutating func schema() -> [UInt8] {
        output.reserveCapacity(tokens.bytes.count)
        items(margin: 0, inNamespace: false)
        comments(tokens.closing, margin: 0, isFirst: output.isEmpty)
        return output
    }

    // MARK: Lines

    /// Everything up to the end of the text or of the namespace.
    private mutating func items(margin: Int, inNamespace: Bool) {
        var isFirst = true
        var followsParagraph = false
        while let kind, kind != .rightBrace || !inNamespace {
            let start = position
            let leading = tokens.takeLeading(position)
            let isSetApart = hasEmptyLine(before: leading.first?.lowerBound ?? place)
            let hasGap = !leading.isEmpty && hasEmptyLine(before: place)
            document.removeAll()
            let isOpen = isNamespace ? namespaceHead() : declaration()
            // Nothing that parses starts with a token that a declaration does not take.
            if position == start { position += 1 }
            var lines: [UInt8] = []
            document.render(tokens.bytes, margin: margin, into: &lines)
            let isParagraph = isOpen || lines.contains(UInt8(ascii: "\n"))
            if !isFirst, isSetApart || isParagraph || followsParagraph { output.append(UInt8(ascii: "\n")) }
            comments(leading, margin: margin, isFirst: true)
            if hasGap { output.append(UInt8(ascii: "\n")) }
            line(lines[...], margin: margin)
            if isOpen { namespaceBody(margin: margin) }
            isFirst = false
            followsParagraph = isParagraph
        }
    }

    private mutating func line(_ text: ArraySlice<UInt8>, margin: Int) {
        output += repeatElement(UInt8(ascii: " "), count: margin)
        output += text
        output.append(UInt8(ascii: "\n"))
    }

    /// Comments on lines of their own.
    private mutating func comments(_ comments: [Range<Int>], margin: Int, isFirst: Bool) {
        var isFirst = isFirst
        for comment in comments {
            if !isFirst, hasEmptyLine(before: comment.lowerBound) { output.append(UInt8(ascii: "\n")) }
            isFirst = false
            line(tokens.bytes[comment], margin: margin)
        }
    }

    // MARK: Namespaces

    private var isNamespace: Bool {
        var ahead = position
        while kind(at: ahead) == .at { ahead += kind(at: ahead + 2) == .leftParenthesis ? 5 : 2 }
        return text(at: ahead).elementsEqual("namespace".utf8)
    }

    /// - Returns: whether something stands in the namespace, so that its end is yet to come.
    private mutating func namespaceHead() -> Bool {
        annotations()
        token()
        document.space()
        reference()
        document.space()
        let isOpen =
            kind(at: position + 1) != .rightBrace || tokens.comments(of: position).trailing != nil
            || !tokens.comments(of: position + 1).leading.isEmpty
        token()
        if !isOpen { token() }
        return isOpen
    }

    private mutating func namespaceBody(margin: Int) {
        let start = output.count
        items(margin: margin + indentation, inNamespace: true)
        comments(tokens.takeLeading(position), margin: margin + indentation, isFirst: output.count == start)
        document.removeAll()
        token()
        var end: [UInt8] = []
        document.render(tokens.bytes, margin: margin, into: &end)
        line(end[...], margin: margin)
    }

    // MARK: Declarations

    private mutating func annotations() {
        while kind == .at {
            token()
            token()
            if kind == .leftParenthesis {
                token()
                token()
                token()
            }
            document.hardLine()
        }
    }

    /// `entity`, `action` or `type` with everything up to its semicolon.
    ///
    /// - Returns: `false`: nothing of it is yet to come.
    private mutating func declaration() -> Bool {
        annotations()
        token()
        document.space()
        document.open()
        document.indent(indentation)
        reference()
        while kind == .comma {
            token()
            document.line()
            reference()
        }
        document.outdent(indentation)
        document.close()
        while let kind, kind != .semicolon, kind != .rightBrace {
            let start = position
            clause()
            if position == start { break }
        }
        if kind == .semicolon { token() }
        return false
    }

    /// `in TYPES`, `enum [IDS]`, `tags TYPE`, `appliesTo { ... }`, `= TYPE` or the attributes themselves.
    private mutating func clause() {
        switch kind {
        case .in:
            document.open()
            document.indent(indentation)
            document.line()
            token()
            document.space()
            document.outdent(indentation)
            value()
            document.close()
        case .leftBrace:
            document.space()
            record()
        default:
            document.space()
            token()
            document.space()
            value()
        }
    }

    // MARK: Types and lists

    private mutating func value() {
        switch kind {
        case .leftBrace: record()
        case .leftBracket: list()
        default:
            reference()
            guard kind == .less else { return }
            token()
            value()
            token()
        }
    }

    /// A name, an id, or an id with its type.
    private mutating func reference() {
        token()
        while kind == .doubleColon {
            token()
            token()
        }
    }

    private mutating func list() {
        document.open()
        token()
        document.indent(indentation)
        document.softLine()
        while let kind, kind != .rightBracket {
            reference()
            guard self.kind == .comma else { break }
            token()
            document.line()
        }
        append(leading: tokens.takeLeading(position))
        document.outdent(indentation)
        document.softLine()
        token()
        document.close()
    }

    /// Attributes between braces, or the parts of `appliesTo`.
    private mutating func record() {
        document.open()
        let isBroken = hasLineBreak(before: leadingPlace(at: position + 1))
        token()
        guard kind != .rightBrace || !tokens.comments(of: position).leading.isEmpty else {
            token()
            return document.close()
        }
        document.indent(indentation)
        if isBroken { document.hardLine() } else { document.line() }
        var isFirst = true
        while let kind, kind != .rightBrace {
            let start = position
            attribute(isFirst: isFirst)
            isFirst = false
            guard self.kind == .comma, position > start else { break }
            if self.kind(at: position + 1) == .rightBrace { break }
            token()
            document.line()
        }
        if !isFirst { trailingComma() }
        append(leading: tokens.takeLeading(position), keepsEmptyLines: !isFirst)
        document.outdent(indentation)
        document.line()
        token()
        document.close()
    }

    /// The comma behind the last attribute, whether there was one or not.
    private mutating func trailingComma() {
        guard kind == .comma else { return document.commaIfBroken() }
        let comments = tokens.take(position)
        position += 1
        append(leading: comments.leading)
        document.commaIfBroken()
        append(trailing: comments.trailing)
    }

    private mutating func attribute(isFirst: Bool) {
        append(leading: tokens.takeLeading(position), keepsEmptyLines: !isFirst, isLine: true)
        annotations()
        token()
        if kind == .question { token() }
        token()
        document.space()
        value()
    }

    // MARK: Tokens

    /// `nil` at the end.
    private var kind: Token.Kind? { kind(at: position) }

    private func kind(at index: Int) -> Token.Kind? {
        tokens.tokens.indices.contains(index) ? tokens.tokens[index].kind : nil
    }

    private func text(at index: Int) -> ArraySlice<UInt8> {
        guard tokens.tokens.indices.contains(index) else { return [] }
        return tokens.bytes[Int(tokens.tokens[index].start)..<Int(tokens.tokens[index].end)]
    }

    /// Where the current token starts.
    private var place: Int { kind == nil ? tokens.bytes.count : Int(tokens.tokens[position].start) }

    /// Where a token starts, or the first comment on a line before it.
    private func leadingPlace(at index: Int) -> Int {
        guard tokens.tokens.indices.contains(index) else { return tokens.bytes.count }
        return tokens.comments(of: index).leading.first?.lowerBound ?? Int(tokens.tokens[index].start)
    }

    /// Writes the current token with its comments and goes on to the next.
    private mutating func token() {
        guard kind != nil else { return }
        let comments = tokens.take(position)
        append(leading: comments.leading)
        document.text(Int(tokens.tokens[position].start)..<Int(tokens.tokens[position].end), of: tokens.bytes)
        append(trailing: comments.trailing)
        position += 1
    }

    /// - Parameters:
    ///   - keepsEmptyLines: whether an empty line before the comments stays.
    ///   - isLine: whether a line starts here, so that empty lines mean something also where there is no comment.
    private mutating func append(leading comments: [Range<Int>], keepsEmptyLines: Bool = false, isLine: Bool = false) {
        var keepsEmptyLines = keepsEmptyLines
        for comment in comments {
            if keepsEmptyLines, hasEmptyLine(before: comment.lowerBound) { document.emptyLine() } else { document.hardLine() }
            document.comment(comment, of: tokens.bytes)
            keepsEmptyLines = true
        }
        if isLine, keepsEmptyLines, hasEmptyLine(before: place) { document.emptyLine() }
    }

    private mutating func append(trailing comment: Range<Int>?) {
        guard let comment else { return }
        document.space()
        document.comment(comment, of: tokens.bytes)
    }

    // MARK: Breaks in the source

    /// The breaks in the white space before a place.
    private func lineBreaks(before place: Int) -> Int {
        var count = 0
        var index = place
        while index > 0, tokens.bytes[index - 1] == UInt8(ascii: " ") || (0x09...0x0D).contains(tokens.bytes[index - 1]) {
            index -= 1
            if tokens.bytes[index] == UInt8(ascii: "\n") { count += 1 }
        }
        return count
    }

    private func hasLineBreak(before place: Int) -> Bool { lineBreaks(before: place) > 0 }

    private func hasEmptyLine(before place: Int) -> Bool { lineBreaks(before: place) > 1 }
}
