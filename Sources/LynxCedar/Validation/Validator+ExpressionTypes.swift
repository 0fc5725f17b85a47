/// The type that an expression has for requests of one environment.
public struct EnvironmentType: Sendable {
    public let environment: RequestEnvironment
    public let type: ExpressionType

    public init(environment: RequestEnvironment, type: ExpressionType) {
        self.environment = environment
        self.type = type
    }
}

extension Validator {
    /// The types of an expression of a policy, one for each environment that the policy's scope leaves and in which the expression can
    /// be reached and has a type. The expression may be wrong where it stands: what is told is what it is, not what it must be.
    ///
    /// - Parameter span: the whole span of the expression; for parts of the scope, which have none of their own, that of the constraint
    ///   gives the type of the variable in it.
    /// - Complexity: that of checking the policy, see ``validate(_:)``.
    public func types<Reference>(ofExpressionAt span: SourceSpan, in policy: PolicyStatement<Reference>) -> [EnvironmentType] {
        let terms = PolicyTerms(policy)
        let scope = [policy.scopeSpans.principal, policy.scopeSpans.action, policy.scopeSpans.resource]
        let isInScope = scope.contains(span)
        // A term that stands for the same text as another of its operands comes after it.
        let term =
            isInScope ? terms.terms.firstIndex { $0.span == span } : terms.terms.lastIndex { $0.span == span }
        guard let term else { return [] }
        var environments = schema.environments(of: policy, mode: mode).makeIterator()
        guard let first = environments.next() else { return [] }
        var checker = TypeChecker(
            terms, schema: SchemaTypes(schema, features: features), mode: mode, environment: first)
        checker.watched = term
        var types: [EnvironmentType] = []
        var next: RequestEnvironment? = first
        while let environment = next {
            checker.environment = environment
            _ = checker.check()
            if let type = checker.watchedType { types.append(EnvironmentType(environment: environment, type: type)) }
            next = environments.next()
        }
        return types
    }

    /// What is known of the attributes of a type of records or entities, in ascending order of their names; none for other types.
    public func attributes(of type: ExpressionType) -> [RecordShape.Attribute] {
        let types = SchemaTypes(schema, features: features)
        return types.attributeNames(of: type).compactMap { types.attribute($0, of: type) }
    }

    /// The environments that the scope of a policy leaves.
    public func environments<Reference>(of policy: PolicyStatement<Reference>) -> [RequestEnvironment] {
        Array(schema.environments(of: policy, mode: mode))
    }
}
