/// Schemas: namespaces, and what is declared in them (RFC 24, and RFC 53 for enumerations).
extension Parser {
    /// Everything up to the end of the text.
    mutating func schemaItems() -> [SchemaFragment.Item] {
        var items: [SchemaFragment.Item] = []
        while token.kind != .end, !diagnostics.isFull {
            let start = token.start
            do throws(Abandoned) {
                items.append(try schemaItem())
            } catch {
                skipDeclaration(from: start, inNamespace: false)
            }
        }
        return items
    }

    private mutating func schemaItem() throws(Abandoned) -> SchemaFragment.Item {
        let start = token.start
        let annotations = annotations()
        guard word == "namespace" else {
            return .declaration(try schemaDeclaration(annotations, from: start, keywords: "`namespace`, `entity`, `action` or `type`"))
        }
        return .namespace(try namespace(annotations, from: start))
    }

    private mutating func namespace(
        _ annotations: [Annotation], from start: UInt32
    ) throws(Abandoned) -> NamespaceDeclaration {
        advance()
        var name = TypeName(name: "_", span: nil)
        if token.isWord {
            name = try path()
        } else {
            reportUnexpected(expected: "the name of the namespace")
            guard token.kind == .leftBrace else { throw Abandoned() }
        }
        let opening = token.span
        try expect(.leftBrace, "after the name of the namespace")
        var declarations: [SchemaDeclaration] = []
        while token.kind != .rightBrace, token.kind != .end, !diagnostics.isFull {
            let start = token.start
            do throws(Abandoned) {
                let annotations = self.annotations()
                if word == "namespace" {
                    report(
                        "a namespace cannot stand in another", at: token.span,
                        help: "close `\(name.name)` first; the name of an inner one is written out: `\(name.name)::Inner`")
                    _ = try namespace(annotations, from: start)
                } else {
                    declarations.append(
                        try schemaDeclaration(annotations, from: start, keywords: "`entity`, `action`, `type` or `}`"))
                }
            } catch {
                skipDeclaration(from: start, inNamespace: true)
            }
        }
        if !accept(.rightBrace) {
            report(
                "the namespace `\(name.name)` is not closed", at: SourceSpan(previousEnd..<previousEnd), help: "end it with `}`",
                notes: [Diagnostic.Note("it is opened here", span: opening)])
        }
        if token.kind == .semicolon {
            report("a namespace does not end with `;`", at: token.span, help: "remove the `;`")
            advance()
        }
        return NamespaceDeclaration(
            name: name.name, declarations: declarations, annotations: annotations, nameSpan: name.span,
            span: span(from: start))
    }

    private mutating func schemaDeclaration(
        _ annotations: [Annotation], from start: UInt32, keywords: String
    ) throws(Abandoned) -> SchemaDeclaration {
        switch word {
        case "entity":
            return .entity(try entityDeclaration(annotations, from: start))
        case "action":
            return .action(try actionDeclaration(annotations, from: start))
        case "type":
            return .commonType(try commonTypeDeclaration(annotations, from: start))
        default:
            let suggestion = word.flatMap {
                Spelling.suggestion(for: $0, among: ["entity", "action", "type", "namespace"])
            }
            let help: String? =
                switch (word, token.kind) {
                case ("permit", _), ("forbid", _): "this is a policy, not a schema"
                case (_, .leftBrace) where following.kind == .string: "this looks like a schema in the JSON format"
                default: nil
                }
            let expected = annotations.isEmpty ? keywords : "a declaration after the annotation"
            reportUnexpected(expected: expected, help: suggestion.map { "did you mean `\($0)`?" } ?? help)
            throw Abandoned()
        }
    }

    /// The text of the current token, when it is a word.
    private var word: String? { token.isWord ? text(token) : nil }

    // MARK: Entity types

