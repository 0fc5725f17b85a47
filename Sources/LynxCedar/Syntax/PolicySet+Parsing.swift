extension PolicySet {
    /// Reads policies and templates in Cedar syntax; their ids are `policy0`, `policy1` and so on, in the order of the text.
    ///
    /// - Parameters:
    ///   - text: any number of policies, also none.
    ///   - name: what diagnostics call the text.
    ///   - maximumNesting: levels of nesting that are accepted.
    /// - Throws: ``ParseError`` with every fault of the text.
    /// - Complexity: linear in the size of the text.
    public init(
        cedar text: String, name: String = "<input>", maximumNesting: Int = NestingLimit.standard
    ) throws(ParseError) {
        try self.init(cedar: SourceText(text, name: name), maximumNesting: maximumNesting)
    }

    /// Reads policies and templates in Cedar syntax; see ``init(cedar:name:maximumNesting:)``.
    public init(cedar source: SourceText, maximumNesting: Int = NestingLimit.standard) throws(ParseError) {
        self.init()
        var parser = try Parser(checked: source, maximumNesting: maximumNesting)
        parser.forEachPolicy { item in
            switch item {
            case .policy(let policy): append(distinct: policy)
            case .template(let template): append(distinct: template)
            }
        }
        try parser.diagnostics.finish()
    }
}

extension Policy {
    /// Reads one policy in Cedar syntax.
    ///
    /// - Throws: ``ParseError`` with every fault of the text; a template or a second policy is a fault.
    public init(
        cedar text: String, id: PolicyID = "policy0", maximumNesting: Int = NestingLimit.standard
    ) throws(ParseError) {
        let source = SourceText(text)
        switch try Parser.single(source, id: id, maximumNesting: maximumNesting) {
        case .policy(let policy): self = policy
        case .template(let template):
            throw ParseError(
                Diagnostic(
                    "expected a policy, found a template with the slot \(template.slots[0])", span: template.span,
                    help: "read it as a Template and link it", source: source))
        }
    }
}

extension Template {
    /// Reads one template in Cedar syntax; a policy without slots is taken as a template without slots.
    ///
    /// - Throws: ``ParseError`` with every fault of the text; a second policy is a fault.
    public init(
        cedar text: String, id: PolicyID = "policy0", maximumNesting: Int = NestingLimit.standard
    ) throws(ParseError) {
        switch try Parser.single(SourceText(text), id: id, maximumNesting: maximumNesting) {
        case .template(let template): self = template
        case .policy(let policy): self.init(policy)
        }
    }
}

extension Expression {
    /// Reads one expression in Cedar syntax.
    ///
    /// - Throws: ``ParseError`` with every fault of the text.
    public init(cedar text: String, maximumNesting: Int = NestingLimit.standard) throws(ParseError) {
        try self.init(cedar: SourceText(text), maximumNesting: maximumNesting)
    }

    /// Reads one expression in Cedar syntax; see ``init(cedar:maximumNesting:)``.
    public init(cedar source: SourceText, maximumNesting: Int = NestingLimit.standard) throws(ParseError) {
        var parser = try Parser(checked: source, maximumNesting: maximumNesting)
        let expression = parser.whole { (parser) throws(Parser.Abandoned) in try parser.expression() }
        try parser.diagnostics.finish()
        guard let expression else { throw ParseError(Diagnostic("expected an expression", source: source)) }
        self = expression
    }
}

extension EntityUID {
    /// Reads a uid in Cedar syntax, such as `PhotoApp::User::"alice"`.
    ///
    /// - Throws: ``ParseError`` when the text is anything else.
    public init(cedar text: String) throws(ParseError) {
        try self.init(cedar: SourceText(text))
    }

    /// Reads a uid in Cedar syntax; see ``init(cedar:)``.
    public init(cedar source: SourceText) throws(ParseError) {
        var parser = try Parser(checked: source, maximumNesting: NestingLimit.standard)
        let uid = parser.whole { (parser) throws(Parser.Abandoned) in try parser.entity() }
        try parser.diagnostics.finish()
        guard let uid else { throw ParseError(Diagnostic("expected an entity", source: source)) }
        self = uid
    }
}

extension Parser {
    /// A parser for a text that spans can point into.
    init(checked source: SourceText, maximumNesting: Int) throws(ParseError) {
        guard source.text.utf8.count <= SourceText.maximumSize else {
            throw ParseError(
                Diagnostic("`\(source.name)` is larger than \(SourceText.maximumSize) bytes", source: source))
        }
        self.init(source, maximumNesting: maximumNesting)
    }

    /// What `rule` reads, when nothing follows it; `nil` after reporting a fault.
    mutating func whole<Result>(_ rule: (inout Parser) throws(Abandoned) -> Result) -> Result? {
        do throws(Abandoned) {
            let result = try rule(&self)
            if token.kind != .end { reportUnexpected(expected: "the end of the text") }
            return result
        } catch {
            return nil
        }
    }

    static func single(
        _ source: SourceText, id: PolicyID, maximumNesting: Int
    ) throws(ParseError) -> PolicyOrTemplate {
        var parser = try Parser(checked: source, maximumNesting: maximumNesting)
        guard parser.token.kind != .end else {
            throw ParseError(Diagnostic("expected a policy, found an empty text", source: source))
        }
        let policy = parser.policy(id: id)
        if parser.diagnostics.isEmpty, parser.token.kind != .end {
            parser.report("expected one policy, found another after it", at: parser.token.span)
        }
        try parser.diagnostics.finish()
        guard let policy else { throw ParseError(Diagnostic("expected a policy", source: source)) }
        return policy
    }
}
