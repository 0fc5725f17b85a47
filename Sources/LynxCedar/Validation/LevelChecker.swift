/// Checks how far a policy goes from the entities of the request (RFC 76).
///
/// Looking into an entity of the request (its attributes, tags or ancestors) takes level 1, looking into one that is found
/// there level 2, and so on. Runs on what a ``TypeChecker`` found out about the policy in one environment.
struct LevelChecker {
    private let policy: PolicyTerms
    private let checker: TypeChecker
    private let allowed: Int
    private var isChecked: Set<Int> = []
    private(set) var faults: [TypeChecker.Fault] = []

    init(_ checker: TypeChecker, allowed: Int) {
        self.policy = checker.policy
        self.checker = checker
        self.allowed = allowed
    }

    mutating func check() { check(policy.root) }

    private mutating func report(_ kind: ValidationFinding.Kind, at term: Int) {
        faults.append(TypeChecker.Fault(kind: kind, span: policy.terms[term].span))
    }

    private mutating func checkLookup(_ depth: Int, at term: Int) {
        if depth >= allowed { report(.levelExceeded(required: depth + 1, allowed: allowed), at: term) }
    }

    /// Checks a term and all in it that can be evaluated.
    private mutating func check(_ term: Int) {
        guard isChecked.insert(term).inserted else { return }
        switch policy.terms[term].kind {
        case .literal, .variable, .slot: break
        case .conditional(let condition, let then, let otherwise): checkBranches(term, condition, then, otherwise)
        case .and(let operands), .conditions(let operands), .or(let operands): for operand in reached(operands, of: term) { check(operand) }
        case .unary(_, let operand), .like(let operand): check(operand)
        case .binary(let symbol, let left, let right): check(term, symbol, left, right)
        case .attribute(let target, _, _): checkTarget(target, of: term)
        case .has(let target, let steps): checkPresence(term, target, steps)
        case .isType(let target, _, let container): checkEntityType(term, target, container)
        case .set(let elements): for element in elements { check(element) }
        case .record(let fields): for field in fields { check(field.value) }
        case .call(_, let arguments): for argument in arguments { check(argument) }
        }
    }

    private func reached(_ operands: [Int], of term: Int) -> ArraySlice<Int> {
        if case .operands(let count) = checker.reach[term] { operands.prefix(count) } else { operands[...] }
    }

    private mutating func checkBranches(_ term: Int, _ condition: Int, _ then: Int, _ otherwise: Int) {
        check(condition)
        for branch in branches(of: term, then, otherwise) { check(branch) }
    }

    private func branches(of term: Int, _ then: Int, _ otherwise: Int) -> [Int] {
        if case .branch(let isThen) = checker.reach[term] { [isThen ? then : otherwise] } else { [then, otherwise] }
    }

    private mutating func check(_ term: Int, _ symbol: BinaryOperator, _ left: Int, _ right: Int) {
        switch symbol {
        case .in, .hasTag, .getTag: checkLookup(depth(of: left), at: term)
        default: check(left)
        }
        check(right)
    }

    private mutating func checkTarget(_ target: Int, of term: Int) {
        if case .record? = checker.types[target] { check(target) } else { checkLookup(depth(of: target), at: term) }
    }

    private mutating func checkEntityType(_ term: Int, _ target: Int, _ container: Int?) {
        check(target)
        guard let container, case .whole = checker.reach[term] else { return }
        checkLookup(depth(of: target), at: term)
        check(container)
    }

    private mutating func checkPresence(_ term: Int, _ target: Int, _ steps: [PolicyTerms.Step]) {
        checkTarget(target, of: term)
        let count = if case .operands(let count) = checker.reach[term] { count } else { steps.count }
        guard var type = checker.types[target] else { return }
        // Each further step looks into what the one before it gave.
        var path: [CedarString] = []
        for step in steps.prefix(count).dropLast() {
            guard let attribute = checker.schema.attribute(step.attribute, of: type) else { return }
            path.append(attribute.name)
            type = attribute.type
            guard type.entityTypes != nil else { continue }
            checkLookup(depth(of: path, from: target), at: term)
        }
    }

    // MARK: Depth

    /// How many entities must be looked into to find the entity that a term is.
    ///
    /// - Parameter path: the attributes of records that lead to the entity, the first one last.
    private mutating func depth(of term: Int, path: [CedarString] = []) -> Int {
        switch policy.terms[term].kind {
        case .literal(.entity(checker.environment.action.uid)), .variable: return 0
        case .conditional(let condition, let then, let otherwise):
            check(condition)
            return branches(of: term, then, otherwise).map { depth(of: $0, path: path) }.max() ?? 0
        case .attribute(let target, let name, _):
            if case .record? = checker.types[target] { return depth(of: target, path: path + [name]) }
            return depth(of: target, path: path) + 1
        case .binary(.getTag, let target, let tag):
            let depth = depth(of: target, path: path)
            check(tag)
            return depth + 1
        case .record(let fields): return depth(of: fields, path: path)
        default:
            report(.literalDereferenced, at: term)
            return 0
        }
    }

    private mutating func depth(of fields: [PolicyTerms.Field], path: [CedarString]) -> Int {
        for field in fields where field.name != path.last { check(field.value) }
        guard let field = fields.first(where: { $0.name == path.last }) else { return 0 }
        return depth(of: field.value, path: path.dropLast())
    }

    /// The depth of what a chain of attributes of a term is.
    private mutating func depth(of path: [CedarString], from target: Int) -> Int {
        guard var type = checker.types[target] else { return 0 }
        // The records behind the last entity are parts of it; those before the first are parts of the target.
        var depth = 0
        var isBehindEntity = false
        var prefix: [CedarString] = []
        for name in path {
            if type.entityTypes != nil {
                if !isBehindEntity { depth = self.depth(of: target, path: prefix.reversed()) }
                isBehindEntity = true
                depth += 1
            } else if !isBehindEntity {
                prefix.append(name)
            }
            guard let attribute = checker.schema.attribute(name, of: type) else { return depth }
            type = attribute.type
        }
        return isBehindEntity ? depth : self.depth(of: target, path: prefix.reversed())
    }
}
