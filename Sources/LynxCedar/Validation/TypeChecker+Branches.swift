// What is evaluated depends on what came before: `&&`, `||`, `if`, and `is` with `in`.
extension TypeChecker {
    // MARK: &&

    /// In `a && b`, all that makes `a` true can be relied on in `b`.
    mutating func checkConjunction(_ term: Int) {
        let mark = known.mark
        settle(term, .typed(.bool(true)))
        for (index, operand) in policy.operands(of: term).enumerated() {
            if isDecided(term, by: false, after: index) { break }
            check(operand)
            extendConjunction(term, index, operand, mark)
        }
        known.revoke(to: mark)
    }

    private mutating func extendConjunction(_ term: Int, _ index: Int, _ operand: Int, _ mark: Int) {
        let answer = expect(operand, is: .bool(nil))
        if index == 0 { settle(term, answer) } else { conjoin(term, with: answer) }
        // Behind a fault nothing is relied on that was learned before it.
        if self.answer(of: term).isWellTyped { known.grant(answer.capabilities) } else { known.revoke(to: mark) }
    }

    /// Whether the operands so far make those behind them superfluous; keeps how far the evaluation goes.
    private mutating func isDecided(_ term: Int, by value: Bool, after count: Int) -> Bool {
        guard count > 0, types[term] == .bool(value) else { return false }
        reach[term] = .operands(count)
        return true
    }

    /// In a condition, all that made those before it true can be relied on; one with a fault is passed over.
    mutating func checkConditions(_ term: Int) {
        let mark = known.mark
        let operands = policy.operands(of: term)
        var count = 0
        for operand in operands {
            check(operand)
            count += 1
            if endsConditions(operand) { break }
        }
        known.revoke(to: mark)
        joinConditions(operands.prefix(count), of: term)
    }

    /// Whether a condition makes those behind it superfluous; grants what they can rely on where it does not.
    private mutating func endsConditions(_ operand: Int) -> Bool {
        let answer = expect(operand, is: .bool(nil))
        // The fault, if there is one, has been reported: what is left of the answer is all that the others need.
        settle(operand, answer)
        if answer.type == .bool(false) { return true }
        if answer.isWellTyped { known.grant(answer.capabilities) }
        return false
    }

    private mutating func joinConditions(_ operands: ArraySlice<Int>, of term: Int) {
        if operands.count < policy.operands(of: term).count { reach[term] = .operands(operands.count) }
        guard let last = operands.last else { return settle(term, .typed(.bool(true))) }
        var result = answer(of: last)
        for operand in operands.dropLast().reversed() { result.conjoin(after: answer(of: operand)) }
        settle(term, result)
    }

    // MARK: ||

    /// In `a || b`, `b` is evaluated when `a` is false, and only what both make sure of is sure.
    mutating func checkDisjunction(_ term: Int) {
        settle(term, .typed(.bool(false)))
        for (index, operand) in policy.operands(of: term).enumerated() {
            if isDecided(term, by: true, after: index) { break }
            check(operand)
            extendDisjunction(term, index, operand)
        }
    }

    private mutating func extendDisjunction(_ term: Int, _ index: Int, _ operand: Int) {
        let answer = expect(operand, is: .bool(nil))
        settle(term, index == 0 ? answer : disjunction(of: self.answer(of: term), and: answer))
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
            // Each once: the left side may have gathered the same one for each of its operands.
            let both = Set(left.capabilities).intersection(right.capabilities)
            result = Answer.typed(.bool(nil), Array(both))
        }
        return isWellTyped ? result : .fault(result.type)
    }

    // MARK: if

    mutating func checkConditional(_ term: Int) {
        let parts = policy.operands(of: term)
        check(parts[0])
        let value = startBranches(term, parts[0])
        let mark = known.mark
        if value != false {
            grantTest(parts[0])
            check(parts[1])
            known.revoke(to: mark)
        }
        if value != true { check(parts[2]) }
        finishConditional(term, parts, value)
    }

    /// The value of the test where it does not depend on the request; keeps which branches are taken.
    private mutating func startBranches(_ term: Int, _ condition: Int) -> Bool? {
        let test = expect(condition, is: .bool(nil))
        settle(condition, test)
        guard case .bool(let value?)? = test.type else { return nil }
        reach[term] = .branch(value)
        return value
    }

    private mutating func grantTest(_ condition: Int) { known.grant(answer(of: condition).capabilities) }

    private mutating func finishConditional(_ term: Int, _ parts: [Int], _ value: Bool?) {
        let test = answer(of: parts[0])
        switch value {
        case true?:
            var answer = answer(of: parts[1])
            if answer.isWellTyped { answer.capabilities += test.capabilities }
            settle(term, answer.after(test))
        case false?:
            settle(term, answer(of: parts[2]).after(test))
        case nil:
            settle(term, join(answer(of: parts[1]), answer(of: parts[2]), test, term))
        }
    }

    private mutating func join(_ first: Answer, _ second: Answer, _ test: Answer, _ term: Int) -> Answer {
        guard let firstType = first.type, let secondType = second.type,
            let type = leastUpperBound([firstType, secondType], of: term, as: .conditionalBranches)
        else { return .fault(nil) }
        guard test.isWellTyped, first.isWellTyped, second.isWellTyped else { return .fault(type) }
        let whenTrue = Set(first.capabilities + test.capabilities)
        return .typed(type, second.capabilities.filter { whenTrue.contains($0) })
    }

    // MARK: is in

    /// `target is type in container`: the container is evaluated when the target is of the type.
    mutating func checkTypeTest(_ term: Int) {
        let parts = policy.operands(of: term)
        check(parts[0])
        settle(term, combine(term))
        if types[term] == .bool(false) {
            reach[term] = .operands(1)
        } else {
            check(parts[1])
            finishTypeTest(term, parts)
        }
    }

    private mutating func finishTypeTest(_ term: Int, _ parts: [Int]) {
        let target = answer(of: parts[0])
        let isEntity = target.type?.isSubtype(of: .anyEntity, isStrict: false) == true
        let membership = membership(parts[0], isEntity ? target : .fault(nil), parts[1])
        guard isEntity else { return settle(term, .fault(.bool(nil))) }
        conjoin(term, with: membership)
    }
}

extension TypeChecker.Answer {
    /// Makes this the answer for `self && right`.
    mutating func conjoin(with right: TypeChecker.Answer) {
        join(right, TypeChecker.Answer.conjunction(self, right))
    }

    /// Makes this the answer for `left && self`.
    mutating func conjoin(after left: TypeChecker.Answer) {
        join(left, TypeChecker.Answer.conjunction(left, self))
    }

    private mutating func join(_ other: TypeChecker.Answer, _ result: (answer: TypeChecker.Answer, hasCapabilities: Bool)) {
        guard result.hasCapabilities else {
            self = result.answer
            return
        }
        type = result.answer.type
        capabilities += other.capabilities
    }

    /// The answer for a conjunction without its capabilities, and whether it has those of both sides.
    private static func conjunction(
        _ left: TypeChecker.Answer, _ right: TypeChecker.Answer
    ) -> (answer: TypeChecker.Answer, hasCapabilities: Bool) {
        let isWellTyped = left.isWellTyped && right.isWellTyped
        guard case .bool(let first)? = left.type, case .bool(let second)? = right.type else { return (.fault(.bool(nil)), false) }
        if second == false { return (TypeChecker.Answer(type: .bool(false), isWellTyped: isWellTyped), false) }
        let value = first == true ? second : second == true ? first : nil
        return isWellTyped ? (.typed(.bool(value)), true) : (.fault(.bool(value)), false)
    }
}
