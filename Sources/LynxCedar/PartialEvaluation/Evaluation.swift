extension Expression {
    /// Evaluates the expression.
    ///
    /// - Parameters:
    ///   - request: gives the variables their values; with `nil` they have none.
    ///   - entities: where attributes, tags and ancestors come from.
    /// - Throws: the error that the expression has, located at the innermost expression that failed;
    ///   ``EvaluationError/Kind/unknown(_:)`` when there is no request and the value depends on one.
    public func evaluate(
        request: Request? = nil, entities: Entities = Entities(), maximumNesting: Int = NestingLimit.standard,
        features: LanguageFeatures = []
    ) throws(EvaluationError) -> Value {
        let evaluator = PartialEvaluator(
            request: request.map { PartialRequest($0) } ?? PartialRequest(),
            entities: entities,
            maximumNesting: maximumNesting,
            features: features
        )
        switch try evaluator.evaluate(self) {
        case .value(let value): return value
        case .residual(let residual): throw EvaluationError(.unknown(residual), span: residual.span)
        }
    }
}
