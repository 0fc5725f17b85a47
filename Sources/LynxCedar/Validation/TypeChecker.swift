/// Finds the type of each part of a policy, for requests of one environment.
///
/// A policy is well typed when its condition is a truth value and no operator in it can fail for want of a type, attribute or tag.
/// What cannot be reached, because a test before it always goes the other way, is not looked at. (Language reference, "Policy
/// validation"; the rules are those of Cedar's formal model.)
struct TypeChecker {
    var schema: SchemaTypes
    let policy: PolicyTerms
    let mode: Validator.Mode
    var environment: RequestEnvironment

    var known = KnownCapabilities()
    /// What was found in all environments so far, once each, with where.
    private(set) var faults: [Fault] = []
    private var isReported: Set<Fault> = []

    /// The types of the terms in ``environment``; `nil` for those that have none or were not reached.
    private(set) var types: [ExpressionType?]
    /// A term of which the type is wanted, also where the term is of another type than it must be.
    var watched: Int?
    /// The type of ``watched`` when it was last looked at.
    private(set) var watchedType: ExpressionType?
    /// What was found out about operands, for the terms that they are operands of.
    private var answers: [Answer?]
    /// How far conjunctions and disjunctions were gone through, and which branches of conditionals were not taken.
    var reach: [Reach]

    struct Fault: Hashable {
        let kind: ValidationFinding.Kind
        let span: SourceSpan?
    }

    enum Reach {
        case whole
        /// Only so many operands can be evaluated.
        case operands(Int)
        /// Only one branch can be evaluated.
        case branch(Bool)
    }

    /// What is known of a term.
    struct Answer {
        /// `nil` when it cannot be told.
        var type: ExpressionType?
        /// Whether the term and all in it that can be reached are well typed.
        var isWellTyped = true
        /// What is there when the term is true.
        var capabilities: [Capability] = []

        static func typed(_ type: ExpressionType, _ capabilities: [Capability] = []) -> Answer {
            Answer(type: type, capabilities: capabilities)
        }

        static func fault(_ type: ExpressionType?) -> Answer { Answer(type: type, isWellTyped: false) }

        /// The answer for a term with an operand of which not all is well typed.
        func after(_ operand: Answer) -> Answer {
            operand.isWellTyped ? self : .fault(type)
        }
    }

    init(_ policy: PolicyTerms, schema: SchemaTypes, mode: Validator.Mode, environment: RequestEnvironment) {
        self.policy = policy
        self.schema = schema
        self.mode = mode
        self.environment = environment
        types = Array(repeating: nil, count: policy.terms.count)
        answers = Array(repeating: nil, count: policy.terms.count)
        reach = Array(repeating: .whole, count: policy.terms.count)
    }

    /// What a policy is in an environment.
    enum Verdict {
        case wellTyped
        /// Always false. There may be faults before the place that makes it so.
        case neverTrue(isWellTyped: Bool)
        case illTyped
    }

    /// Checks the policy in ``environment`` and adds what is wrong to ``faults``.
    mutating func check() -> Verdict {
        for term in types.indices {
            types[term] = nil
            answers[term] = nil
            reach[term] = .whole
        }
        watchedType = nil
        check(policy.root)
        let answer = expect(policy.root, is: .bool(nil))
        if answer.type == .bool(false) { return .neverTrue(isWellTyped: answer.isWellTyped) }
        return answer.isWellTyped ? .wellTyped : .illTyped
    }

    mutating func report(_ kind: ValidationFinding.Kind, at term: Int) {
        let fault = Fault(kind: kind, span: policy.terms[term].span)
        if isReported.insert(fault).inserted { faults.append(fault) }
    }

    // MARK: Terms

    /// Finds the type of a term and of those in it.
    ///
    /// Little of the stack is taken for a level of a policy, so that one of the deepest can be checked on the stack of any
    /// thread: all that is done with the answers for operands is left to functions that do not call this one.
    mutating func check(_ term: Int) {
        switch policy.evaluation(of: term) {
        case .whole: checkOperands(of: term)
        case .conjunction: checkConjunction(term)
        case .conditions: checkConditions(term)
        case .disjunction: checkDisjunction(term)
        case .conditional: checkConditional(term)
        case .typeTest: checkTypeTest(term)
        }
    }

    private mutating func checkOperands(of term: Int) {
        for operand in policy.operands(of: term) { check(operand) }
        settle(term, combine(term))
    }

    /// Keeps the answer for a term.
    mutating func settle(_ term: Int, _ answer: Answer) {
        answers[term] = answer
        types[term] = answer.type
        if term == watched { watchedType = answer.type }
    }

    /// Adds the answer for a further operand to that for a conjunction. In place: a chain of tests gathers a capability for each.
    mutating func conjoin(_ term: Int, with operand: Answer) {
        answers[term]?.conjoin(with: operand)
        types[term] = answers[term]?.type
        if term == watched { watchedType = types[term] }
    }

    /// The answer for a term that has been checked.
    func answer(of term: Int) -> Answer { answers[term] ?? .fault(nil) }

    /// The answer for a term that must be of a given type, and has been checked.
    mutating func expect(
        _ term: Int, is expected: ExpressionType, advice: ((ExpressionType) -> ValidationFinding.Advice?)? = nil
    ) -> Answer {
        expect(term, isOneOf: [expected], advice: advice)
    }

