extension TypeChecker {
    mutating func checkCall(_ term: Int, _ function: ExtensionFunction, _ arguments: [Int]) -> Answer {
        let result = ExpressionType(function.resultKind)
        guard isWellFormed(term, function, arguments) else { return .fault(result) }
        var answer = Answer.typed(result)
        let parameters = function.parameterKinds
        for (index, argument) in arguments.enumerated() {
            guard let parameter = index < parameters.count ? parameters[index] : parameters.last else { continue }
            answer = answer.after(expect(argument, is: ExpressionType(parameter)))
        }
        return answer
    }

    /// Checks what does not depend on the arguments' types.
    private mutating func isWellFormed(_ term: Int, _ function: ExtensionFunction, _ arguments: [Int]) -> Bool {
        var isWellFormed = true
        let arity = function.arity(with: schema.features)
        if !arity.accepts(arguments.count) {
            report(.wrongArgumentCount(function, expected: arity, actual: arguments.count), at: term)
            isWellFormed = false
        }
        guard function.style == .function else { return isWellFormed }
        if arguments.count == 1, case .literal(.string(let text)) = policy.terms[arguments[0]].kind {
            do throws(EvaluationError) {
                _ = try function.apply([.string(text)])
            } catch {
                report(.malformedLiteral(function, text), at: arguments[0])
                isWellFormed = false
            }
        }
        if mode == .strict, let computed = arguments.first(where: { !isLiteral($0) }) {
            report(.computedLiteral(function), at: computed)
            isWellFormed = false
        }
        return isWellFormed
    }

    private func isLiteral(_ term: Int) -> Bool {
        if case .literal = policy.terms[term].kind { true } else { false }
    }
}