    private mutating func entityDeclaration(
        _ annotations: [Annotation], from start: UInt32
    ) throws(Abandoned) -> EntityDeclaration {
        advance()
        var names: [DeclaredName] = []
        repeat { names.append(try declaredName("entity type")) } while accept(.comma)
        let kind: EntityDeclaration.Kind
        var help: String?
        if word == "enum" {
            advance()
            kind = .enumeration(try enumerationIDs())
            if token.kind == .leftBrace || token.kind == .in || word == "tags" {
                help = "an enumeration has neither attributes nor tags nor parents"
            }
        } else {
            kind = try standardEntity()
            if token.kind == .comma { help = "several types stand in brackets: `in [A, B]`" }
        }
        try endOfDeclaration(after: "entity type", help: help)
        return EntityDeclaration(names: names, kind: kind, annotations: annotations, span: span(from: start))
    }

    private mutating func standardEntity() throws(Abandoned) -> EntityDeclaration.Kind {
        let memberOf = accept(.in) ? try typeNames() : []
        var attributes: TypeExpression?
        if accept(.assign) {
            guard token.kind == .leftBrace else {
                reportUnexpected(
                    expected: "`{` and the attributes", help: "the attributes of entities are written out: `{ name: Type }`")
                throw Abandoned()
            }
        }
        if token.kind == .leftBrace { attributes = try recordType() }
        var tags: TypeExpression?
        if word == "tags" {
            advance()
            tags = try typeExpression()
            if token.kind == .leftBrace, attributes == nil {
                report("the attributes come before `tags`", at: token.span)
                throw Abandoned()
            }
        }
        return .standard(memberOf: memberOf, attributes: attributes, tags: tags)
    }

    private mutating func enumerationIDs() throws(Abandoned) -> [DeclaredID] {
        try expect(.leftBracket, "after `enum`")
        var ids: [DeclaredID] = []
        repeat {
            guard token.kind == .string else {
                let quoted = word.map { "write `\(CedarString($0).excerpt)`" }
                reportUnexpected(
                    expected: "an id in double quotes",
                    help: ids.isEmpty && token.kind == .rightBracket ? "an enumeration has at least one id" : quoted ?? trailingCommaHelp)
                throw Abandoned()
            }
            ids.append(DeclaredID(id: stringContent(token), span: token.span))
            advance()
        } while accept(.comma)
        try expect(.rightBracket, "after the ids")
        return ids
    }

    /// What to say where a list goes on after its last comma with nothing.
    private var trailingCommaHelp: String? {
        token.kind == .rightBracket ? "remove the comma before `]`" : nil
    }

    // MARK: Actions

    private mutating func actionDeclaration(
        _ annotations: [Annotation], from start: UInt32
    ) throws(Abandoned) -> ActionDeclaration {
        advance()
        var ids: [DeclaredID] = []
        repeat { ids.append(try actionID()) } while accept(.comma)
        let memberOf = accept(.in) ? try actionNames() : nil
        var appliesTo: ActionDeclaration.AppliesTo?
        if word == "appliesTo" {
            appliesTo = try self.appliesTo(ids)
        } else if word != "attributes", let misspelled = word, Spelling.suggestion(for: misspelled, among: ["appliesTo"]) != nil {
            report("expected `appliesTo` or `;`, found `\(misspelled.shortened)`", at: token.span, help: "did you mean `appliesTo`?")
            throw Abandoned()
        }
        if word == "attributes" { try emptyAttributes() }
        try endOfDeclaration(after: "action", help: token.kind == .comma ? "several actions stand in brackets: `in [a, b]`" : nil)
        return ActionDeclaration(
            ids: ids, memberOf: memberOf, appliesTo: appliesTo, annotations: annotations, span: span(from: start))
    }

    private mutating func actionID() throws(Abandoned) -> DeclaredID {
        let name = token
        switch name.kind {
        case .string:
            let id = stringContent(name)
            advance()
            return DeclaredID(id: id, span: name.span)
        case _ where name.isWord:
            if name.kind != .identifier {
                report(
                    "\(name.kind.text) is a reserved word", at: name.span, help: "write the action's id in quotes: `\"\(text(name))\"`")
            }
            advance()
            return DeclaredID(id: CedarString(text(name)), span: name.span)
        default:
            reportUnexpected(expected: "the name of an action")
            throw Abandoned()
        }
    }

    /// `attributes {}`, which says nothing: actions have no attributes.
    private mutating func emptyAttributes() throws(Abandoned) {
        advance()
        try expect(.leftBrace, "after `attributes`")
        guard token.kind == .rightBrace else {
            report("actions have no attributes", at: token.span, help: "leave the braces empty, or leave `attributes {}` out")
            throw Abandoned()
        }
        advance()
    }

