import LynxCedar

/// A text of a schema as tokens: what it declares, also while it does not parse.
struct SchemaText {
    let text: PolicyText
    private(set) var entityTypes: [Name] = []
    private(set) var commonTypes: [Name] = []
    private(set) var actions: [EntityUID] = []
    /// The namespace that the end of the text lies in.
    private(set) var namespace: Name?
    /// The keyword of the declaration that the end of the text lies in; `nil` between declarations.
    private(set) var declaration: Substring?
    /// What stands before each `{` that is open at the end of the text.
    private(set) var openBraces: [Substring] = []

    /// Linear in the size of the text.
    init(_ source: SourceText) {
        text = PolicyText(source)
        var index = 0
        while index < text.tokens.count { index = read(index) }
    }

    /// Takes what starts at a token.
    ///
    /// - Returns: the token to go on with.
    private mutating func read(_ index: Int) -> Int {
        switch text.tokens[index].kind {
        case .leftBrace:
            openBraces.append(index > 0 ? text.text(index - 1) : "")
            return index + 1
        case .rightBrace:
            if openBraces.popLast() == "namespace" { (namespace, declaration) = (nil, nil) }
            return index + 1
        case .semicolon:
            declaration = nil
            return index + 1
        case .identifier where declaration == nil: return readDeclaration(index)
        default: return index + 1
        }
    }

    private mutating func readDeclaration(_ index: Int) -> Int {
        let keyword = text.text(index)
        switch keyword {
        case "namespace":
            var end = index + 1
            var components: [Substring] = []
            while text.kind(end) == .identifier {
                components.append(text.text(end))
                guard text.kind(end + 1) == .doubleColon else { break }
                end += 2
            }
            namespace = Name(components.joined(separator: "::"))
            guard text.kind(end + 1) == .leftBrace else { return index + 1 }
            openBraces.append("namespace")
            return end + 2
        case "entity", "type", "action":
            guard text.kind(index - 1) != .at else { return index + 1 }
            declaration = keyword
            var name = index + 1
            while text.kind(name) == .identifier || text.kind(name) == .string {
                declare(keyword, name)
                guard text.kind(name + 1) == .comma else { break }
                name += 2
            }
            return index + 1
        default: return index + 1
        }
    }

    private mutating func declare(_ keyword: Substring, _ index: Int) {
        let prefix = namespace.map { "\($0)::" } ?? ""
        switch keyword {
        case "action":
            let id = text.kind(index) == .string ? text.source.content(of: text.tokens[index]) : CedarString(text.text(index))
            if let id, let type = Name(prefix + "Action") { actions.append(EntityUID(type: type, id: id)) }
        case "entity":
            if text.kind(index) == .identifier, let name = Name(prefix + text.text(index)) { entityTypes.append(name) }
        default:
            if text.kind(index) == .identifier, let name = Name(prefix + text.text(index)) { commonTypes.append(name) }
        }
    }
}
