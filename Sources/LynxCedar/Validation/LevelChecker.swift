/// Checks how far a policy goes from the entities of the request (RFC 76).
///
/// Looking into an entity of the request (its attributes, tags or ancestors) takes level 1, looking into one that is found
/// there level 2, and so on. Runs on what a ``TypeChecker`` found out about the policy in one environment.
struct LevelChecker {
    private let policy: PolicyTerms
    private let checker: TypeChecker
    private let allowed: Int
    private var pending: [Int] = []
    private var isRequired: Set<Int> = []
    private(set) var faults: [TypeChecker.Fault] = []

    init(_ checker: TypeChecker, allowed: Int) {
        self.policy = checker.policy
        self.checker = checker
        self.allowed = allowed
    }

    mutating func check() {
        // Without recursion: a policy may be as deep as the parser lets it.
        require(policy.root)
        while let term = pending.popLast() { check(term) }
    }

    /// Sees to it that a term is checked.
    private mutating func require(_ term: Int) {
        if isRequired.insert(term).inserted { pending.append(term) }
    }

    private mutating func report(_ kind: ValidationFinding.Kind, at term: Int) {
        faults.append(TypeChecker.Fault(kind: kind, span: policy.terms[term].span))
    }

    private mutating func checkLookup(_ depth: Int, at term: Int) {
        if depth >= allowed { report(.levelExceeded(required: depth + 1, allowed: allowed), at: term) }
    }

    /// Checks a term and requires what in it can be evaluated.
    private mutating func check(_ term: Int) {
        switch policy.terms[term].kind {
        case .literal, .variable, .slot: break
        case .conditional(let condition, let then, let otherwise): checkBranches(term, condition, then, otherwise)
        case .and(let operands), .conditions(let operands), .or(let operands): for operand in reached(operands, of: term) { require(operand) }
        case .unary(_, let operand), .like(let operand): require(operand)
        case .binary(let symbol, let left, let right): check(term, symbol, left, right)
        case .attribute(let target, _, _): checkTarget(target, of: term)
        case .has(let target, let steps): checkPresence(term, target, steps)
        case .isType(let target, _, let container): checkEntityType(term, target, container)
        case .set(let elements): for element in elements { require(element) }
        case .record(let fields): for field in fields { require(field.value) }
        case .call(_, let arguments): for argument in arguments { require(argument) }
        }
    }

    private func reached(_ operands: [Int], of term: Int) -> ArraySlice<Int> {
        if case .operands(let count) = checker.reach[term] { operands.prefix(count) } else { operands[...] }
    }

    private mutating func checkBranches(_ term: Int, _ condition: Int, _ then: Int, _ otherwise: Int) {
        require(condition)
        for branch in branches(of: term, then, otherwise) { require(branch) }
    }

    private func branches(of term: Int, _ then: Int, _ otherwise: Int) -> [Int] {
        if case .branch(let isThen) = checker.reach[term] { [isThen ? then : otherwise] } else { [then, otherwise] }
    }

    private mutating func check(_ term: Int, _ symbol: BinaryOperator, _ left: Int, _ right: Int) {
        switch symbol {
        case .in, .hasTag, .getTag: checkLookup(depth(of: left), at: term)
        default: require(left)
        }
        require(right)
    }

    private mutating func checkTarget(_ target: Int, of term: Int) {
        if case .record? = checker.types[target] { require(target) } else { checkLookup(depth(of: target), at: term) }
    }

    private mutating func checkEntityType(_ term: Int, _ target: Int, _ container: Int?) {
        require(target)
        guard let container, case .whole = checker.reach[term] else { return }
        checkLookup(depth(of: target), at: term)
        require(container)
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
        var deepest = 0
        var sources = [Source(term: term, path: path, depth: 0)]
        while let source = sources.popLast() {
            deepest = max(deepest, source.depth)
            sources += self.sources(of: source)
        }
        return deepest
    }

    /// What an entity comes from, and how many entities lie between.
    private struct Source {
        let term: Int
        let path: [CedarString]
        let depth: Int
    }

    /// The terms that an entity is taken from, one step closer to the request. What is not on the way is required to be checked.
    private mutating func sources(of source: Source) -> [Source] {
        let (term, path, depth) = (source.term, source.path, source.depth)
        switch policy.terms[term].kind {
        case .literal(.entity(checker.environment.action.uid)), .variable: return []
        case .conditional(let condition, let then, let otherwise):
            require(condition)
            return branches(of: term, then, otherwise).map { Source(term: $0, path: path, depth: depth) }
        case .attribute(let target, let name, _):
            if case .record? = checker.types[target] { return [Source(term: target, path: path + [name], depth: depth)] }
            return [Source(term: target, path: path, depth: depth + 1)]
        case .binary(.getTag, let target, let tag):
            require(tag)
            return [Source(term: target, path: path, depth: depth + 1)]
        case .record(let fields):
            for field in fields where field.name != path.last { require(field.value) }
            guard let field = fields.first(where: { $0.name == path.last }) else { return [] }
            return [Source(term: field.value, path: path.dropLast(), depth: depth)]
        default:
            report(.literalDereferenced, at: term)
            return []
        }
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
