// What is evaluated depends on what came before: `&&`, `||` and `if`.
extension TypeChecker {
    /// In `a && b`, all that makes `a` true can be relied on in `b`.
    mutating func checkConjunction(_ term: Int, _ operands: [Int]) -> Answer {
        let mark = known.mark
        defer { known.revoke(to: mark) }
        var result = Answer.typed(.bool(true))
        for (index, operand) in operands.enumerated() {
            if result.type == .bool(false) {
                reach[term] = .operands(index)
                break
            }
            let answer = check(operand, is: .bool(nil))
            result = index == 0 ? answer : conjunction(of: result, and: answer)
            // Behind a fault nothing is relied on that was learned before it.
            if result.isWellTyped { known.grant(answer.capabilities) } else { known.revoke(to: mark) }
        }
        return result
    }

    /// In a condition, all that made those before it true can be relied on; one with a fault is passed over.
    mutating func checkConditions(_ term: Int, _ operands: [Int]) -> Answer {
        let mark = known.mark
        defer { known.revoke(to: mark) }
        var answers: [Answer] = []
        for (index, operand) in operands.enumerated() {
            let answer = check(operand, is: .bool(nil))
            answers.append(answer)
            guard answer.type != .bool(false) else {
                reach[term] = .operands(index + 1)
                break
            }
            if answer.isWellTyped { known.grant(answer.capabilities) }
        }
        guard var result = answers.popLast() else { return .typed(.bool(true)) }
        while let answer = answers.popLast() { result = conjunction(of: answer, and: result) }
        return result
    }

    private func conjunction(of left: Answer, and right: Answer) -> Answer {
        let isWellTyped = left.isWellTyped && right.isWellTyped
        guard case .bool(let first)? = left.type, case .bool(let second)? = right.type else { return .fault(.bool(nil)) }
        if second == false { return Answer(type: .bool(false), isWellTyped: isWellTyped) }
        let value = first == true ? second : second == true ? first : nil
        guard isWellTyped else { return .fault(.bool(value)) }
        var result = left
        result.type = .bool(value)
        result.capabilities += right.capabilities
        return result
    }

    /// In `a || b`, `b` is evaluated when `a` is false, and only what both make sure of is sure.
    mutating func checkDisjunction(_ term: Int, _ operands: [Int]) -> Answer {
        var result = Answer.typed(.bool(false))
        for (index, operand) in operands.enumerated() {
            if result.type == .bool(true) {
                reach[term] = .operands(index)
                break
            }
            let answer = check(operand, is: .bool(nil))
            result = index == 0 ? answer : disjunction(of: result, and: answer)
        }
        return result
    }

    private func disjunction(of left: Answer, and right: Answer) -> Answer {
        let isWellTyped = left.isWellTyped && right.isWellTyped
        guard case .bool(let first)? = left.type, case .bool(let second)? = right.type else { return .fault(.bool(nil)) }
        var result: Answer
        switch (first, second) {
        case (_, true?): result = right
        case (_, false?): result = left
        case (false?, _): result = right
        default:
            let both = Set(right.capabilities)
            result = Answer.typed(.bool(nil), left.capabilities.filter { both.contains($0) })
        }
        return isWellTyped ? result : .fault(result.type)
    }

    mutating func checkConditional(_ term: Int, _ condition: Int, _ then: Int, _ otherwise: Int) -> Answer {
        let test = check(condition, is: .bool(nil))
        switch test.type {
        case .bool(true?):
            reach[term] = .branch(true)
            var answer = checkBranch(then, relyingOn: test)
            if answer.isWellTyped { answer.capabilities += test.capabilities }
            return answer.after(test)
        case .bool(false?):
            reach[term] = .branch(false)
            return check(otherwise).after(test)
        default:
            let first = checkBranch(then, relyingOn: test)
            let second = check(otherwise)
            guard let firstType = first.type, let secondType = second.type,
                let type = leastUpperBound([firstType, secondType], of: term, as: .conditionalBranches)
            else { return .fault(nil) }
            guard test.isWellTyped, first.isWellTyped, second.isWellTyped else { return .fault(type) }
            let whenTrue = Set(first.capabilities + test.capabilities)
            return .typed(type, second.capabilities.filter { whenTrue.contains($0) })
        }
    }

    private mutating func checkBranch(_ branch: Int, relyingOn test: Answer) -> Answer {
        let mark = known.mark
        defer { known.revoke(to: mark) }
        known.grant(test.capabilities)
        return check(branch)
    }
}
