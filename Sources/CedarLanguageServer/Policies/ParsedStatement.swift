import LynxCedar

/// One statement, parsed apart from the rest of its document, which may be broken.
struct ParsedStatement {
    private enum Content {
        case policy(Policy)
        case template(Template)
    }

    private let content: Content
    /// Where in the document its text starts; spans count from there.
    let start: UInt32

    /// - Parameter start: where the text was taken from.
    /// - Returns: `nil` when the text is not one statement.
    init?(_ text: some StringProtocol, start: UInt32 = 0) {
        guard let set = try? PolicySet(cedar: String(text)) else { return nil }
        if let policy = set.policies.first {
            content = .policy(policy)
        } else if let template = set.templates.first {
            content = .template(template)
        } else {
            return nil
        }
        self.start = start
    }

    var conditions: [Condition] {
        switch content {
        case .policy(let policy): policy.conditions
        case .template(let template): template.conditions
        }
    }

    func types(of expression: Expression, _ validator: Validator) -> [EnvironmentType] {
        guard let span = expression.span else { return [] }
        return switch content {
        case .policy(let policy): validator.types(ofExpressionAt: span, in: policy)
        case .template(let template): validator.types(ofExpressionAt: span, in: template)
        }
    }

    func environments(_ validator: Validator) -> [RequestEnvironment] {
        switch content {
        case .policy(let policy): validator.environments(of: policy)
        case .template(let template): validator.environments(of: template)
        }
    }

    /// The innermost expression of the conditions that a place in the document lies in, with those around it before it.
    func expressions(at offset: Int) -> [Expression] {
        var path: [Expression] = []
        var next = conditions.map(\.body)
        let offset = offset - Int(start)
        // Of two that meet at the place, the later is what starts there.
        while let expression = next.last(where: { contains($0, offset) }) {
            path.append(expression)
            next = expression.children
        }
        return path
    }

    private func contains(_ expression: Expression, _ offset: Int) -> Bool {
        guard let range = expression.span?.range else { return false }
        return range.lowerBound <= offset && offset <= range.upperBound
    }

    /// The first expression that satisfies a condition, whatever it stands in.
    func first(where isWanted: (Expression) -> Bool) -> Expression? {
        var pending = conditions.map(\.body)
        while let expression = pending.popLast() {
            if isWanted(expression) { return expression }
            pending += expression.children
        }
        return nil
    }
}
