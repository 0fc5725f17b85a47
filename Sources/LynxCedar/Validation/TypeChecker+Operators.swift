extension TypeChecker {
    mutating func checkBinary(_ term: Int, _ symbol: BinaryOperator, _ left: Int, _ right: Int) -> Answer {
        switch symbol {
        case .equal, .notEqual: checkEquality(term, left, right)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: checkComparison(left, right)
        case .add, .subtract, .multiply: checkArithmetic(symbol, left, right)
        case .in: checkMembership(left, right)
        case .contains: checkContains(term, left, right)
        case .containsAll, .containsAny: checkContainsSeveral(term, left, right)
        case .getTag: checkTag(term, left, right)
        case .hasTag: checkTagPresence(left, right)
        }
    }

    // MARK: Equality

    private mutating func checkEquality(_ term: Int, _ left: Int, _ right: Int) -> Answer {
        let lhs = answer(of: left)
        let rhs = answer(of: right)
        let value = equality(left, lhs.type, right, rhs.type)
        guard value == nil else { return Answer.typed(.bool(value)).after(lhs).after(rhs) }
        return compatible(lhs, lhs.type, rhs, rhs.type, term, .equality)
    }

    /// The value of an equality where it does not depend on the request.
    private func equality(_ left: Int, _ leftType: ExpressionType?, _ right: Int, _ rightType: ExpressionType?) -> Bool? {
        if let leftType, let rightType, leftType.isDisjoint(from: rightType) { return false }
        guard let lhs = literal(left), let rhs = literal(right) else { return nil }
        return lhs == rhs
    }

    /// The literal that a term is in ``environment``; the action is known there.
    private func literal(_ term: Int) -> Literal? {
        switch policy.terms[term].kind {
        case .literal(let literal): literal
        case .variable(.action): .entity(environment.action.uid)
        default: nil
        }
    }

    /// The answer for an operator that compares values of two types; strict validation wants these to fit together.
    private mutating func compatible(
        _ left: Answer, _ leftType: ExpressionType?, _ right: Answer, _ rightType: ExpressionType?, _ term: Int,
        _ place: ValidationFinding.Place
    ) -> Answer {
        if mode == .strict, let leftType, let rightType, leastUpperBound([leftType, rightType], of: term, as: place) == nil {
            return .fault(.bool(nil))
        }
        return Answer.typed(.bool(nil)).after(left).after(right)
    }

    // MARK: Numbers

    private static let comparable: [ExpressionType] = [.datetime, .duration, .long]

    private mutating func checkComparison(_ left: Int, _ right: Int) -> Answer {
        let lhs = answer(of: left)
        let rhs = answer(of: right)
        guard let leftType = lhs.type, let rightType = rhs.type else { return .fault(.bool(nil)) }
        let comparable = TypeChecker.comparable
        if leftType == rightType && comparable.contains(leftType) { return Answer.typed(.bool(nil)).after(lhs).after(rhs) }
        if leftType == .long {
            report(.unexpectedType(expected: [.long], actual: rightType, advice: nil), at: right)
        } else if rightType == .long {
            report(.unexpectedType(expected: [.long], actual: leftType, advice: nil), at: left)
        } else if comparable.contains(leftType) {
            report(.unexpectedType(expected: [leftType], actual: rightType, advice: nil), at: right)
        } else if comparable.contains(rightType) {
            report(.unexpectedType(expected: [rightType], actual: leftType, advice: nil), at: left)
        } else {
            report(.unexpectedType(expected: comparable, actual: leftType, advice: nil), at: left)
            report(.unexpectedType(expected: comparable, actual: rightType, advice: nil), at: right)
        }
        return .fault(.bool(nil))
    }

    private mutating func checkArithmetic(_ symbol: BinaryOperator, _ left: Int, _ right: Int) -> Answer {
        let advice = { (actual: ExpressionType) -> ValidationFinding.Advice? in
            switch actual {
            case .string where symbol == .add: .noConcatenation
            case .set: .noSetArithmetic
            default: nil
            }
        }
        let lhs = expect(left, is: .long, advice: advice)
        return Answer.typed(.long).after(lhs).after(expect(right, is: .long, advice: advice))
    }

    // MARK: Sets

    private static func adviceForSets(_ actual: ExpressionType) -> ValidationFinding.Advice? {
        switch actual {
        case .entity, .anyOf, .anyEntity: .useIn
        case .record: .useHas
        case .string: .useLike
        default: nil
        }
    }

    private mutating func checkContains(_ term: Int, _ left: Int, _ right: Int) -> Answer {
        let lhs = expect(left, is: .set(nil), advice: TypeChecker.adviceForSets)
        let rhs = answer(of: right)
        var element: ExpressionType?
        if case .set(let type?)? = lhs.type { element = type }
        return compatible(lhs, element, rhs, rhs.type, term, .contains)
    }

    private mutating func checkContainsSeveral(_ term: Int, _ left: Int, _ right: Int) -> Answer {
        let lhs = expect(left, is: .set(nil), advice: TypeChecker.adviceForSets)
        let rhs = expect(right, is: .set(nil)) { _ in .useContains }
        return compatible(lhs, lhs.type, rhs, rhs.type, term, .containsAllOrAny)
    }

    // MARK: Membership

    private mutating func checkMembership(_ left: Int, _ right: Int) -> Answer {
        let lhs = expect(left, is: .anyEntity) { _ in .useSetMethods }
        return membership(left, lhs, right)
    }

    /// `target in container`, where the target has been checked.
    mutating func membership(_ left: Int, _ lhs: Answer, _ right: Int) -> Answer {
        let rhs = expect(right, isOneOf: [.set(.anyEntity), .anyEntity]) { actual in
            switch actual {
            case .set: .useSetMethods
            case .string: .useLike
            default: nil
            }
        }
        guard lhs.isWellTyped, rhs.isWellTyped else { return .fault(.bool(nil)) }
        if case .entity(let uid)? = literal(left), uid.isAction, let containers = entityLiterals(right) {
            return membership(of: uid, in: containers)
        }
        var container = rhs.type
        if case .set(let element?)? = rhs.type { container = element }
        guard let members = lhs.type?.entityTypes, let containers = container?.entityTypes else { return .typed(.bool(nil)) }
        for member in members {
            for container in containers where schema.canBeMember(member, of: container) { return .typed(.bool(nil)) }
        }
        return .typed(.bool(false))
    }

    /// The uids of an entity literal or of a set of them.
    private func entityLiterals(_ term: Int) -> [EntityUID]? {
        let elements = if case .set(let elements) = policy.terms[term].kind { elements } else { [term] }
        var uids: [EntityUID] = []
        for element in elements {
            guard case .entity(let uid)? = literal(element) else { return nil }
            uids.append(uid)
        }
        return uids
    }

    /// Which actions are in which is known from the schema.
    private mutating func membership(of action: EntityUID, in containers: [EntityUID]) -> Answer {
        for group in containers where group.isAction && schema.isAction(action, in: group) { return .typed(.bool(true)) }
        return .typed(.bool(false))
    }

    /// `target is type`
    mutating func checkEntityType(_ target: Int, _ type: Name) -> Answer {
        let answer = expect(target, is: .anyEntity) { _ in .noTypeTest }
        switch answer.type {
        case .entity(let name)?: return Answer.typed(.bool(name == type)).after(answer)
        case .anyOf(let names)?: return Answer.typed(.bool(names.contains(type) ? nil : false)).after(answer)
        case .anyEntity?: return Answer.typed(.bool(nil)).after(answer)
        default: return .fault(.bool(nil))
        }
    }
}
