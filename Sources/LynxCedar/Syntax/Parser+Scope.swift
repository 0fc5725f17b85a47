/// The scope of a policy: what stands between the parentheses after `permit` or `forbid`.
extension Parser {
    struct Scope {
        var principal: ScopeConstraint<TemplateReference>
        var action: ActionConstraint
        var resource: ScopeConstraint<TemplateReference>
        var spans: ScopeSpans
    }

    /// One element of the scope as it was read, before it is known whether it stands at its place.
    private struct Element {
        let variable: Variable?
        let span: SourceSpan
        var constraint: ScopeConstraint<TemplateReference> = .any
        var action: ActionConstraint = .any
        var names = ScopeSpans.Names()
        var actions: [SourceSpan] = []
    }

    /// The scope with both parentheses; `nil` when something was reported, and then the parser stands behind it.
    mutating func scope() -> Scope? {
        let opening = token.span
        advance()
        var elements: [Element] = []
        elements.reserveCapacity(3)
        var isValid = true
        while token.kind != .rightParenthesis {
            do throws(Abandoned) {
                elements.append(try element())
            } catch {
                isValid = false
                skip(to: .comma, .rightParenthesis, .semicolon)
            }
            guard accept(.comma) else { break }
        }
        if !accept(.rightParenthesis) {
            // An element that was abandoned has been reported.
            if isValid { reportUnexpected(expected: "`,` or `)` in the scope", help: helpForCondition) }
            if !isEffect {
                skip(to: .rightParenthesis, .semicolon)
                _ = accept(.rightParenthesis)
            }
            return nil
        }
        guard isValid, check(elements, opening: opening) else { return nil }
        var spans = ScopeSpans(principal: elements[0].span, action: elements[1].span, resource: elements[2].span)
        spans.principalNames = elements[0].names
        spans.actions = elements[1].actions
        spans.resourceNames = elements[2].names
        return Scope(
            principal: elements[0].constraint, action: elements[1].action, resource: elements[2].constraint, spans: spans)
    }

    /// Whether the elements are principal, action and resource in this order; reports what is not.
    private mutating func check(_ elements: [Element], opening: SourceSpan) -> Bool {
        if elements.count == 3, elements[0].variable == .principal, elements[1].variable == .action,
            elements[2].variable == .resource
        { return true }
        let expected: [Variable] = [.principal, .action, .resource]
        var isValid = true
        for (variable, element) in zip(expected, elements) where element.variable != variable {
            isValid = false
            // An unknown word has been reported already.
            guard let found = element.variable else { continue }
            report(
                "expected `\(variable)` here in the scope, found `\(found)`", at: element.span,
                help: "the scope names principal, action and resource, in this order")
        }
        let missing = expected.dropFirst(elements.count).map { "`\($0)`" }
        if let last = missing.last {
            isValid = false
            let others = missing.dropLast()
            report(
                "the scope lacks \(others.isEmpty ? last : others.joined(separator: ", ") + " and " + last)",
                at: elements.last?.span ?? opening,
                help: "the scope names principal, action and resource, in this order")
        }
        for extra in elements.dropFirst(expected.count) {
            isValid = false
            guard extra.variable != nil else { continue }
            report(
                "the scope has three elements, this is one too many", at: extra.span,
                help: "put further conditions into a `when` clause")
        }
        return isValid
    }

    private mutating func element() throws(Abandoned) -> Element {
        let start = token.start
        guard token.isWord else {
            reportUnexpected(expected: "`principal`, `action` or `resource`")
            throw Abandoned()
        }
        let meaning = word(token)
        let word = meaning.text
        var variable = meaning.variable
        if variable == .context { variable = nil }
        if variable == nil {
            let suggestion = Spelling.suggestion(for: word, among: ["principal", "action", "resource"])
            report(
                "expected `principal`, `action` or `resource`, found `\(word.shortened)`", at: token.span,
                help: suggestion.map { "did you mean `\($0)`?" }
                    ?? (word == "\(Variable.context)" ? "conditions on the context go into a `when` clause" : nil))
        }
        advance()
        if token.kind == .colon {
            report(
                "a scope element has no type after a colon", at: token.span,
                help: "write `\(word.shortened) is Type`")
            throw Abandoned()
        }
        if variable == .action {
            var spans: [SourceSpan] = []
            let action = try actionConstraint(&spans)
            return Element(variable: variable, span: span(from: start), action: action, actions: spans)
        }
        var names = ScopeSpans.Names()
        let constraint = try entityConstraint(variable, &names)
        return Element(variable: variable, span: span(from: start), constraint: constraint, names: names)
    }

    // MARK: Principal and resource

    private mutating func entityConstraint(
        _ variable: Variable?, _ names: inout ScopeSpans.Names
    ) throws(Abandoned) -> ScopeConstraint<TemplateReference> {
        if accept(.is) {
            let start = token.start
            let type = try typeName()
            names.type = span(from: start)
            switch token.kind {
            case .in:
                advance()
                return .isIn(type, try scopeReference(variable, &names.reference))
            case .equal:
                report("`is` and `==` do not go together", at: token.span, help: "`==` alone fixes the type as well")
                throw Abandoned()
            default:
                return .is(type)
            }
        }
        switch token.kind {
        case .equal:
            advance()
            return .equal(try scopeReference(variable, &names.reference))
        case .in:
            advance()
            let reference = try scopeReference(variable, &names.reference)
            if token.kind == .is {
                report("`is` comes before `in`", at: token.span, help: "write `is Type in ...`")
                throw Abandoned()
            }
            return .in(reference)
        case .comma, .rightParenthesis:
            return .any
        default:
            try reportScopeOperator(allowed: "`==`, `in` or `is`")
        }
    }

