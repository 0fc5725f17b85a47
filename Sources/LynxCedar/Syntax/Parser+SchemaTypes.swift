/// Types in schemas, and the names that stand for them.
extension Parser {
    /// A name, `Set<...>` or a record.
    mutating func typeExpression() throws(Abandoned) -> TypeExpression {
        try descend(help: "give an inner type a name with `type`")
        defer { ascend() }
        if token.kind == .leftBrace { return try recordType() }
        let start = token.start
        let name = try typeName(what: "a type")
        guard token.kind == .less else { return TypeExpression(kind: .name(name.name, .any), span: name.span) }
        guard name.name.description == "Set" else {
            report(
                "only `Set` takes a type in angle brackets", at: name.span ?? token.span,
                help: Spelling.suggestion(for: name.name.description, among: ["Set"]) == nil ? nil : "did you mean `Set`?")
            throw Abandoned()
        }
        advance()
        let element = try typeExpression()
        if token.kind == .comma { try skipFurtherElements() }
        try expect(.greater, "after the type of the elements")
        return TypeExpression(kind: .set(element), span: span(from: start))
    }

    /// `Set<A, B>`, which is reported; where the `>` is merely missing, this leaves it to be reported.
    @inline(never)
    private mutating func skipFurtherElements() throws(Abandoned) {
        let comma = token.span
        var ahead = self
        ahead.advance()
        guard ahead.token.isWord, [.greater, .comma].contains(ahead.following.kind) else { return }
        report("a set has elements of one type", at: comma, help: "write `Set<Type>`")
        while accept(.comma) { _ = try typeExpression() }
    }

    /// `{ name: Type, ... }`, with or without a comma after the last attribute.
    mutating func recordType() throws(Abandoned) -> TypeExpression {
        let start = token.start
        advance()
        var attributes: [AttributeDeclaration] = []
        while token.kind != .rightBrace {
            do throws(Abandoned) {
                attributes.append(try attribute())
                if !accept(.comma), token.kind != .rightBrace { try reportMissingComma() }
            } catch {
                skip(to: .comma, .rightBrace, .semicolon)
                if token.kind == .rightBrace || accept(.comma) { continue }
                guard token.kind == .semicolon, startsAttribute(following), !declaresNext else { throw Abandoned() }
                advance()
            }
        }
        advance()
        return TypeExpression(kind: .record(attributes), span: span(from: start))
    }

    /// Between two attributes, at something that is no comma. Goes on when another attribute follows.
    private mutating func reportMissingComma() throws(Abandoned) {
        if token.kind == .semicolon, startsAttribute(following), !declaresNext {
            report("attributes are separated by `,`", at: token.span, help: "did you mean `,`?")
            advance()
        } else if startsAttribute(token), following.kind == .colon || following.kind == .question {
            report(
                "expected `,` between the attributes", at: SourceSpan(previousEnd..<previousEnd), help: "did you forget a comma?")
        } else {
            reportUnexpected(
                expected: "`,` or `}` after the attribute",
                help: token.kind == .question ? "the `?` of an optional attribute stands behind its name: `name?: Type`" : nil)
            throw Abandoned()
        }
    }

    private func startsAttribute(_ token: Token) -> Bool { token.isWord || token.kind == .string || token.kind == .at }

    /// Whether a declaration rather than an attribute follows a `;`, as where a record is not closed.
    private var declaresNext: Bool {
        let next = following
        return next.isWord && ["entity", "action", "type", "namespace"].contains(text(next))
    }

    private mutating func attribute() throws(Abandoned) -> AttributeDeclaration {
        let start = token.start
        let annotations = annotations()
        let nameSpan = token.span
        let name: CedarString
        if token.kind == .string {
            name = stringContent(token)
        } else if token.isWord {
            name = CedarString(text(token))
            if token.kind != .identifier {
                report("\(token.kind.text) is a reserved word", at: nameSpan, help: "write the name in quotes: `\"\(name)\"`")
            }
        } else {
            reportUnexpected(expected: "the name of an attribute")
            throw Abandoned()
        }
        advance()
        let isOptional = accept(.question)
        try expect(.colon, "after the name of the attribute", help: token.kind == .assign ? "did you mean `:`?" : nil)
        let type = try typeExpression()
        return AttributeDeclaration(
            name: name, isRequired: !isOptional, type: type, annotations: annotations, nameSpan: nameSpan,
            span: span(from: start))
    }

    // MARK: Names

    /// `Type`, or several in brackets.
    mutating func typeNames() throws(Abandoned) -> [TypeName] {
        guard accept(.leftBracket) else { return [try typeName(what: "an entity type")] }
        var names: [TypeName] = []
        while token.kind != .rightBracket || !names.isEmpty {
            if token.kind == .rightBracket {
                reportUnexpected(expected: "an entity type", help: "remove the comma before `]`")
                throw Abandoned()
            }
            names.append(try typeName(what: "an entity type"))
            guard accept(.comma) else { break }
        }
        try expect(.rightBracket, "or `,` after the entity type")
        return names
    }

    /// The name of a type, of which nothing is known yet.
    ///
    /// - Parameter what: what to say is expected where there is no name.
    mutating func typeName(what: String) throws(Abandoned) -> TypeName {
        guard token.isWord else {
            let help: String? =
                switch token.kind {
                case .string: "types are written without quotes"
                case .leftBracket: "a set is written `Set<Type>`"
                case .leftBrace: "several types stand in brackets: `[A, B]`"
                default: nil
                }
            reportUnexpected(expected: what, help: help)
            throw Abandoned()
        }
        return try path()
    }

    /// A name at the current token, which is a word. Unlike names in policies it may contain `__cedar`.
    ///
    /// - Parameter allowsID: whether a string may follow the last `::`; it is then left to be read.
    mutating func path(allowsID: Bool = false) throws(Abandoned) -> TypeName {
        let start = token.start
        var name = ""
        while true {
            if token.kind != .identifier {
                report("\(token.kind.text) is a reserved word and cannot be part of a name", at: token.span)
            }
            name += text(token)
            advance()
            let end = previousEnd
            guard accept(.doubleColon) else { break }
            if allowsID, token.kind == .string {
                return TypeName(name: Name(unchecked: name), span: SourceSpan(start..<end))
            }
            guard token.isWord else {
                reportUnexpected(expected: "a name after `::`")
                throw Abandoned()
            }
            name += "::"
        }
        return TypeName(name: Name(unchecked: name), span: span(from: start))
    }
}