    /// The answer for a term that must be of one of some types, and has been checked; reports the term and tells no type when it is
    /// of another.
    mutating func expect(
        _ term: Int, isOneOf expected: [ExpressionType], advice: ((ExpressionType) -> ValidationFinding.Advice?)? = nil
    ) -> Answer {
        let answer = answer(of: term)
        guard let type = answer.type else { return .fault(nil) }
        // In strict validation too, records with attributes are records, and entities of a type are entities.
        if expected.contains(where: { type.isSubtype(of: $0, isStrict: false) }) { return answer }
        report(.unexpectedType(expected: expected, actual: type, advice: advice?(type)), at: term)
        types[term] = nil
        return .fault(nil)
    }

    /// The answer for a term of which the operands have been checked.
    mutating func combine(_ term: Int) -> Answer {
        switch policy.terms[term].kind {
        case .literal(let literal): type(of: literal)
        case .variable(let variable): .typed(type(of: variable))
        case .slot(let variable): .typed(type(of: variable))
        // Settled by checks of their own.
        case .conditional, .and, .conditions, .or: answer(of: term)
        case .unary(let symbol, let operand): checkUnary(symbol, operand)
        case .binary(let symbol, let left, let right): checkBinary(term, symbol, left, right)
        case .attribute(let target, let name, let shape): checkAttribute(term, target, name, shape)
        case .has(let target, let steps): checkPresence(term, target, steps)
        case .like(let target): checkPattern(target)
        case .isType(let target, let type, _): checkEntityType(target, type)
        case .set(let elements): checkSet(term, elements)
        case .record(let fields): checkRecord(fields)
        case .call(let function, let arguments): checkCall(term, function, arguments)
        }
    }

    private func type(of literal: Literal) -> Answer {
        switch literal {
        case .bool(let value): return .typed(.bool(value))
        case .long: return .typed(.long)
        case .string: return .typed(.string)
        case .entity(let uid):
            // What is not declared has been reported for the policy as a whole.
            let isDeclared = uid.isAction ? schema.action(uid) != nil : schema.isDeclared(uid.type)
            return isDeclared ? .typed(.entity(uid.type)) : .fault(nil)
        }
    }

    private func type(of variable: Variable) -> ExpressionType {
        switch variable {
        case .principal: .entity(environment.principal)
        case .action: .entity(environment.action.uid.type)
        case .resource: .entity(environment.resource)
        case .context: .record(RecordShape(environment.action.context))
        }
    }

    private mutating func checkUnary(_ symbol: UnaryOperator, _ operand: Int) -> Answer {
        switch symbol {
        case .not:
            let answer = expect(operand, is: .bool(nil))
            guard case .bool(let value)? = answer.type else { return .fault(.bool(nil)) }
            return Answer.typed(.bool(value.map { !$0 })).after(answer)
        case .negate:
            return Answer.typed(.long).after(expect(operand, is: .long))
        case .isEmpty:
            let answer = expect(operand, is: .set(nil)) { $0 == .string ? .compareWithEmptyString : nil }
            return Answer.typed(.bool(nil)).after(answer)
        }
    }

    private mutating func checkPattern(_ target: Int) -> Answer {
        let answer = expect(target, is: .string) { $0.isSubtype(of: .anyEntity, isStrict: false) ? .useIs : nil }
        return Answer.typed(.bool(nil)).after(answer)
    }

    // MARK: Sets and records

    private mutating func checkSet(_ term: Int, _ elements: [Int]) -> Answer {
        var types: [ExpressionType] = []
        var isWellTyped = true
        for element in elements {
            let answer = answer(of: element)
            if let type = answer.type { types.append(type) }
            isWellTyped = isWellTyped && answer.isWellTyped
        }
        if elements.isEmpty && mode == .strict {
            report(.emptySet, at: term)
            return .fault(nil)
        }
        guard types.count == elements.count, let type = leastUpperBound(types, of: term, as: .setElements) else {
            return .fault(nil)
        }
        return Answer(type: .set(type), isWellTyped: isWellTyped)
    }

    private mutating func checkRecord(_ fields: [PolicyTerms.Field]) -> Answer {
        var attributes: [RecordShape.Attribute] = []
        var isWellTyped = true
        for field in fields {
            let answer = answer(of: field.value)
            isWellTyped = isWellTyped && answer.isWellTyped
            if let type = answer.type {
                attributes.append(RecordShape.Attribute(name: field.name, type: type, isRequired: true))
            }
        }
        guard attributes.count == fields.count else { return .fault(nil) }
        return Answer(type: .record(RecordShape(inferred: attributes)), isWellTyped: isWellTyped)
    }

    /// The type that has the values of all; reports the term when there is none.
    mutating func leastUpperBound(
        _ types: [ExpressionType], of term: Int, as place: ValidationFinding.Place
    ) -> ExpressionType? {
        do throws(ExpressionType.Incompatibility) {
            var bound = ExpressionType.never
            for type in types { bound = try bound.leastUpperBound(type, isStrict: mode == .strict) }
            return bound
        } catch {
            var distinct: [ExpressionType] = []
            var seen: Set<ExpressionType> = []
            for type in types where seen.insert(type).inserted { distinct.append(type) }
            report(.incompatibleTypes(distinct, error, place: place), at: term)
            return nil
        }
    }
}