    private mutating func actionNames() throws(Abandoned) -> [ActionName] {
        guard accept(.leftBracket) else { return [try actionName()] }
        var names: [ActionName] = []
        repeat {
            if token.kind == .rightBracket {
                reportUnexpected(
                    expected: "an action", help: names.isEmpty ? "leave `in []` out" : trailingCommaHelp)
                throw Abandoned()
            }
            names.append(try actionName())
        } while accept(.comma)
        try expect(.rightBracket, "after the actions")
        return names
    }

    /// `view`, `"view"` or `PhotoApp::Action::"view"`
    private mutating func actionName() throws(Abandoned) -> ActionName {
        let first = token
        guard first.isWord, following.kind == .doubleColon else {
            let id = try actionID()
            return ActionName(type: nil, id: id.id, span: id.span, idSpan: id.span)
        }
        let start = first.start
        let type = try path(allowsID: true)
        guard token.kind == .string else {
            report(
                "expected an action, found the name `\(type.name.description.shortened)`", at: type.span ?? first.span,
                help: "an action in another namespace is written `\(type.name.namespace?.description ?? "Namespace")::Action::\"id\"`")
            throw Abandoned()
        }
        let id = stringContent(token)
        let idSpan = token.span
        advance()
        return ActionName(type: type, id: id, span: span(from: start), idSpan: idSpan)
    }

    /// One of the parts of `appliesTo`, and where its name stands.
    private struct AppliesToParts {
        var principals: (types: [TypeName], span: SourceSpan)?
        var resources: (types: [TypeName], span: SourceSpan)?
        var context: (type: TypeExpression, span: SourceSpan)?
    }

    private mutating func appliesTo(_ ids: [DeclaredID]) throws(Abandoned) -> ActionDeclaration.AppliesTo? {
        let start = token.span
        advance()
        try expect(.leftBrace, "after `appliesTo`")
        var parts = AppliesToParts()
        while token.kind != .rightBrace {
            try appliesToPart(&parts)
            if accept(.comma) { continue }
            guard isAppliesToPart else { break }
            report(
                "expected `,` between the parts of `appliesTo`", at: SourceSpan(previousEnd..<previousEnd),
                help: "did you forget a comma?")
        }
        try expect(.rightBrace, "or `,` in `appliesTo`")
        for (name, isMissing) in [("principal", parts.principals == nil), ("resource", parts.resources == nil)] where isMissing {
            report(
                "`appliesTo` gives no `\(name)`", at: start,
                help: "add `\(name): [Type]`, or leave `appliesTo` out if \(ids.count == 1 ? "the action" : "each of the actions") is only a group")
        }
        guard let principals = parts.principals, let resources = parts.resources else { return nil }
        return ActionDeclaration.AppliesTo(
            principals: principals.types, resources: resources.types, context: parts.context?.type)
    }

    private static let appliesToParts = ["principal", "resource", "context"]

    /// Whether the current token reads like the name of a part of `appliesTo`.
    private var isAppliesToPart: Bool {
        following.kind == .colon && word.map(Parser.appliesToParts.contains) == true
    }

    private mutating func appliesToPart(_ parts: inout AppliesToParts) throws(Abandoned) {
        let name = token.span
        guard let word, Parser.appliesToParts.contains(word) else {
            let suggestion = self.word.flatMap { Spelling.suggestion(for: $0, among: Parser.appliesToParts) }
            let isType = token.isWord && following.kind != .colon && (parts.principals != nil || parts.resources != nil)
            reportUnexpected(
                expected: "`principal`, `resource` or `context`",
                help: suggestion.map { "did you mean `\($0)`?" } ?? (isType ? "several types stand in brackets: `[A, B]`" : nil))
            throw Abandoned()
        }
        advance()
        try expect(.colon, "after `\(word)`")
        switch word {
        case "principal":
            let types = try nonEmptyTypeNames(for: word)
            reportDuplicate(word, at: name, first: parts.principals?.span)
            parts.principals = (types, name)
        case "resource":
            let types = try nonEmptyTypeNames(for: word)
            reportDuplicate(word, at: name, first: parts.resources?.span)
            parts.resources = (types, name)
        default:
            let type = try contextType()
            reportDuplicate(word, at: name, first: parts.context?.span)
            parts.context = (type, name)
        }
    }