    private mutating func reportScopeOperator(allowed: String) throws(Abandoned) -> Never {
        if token.kind == .assign {
            report("`=` is not an operator in Cedar", at: token.span, help: "did you mean `==`?")
        } else if isOperator {
            report(
                "\(token.kind.text) cannot stand in the scope, which takes \(allowed)", at: token.span,
                help: "put other conditions into a `when` clause")
        } else {
            reportUnexpected(expected: "`,`, `)`, \(allowed) in the scope", help: helpForCondition)
        }
        throw Abandoned()
    }

    /// Help for a token that looks like the author went on with a condition.
    private var helpForCondition: String? {
        isOperator || token.kind == .dot ? "put other conditions into a `when` clause" : nil
    }

    private var isOperator: Bool {
        switch token.kind {
        case .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .has, .like, .and, .or, .plus, .minus, .star: true
        default: false
        }
    }

    /// An entity or the slot of the variable, in any number of parentheses.
    ///
    /// - Parameter place: where it stands, without the parentheses.
    private mutating func scopeReference(
        _ variable: Variable?, _ place: inout SourceSpan?
    ) throws(Abandoned) -> TemplateReference {
        switch token.kind {
        case .leftParenthesis:
            try descend()
            defer { ascend() }
            advance()
            let reference = try scopeReference(variable, &place)
            try expect(.rightParenthesis, "after the entity")
            return reference
        case .slot:
            let slot = text(token)
            guard let expected = variable.flatMap({ SlotID(rawValue: "?\($0)") }) else {
                report("slots stand for the principal or the resource only", at: token.span)
                throw Abandoned()
            }
            if slot != expected.rawValue {
                report("the slot here must be `\(expected)`, found `\(slot.shortened)`", at: token.span)
            }
            place = token.span
            advance()
            return .slot
        case .leftBracket:
            report(
                "the scope compares the \(variable?.description ?? "entity") with one entity, not with a set",
                at: token.span, help: "put `in [...]` into a `when` clause")
            throw Abandoned()
        default:
            let start = token.start
            let uid = try entity()
            place = span(from: start)
            return .entity(uid)
        }
    }

    /// An entity uid, where nothing else may stand.
    ///
    /// - Parameter type: the type that a help may propose.
    mutating func entity(type: Name? = nil) throws(Abandoned) -> EntityUID {
        guard token.isWord else {
            let help =
                token.kind == .string
                ? "write the type before the id: `\(type ?? "Type")::\(text(token).shortened)`"
                : type.map { "for example `\($0)::\"view\"`" } ?? "for example `User::\"alice\"`"
            reportUnexpected(expected: "an entity", help: help)
            throw Abandoned()
        }
        let first = token
        advance()
        switch try reference(startingWith: first) {
        case .entity(let uid):
            return uid
        case .name(let name):
            report(
                "expected an entity, found the name `\(name.description.shortened)`", at: span(from: first.start),
                help: name.namespace == nil
                    ? "write `\(name.description.shortened)::\"id\"` for an entity, or `is \(name.description.shortened)` for a type" : "did you mean `\(name.asEntity)`?")
            throw Abandoned()
        }
    }

    // MARK: Action

    private static let actionType: Name = "Action"

    private mutating func actionConstraint(_ places: inout [SourceSpan]) throws(Abandoned) -> ActionConstraint {
        switch token.kind {
        case .equal:
            advance()
            if token.kind == .leftBracket {
                report(
                    "`==` compares the action with one action, not with a set", at: token.span, help: "write `action in [...]`")
                throw Abandoned()
            }
            return .equal(try actionEntity(&places))
        case .in:
            advance()
            let constraint = try actions(&places)
            if token.kind == .is { try reportActionIs() }
            return .in(constraint)
        case .is:
            try reportActionIs()
        case .comma, .rightParenthesis:
            return .any
        default:
            try reportScopeOperator(allowed: "`==` or `in`")
        }
    }

    private mutating func reportActionIs() throws(Abandoned) -> Never {
        report("`is` cannot constrain the action", at: token.span, help: "use `==` or `in` with actions")
        throw Abandoned()
    }

    /// `Action::"view"`, or several in brackets; parentheses may stand around the whole and around each.
    private mutating func actions(_ places: inout [SourceSpan]) throws(Abandoned) -> [EntityUID] {
        if token.kind == .leftParenthesis {
            try descend()
            defer { ascend() }
            advance()
            let actions = try actions(&places)
            try expect(.rightParenthesis, "after the actions")
            return actions
        }
        guard accept(.leftBracket) else { return [try actionEntity(&places)] }
        var actions: [EntityUID] = []
        while token.kind != .rightBracket {
            actions.append(try actionEntity(&places))
            guard accept(.comma) else { break }
        }
        try expect(.rightBracket, "after the actions")
        return actions
    }

    private mutating func actionEntity(_ places: inout [SourceSpan]) throws(Abandoned) -> EntityUID {
        switch token.kind {
        case .leftParenthesis:
            try descend()
            defer { ascend() }
            advance()
            let uid = try actionEntity(&places)
            try expect(.rightParenthesis, "after the action")
            return uid
        case .slot:
            report("an action cannot be a template slot", at: token.span)
            throw Abandoned()
        default:
            let start = token.start
            let uid = try entity(type: Parser.actionType)
            places.append(span(from: start))
            if uid.type != Parser.actionType, !uid.isAction {
                report(
                    "`\(uid.description.shortened)` is not an action", at: span(from: start),
                    help: "the type of an action ends in `Action`: `Action::\(uid.id.literal.shortened)`")
            }
            return uid
        }
    }
}
