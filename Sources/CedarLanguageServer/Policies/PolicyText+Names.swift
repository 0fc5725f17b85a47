import LynxCedar

extension PolicyText {
    /// An entity type or an entity, where a policy names it.
    struct NameOccurrence {
        let type: Name
        /// The last component of the type's name.
        let typeSpan: SourceSpan
        /// `nil` for a type alone.
        let entity: EntityUID?
        /// The id with its quotes.
        let idSpan: SourceSpan?
        let span: SourceSpan

        /// What a schema declares by that name, and where the name of it stands.
        var symbol: (SchemaIndex.Symbol, SourceSpan) {
            if let entity, entity.isAction, let idSpan { return (.action(entity), idSpan) }
            return (.entityType(type), typeSpan)
        }
    }

    /// All names of entities and entity types, in the order of the text.
    var names: [NameOccurrence] {
        var names: [NameOccurrence] = []
        var index = 0
        while index < tokens.count {
            guard tokens[index].kind == .identifier, ![.dot, .at].contains(kind(index - 1)) else {
                index += 1
                continue
            }
            let end = endOfPath(from: index)
            if let name = name(index...end) { names.append(name) }
            index = end + 1
        }
        return names
    }

    /// The last component of a path that starts at an identifier.
    private func endOfPath(from start: Int) -> Int {
        var end = start
        while kind(end + 1) == .doubleColon, kind(end + 2) == .identifier { end += 2 }
        return end
    }

    private func name(_ path: ClosedRange<Int>) -> NameOccurrence? {
        let components = stride(from: path.lowerBound, through: path.upperBound, by: 2).map { text($0) }
        let typeSpan = tokens[path.upperBound].span
        if kind(path.upperBound + 1) == .doubleColon, kind(path.upperBound + 2) == .string {
            guard let type = Name(components.joined(separator: "::")), let id = source.content(of: tokens[path.upperBound + 2])
            else { return nil }
            return NameOccurrence(
                type: type, typeSpan: typeSpan, entity: EntityUID(type: type, id: id),
                idSpan: tokens[path.upperBound + 2].span, span: span(path.lowerBound...path.upperBound + 2))
        }
        guard kind(path.lowerBound - 1) == .is, let type = Name(components.joined(separator: "::")) else { return nil }
        return NameOccurrence(type: type, typeSpan: typeSpan, entity: nil, idSpan: nil, span: span(path))
    }

    /// The name that a place lies in.
    func name(at offset: Int) -> NameOccurrence? {
        names.first { Int($0.span.lowerBound) <= offset && offset <= Int($0.span.upperBound) }
    }

    /// Where an operand starts that ends with a token: a variable, literal or call with all that is taken from it.
    func operandStart(endingAt end: Int) -> Int? {
        var index = end
        while let kind = kind(index) {
            switch kind {
            case .string where self.kind(index - 1) == .doubleColon: index -= 2
            case .string, .number, .slot: return index
            case .rightParenthesis:
                guard let open = opening(of: index) else { return nil }
                // Without a name before it, no call but an expression in parentheses.
                guard self.kind(open - 1) == .identifier else { return open }
                index = open - 1
            case .rightBracket:
                guard let open = opening(of: index) else { return nil }
                switch self.kind(open - 1) {
                case .identifier, .string, .rightParenthesis, .rightBracket, .rightBrace: index = open - 1
                default: return open
                }
            case .rightBrace: return opening(of: index)
            case _ where tokens[index].isWord:
                guard self.kind(index - 1) == .dot || self.kind(index - 1) == .doubleColon else { return index }
                index -= 2
            default: return nil
            }
        }
        return nil
    }

    /// The token that opens what another closes.
    private func opening(of close: Int) -> Int? {
        var depth = 0
        for index in stride(from: close, through: 0, by: -1) {
            switch tokens[index].kind {
            case .rightParenthesis, .rightBracket, .rightBrace: depth += 1
            case .leftParenthesis, .leftBracket, .leftBrace:
                depth -= 1
                if depth == 0 { return index }
            case .semicolon: return nil
            default: break
            }
        }
        return nil
    }
}