    private mutating func reportDuplicate(_ name: String, at span: SourceSpan, first: SourceSpan?) {
        guard let first else { return }
        report(
            "`appliesTo` gives `\(name)` twice", at: span, help: name == "context" ? nil : "put all types into one list",
            notes: [Diagnostic.Note("first given here", span: first)])
    }

    private mutating func nonEmptyTypeNames(for variable: String) throws(Abandoned) -> [TypeName] {
        let start = token.start
        let types = try typeNames()
        if types.isEmpty {
            report(
                "there is no type of \(variable) in the list", at: span(from: start),
                help: "leave `appliesTo` out if the action is only a group")
        }
        return types
    }

    /// The context: a record, or the name of a common type that is one.
    private mutating func contextType() throws(Abandoned) -> TypeExpression {
        if token.kind == .leftBrace { return try recordType() }
        let name = try typeName(what: "`{` or the name of a common type for the context")
        if token.kind == .less {
            report("the context must be a record", at: span(from: name.span?.lowerBound ?? token.start), help: "write `context: { name: Type }`")
            throw Abandoned()
        }
        return TypeExpression(kind: .name(name.name, .common), span: name.span)
    }

    // MARK: Common types

    private mutating func commonTypeDeclaration(
        _ annotations: [Annotation], from start: UInt32
    ) throws(Abandoned) -> CommonTypeDeclaration {
        advance()
        let name = try declaredName("common type")
        try expect(
            .assign, "after the name of the common type", help: token.kind == .colon ? "did you mean `=`?" : nil)
        let type = try typeExpression()
        try endOfDeclaration(after: "common type")
        return CommonTypeDeclaration(name: name, type: type, annotations: annotations, span: span(from: start))
    }

    // MARK: Structure

    /// A name being declared: one identifier.
    private mutating func declaredName(_ what: String) throws(Abandoned) -> DeclaredName {
        let name = token
        guard name.isWord else {
            reportUnexpected(
                expected: "the name of the \(what)", help: token.kind == .string ? "names of types are written without quotes" : nil)
            throw Abandoned()
        }
        if name.kind != .identifier {
            report("\(name.kind.text) is a reserved word and cannot name a type", at: name.span)
        }
        advance()
        if token.kind == .doubleColon {
            report(
                "a declared name has no namespace in it", at: token.span,
                help: "put the declaration into `namespace \(text(name)) { ... }`")
            throw Abandoned()
        }
        return DeclaredName(name: text(name), span: name.span)
    }

    /// - Parameter help: what to say at a token that cannot stand there.
    private mutating func endOfDeclaration(after what: String, help: String? = nil) throws(Abandoned) {
        guard !accept(.semicolon) else { return }
        let end = SourceSpan(previousEnd..<previousEnd)
        guard token.kind == .end || token.kind == .at || token.kind == .rightBrace || startsDeclaration else {
            reportUnexpected(expected: "`;` after the \(what)", help: help)
            throw Abandoned()
        }
        report("expected `;` after the \(what)", at: end, help: "every declaration ends with `;`")
    }

    /// Whether the current token reads like the start of a declaration; all its words are identifiers elsewhere.
    private var startsDeclaration: Bool {
        guard let word else { return false }
        switch word {
        case "entity", "type", "namespace": return following.isWord
        case "action": return following.isWord || following.kind == .string
        default: return false
        }
    }

    /// Goes on behind the `;` of a declaration that was abandoned, or before what looks like the next one or like the end of
    /// the namespace.
    private mutating func skipDeclaration(from start: UInt32, inNamespace: Bool) {
        if token.start == start {
            if token.kind == .rightBrace, inNamespace { return }
            advance()
        }
        var open = 0
        while token.kind != .end {
            switch token.kind {
            // No declaration has one within it.
            case .semicolon:
                advance()
                return
            case .leftBrace: open += 1
            case .rightBrace where open > 0: open -= 1
            case .rightBrace where inNamespace && following.kind != .semicolon: return
            default: if startsDeclaration { return }
            }
            advance()
        }
    }
}
