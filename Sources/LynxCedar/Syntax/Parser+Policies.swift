/// Policies and templates (language reference, "Grammar": `Policy`).
extension Parser {
    /// What a policy's text turns out to be.
    enum PolicyOrTemplate {
        case policy(Policy)
        case template(Template)
    }

    /// All policies up to the end of the text. Ids count from `policy0` over policies and templates alike.
    mutating func policies() -> [PolicyOrTemplate] {
        var result: [PolicyOrTemplate] = []
        forEachPolicy { result.append($0) }
        return result
    }

    /// Hands on each policy of ``policies()`` as soon as it is read.
    mutating func forEachPolicy(_ body: (PolicyOrTemplate) -> Void) {
        var count = 0
        while token.kind != .end, !diagnostics.isFull {
            if let policy = policy(id: PolicyID("policy\(count)")) { body(policy) }
            count += 1
        }
    }

    /// One policy; `nil` when it was abandoned, and then the parser stands behind it.
    mutating func policy(id: PolicyID) -> PolicyOrTemplate? {
        let start = token.start
        do throws(Abandoned) {
            let annotations = annotations()
            let effect = try effect()
            let scope = scope()
            let conditions = conditions()
            try endOfPolicy()
            guard let effect, let scope else { return nil }
            let template = Template(
                id: id, effect: effect, annotations: annotations,
                principal: scope.principal, action: scope.action, resource: scope.resource, conditions: conditions,
                source: source, span: span(from: start), scopeSpans: scope.spans)
            if let policy = Policy(withoutSlots: template) { return .policy(policy) }
            return .template(template)
        } catch {
            skipPolicy(from: start)
            return nil
        }
    }

    /// Goes on behind the `;` of a policy that was abandoned, or before what looks like the next one.
    private mutating func skipPolicy(from start: UInt32) {
        if token.start == start { advance() }
        while token.kind != .end {
            if accept(.semicolon) { return }
            if token.kind == .at { return }
            if isEffect { return }
            advance()
        }
    }

    /// Whether the current token is `permit` or `forbid`, so that a policy may start with it.
    var isEffect: Bool {
        isEffect(token)
    }

    private mutating func endOfPolicy() throws(Abandoned) {
        guard !accept(.semicolon) else { return }
        if token.kind == .end || token.kind == .at || isEffect {
            guard !repeatsFault else { return }
            report(
                "expected `;` after the policy", at: SourceSpan(previousEnd..<previousEnd), help: "every policy ends with `;`")
            return
        }
        let help: String? =
            switch token.kind {
            case .and, .or, .comma: "conditions follow one another with nothing between them: `when { ... } when { ... }`"
            case .leftBrace: "a condition is written `when { ... }`"
            default: nil
            }
        reportUnexpected(expected: "`when`, `unless` or `;`", help: help)
        throw Abandoned()
    }

    // MARK: Annotations and effect

    mutating func annotations() -> [Annotation] {
        var annotations: [Annotation] = []
        var places = FirstPlaces<String>()
        while token.kind == .at {
            let start = token.start
            advance()
            guard token.isWord else {
                reportUnexpected(expected: "a name after `@`")
                skip(to: .at, .identifier, .semicolon)
                continue
            }
            let key = word(token).text
            advance()
            var value: CedarString?
            if accept(.leftParenthesis) {
                if token.kind == .string {
                    value = stringContent(token)
                    advance()
                } else {
                    reportUnexpected(expected: "a string as the annotation's value")
                    skip(to: .rightParenthesis, .semicolon)
                }
                if !accept(.rightParenthesis) {
                    reportUnexpected(expected: "`)` after the annotation's value")
                    if !isEffect {
                        skip(to: .rightParenthesis, .at, .semicolon)
                        _ = accept(.rightParenthesis)
                    }
                }
            }
            let span = span(from: start)
            if let place = places.note(key, at: span) {
                report(
                    "the annotation `@\(key.shortened)` stands here twice", at: span,
                    notes: [Diagnostic.Note("first given here", span: place)])
            } else {
                annotations.append(Annotation(key: key, value: value, span: span))
            }
        }
        return annotations
    }

    /// `permit` or `forbid`; `nil` for another word, which has then been reported.
    private mutating func effect() throws(Abandoned) -> Effect? {
        guard token.isWord else {
            reportUnexpected(expected: "`permit` or `forbid`")
            throw Abandoned()
        }
        let (word, effect) = (word(token).text, word(token).effect)
        if effect == nil {
            let suggestion = Spelling.suggestion(for: word, among: ["permit", "forbid"])
            report(
                "expected `permit` or `forbid`, found `\(word.shortened)`", at: token.span,
                help: suggestion.map { "did you mean `\($0)`?" } ?? ForeignSpelling.effect(word))
        }
        advance()
        if effect != nil, token.kind == .at {
            report("annotations stand before `\(word)`", at: token.span, help: "write them in front of the policy")
            _ = annotations()
        }
        guard token.kind == .leftParenthesis else {
            // A second fault at the same place would only repeat the first.
            if effect != nil {
                reportUnexpected(
                    expected: "`(` after `\(word)`", help: "a policy starts with `\(word) (principal, action, resource)`")
            }
            throw Abandoned()
        }
        return effect
    }

    // MARK: Conditions

    private mutating func conditions() -> [Condition] {
        var conditions: [Condition] = []
        while token.isWord {
            let start = token.start
            let meaning = word(token)
            guard meaning.effect == nil else { break }
            let (word, kind) = (meaning.text, meaning.condition)
            if kind == nil {
                let suggestion = Spelling.suggestion(for: word, among: ["when", "unless"])
                report(
                    "expected `when`, `unless` or `;`, found `\(word.shortened)`", at: token.span,
                    help: suggestion.map { "did you mean `\($0)`?" } ?? "a condition is written `when { ... }`")
            }
            advance()
            guard token.kind == .leftBrace else {
                // A second fault at the same place would only repeat the first.
                if kind != nil {
                    reportUnexpected(expected: "`{` after `\(word)`", help: "a condition is written `\(word) { ... }`")
                }
                skip(to: .semicolon)
                break
            }
            if let body = conditionBody(word), let kind {
                conditions.append(Condition(kind, body, span: span(from: start)))
            }
        }
        return conditions
    }

    /// `{ expression }`; `nil` when it was abandoned, and then the parser stands behind the closing brace.
    private mutating func conditionBody(_ word: String) -> Expression? {
        let start = token.start
        advance()
        if token.kind == .rightBrace {
            advance()
            report("the `\(word)` clause is empty", at: span(from: start), help: "leave it out, or write `true`")
            return nil
        }
        do throws(Abandoned) {
            let body = try expression()
            try expect(.rightBrace, "after the condition")
            return body
        } catch {
            skipConditionBody()
            return nil
        }
    }

    /// Skips to behind the closing brace of an abandoned condition. How many brackets are open there is not known for
    /// certain, so a `;` with the end of the text or another policy behind it ends it too.
    private mutating func skipConditionBody() {
        while token.kind != .end, !isEndOfPolicy {
            if accept(.rightBrace) {
                // `}` closes the clause when what follows may follow a clause.
                if token.kind == .semicolon || token.kind == .end { return }
                if token.kind == .identifier, word(token).condition != nil { return }
            } else {
                advance()
            }
        }
    }

    private var isEndOfPolicy: Bool {
        guard token.kind == .semicolon else { return false }
        let next = following
        return next.kind == .end || next.kind == .at || isEffect(next)
    }
}
