import LynxCedar

/// Makes expressions that are well typed for the requests of one environment, in strict validation, but for a share of mistakes.
///
/// It keeps account of the attributes and tags that tests have shown to be there, as a validator does.
struct TypedExpressionGenerator {
    let dice: Dice
    let words: AwkwardText
    let schema: GeneratedSchema
    let data: DataGenerator
    /// In how many of a thousand places there is a mistake.
    let mistakes: Int
    let environment: Environment
    private let accesses: [Access]

    /// What requests have in common of which a policy is told the types.
    struct Environment {
        let principal: Name
        let action: GeneratedSchema.Action
        let resource: Name
    }

    /// What the request leads to, with the tests that make it safe.
    struct Access {
        let expression: Expression
        let type: AttributeType
        let guards: [Guard]
    }

    /// A test for an attribute or a tag.
    struct Guard: Hashable {
        let target: Expression
        let name: Expression
        let isTag: Bool
        /// What tells guards apart.
        let text: String

        init(of target: Expression, has name: Expression, isTag: Bool) {
            self.target = target
            self.name = name
            self.isTag = isTag
            self.text = "\(target) \(isTag ? "#" : ".") \(name)"
        }

        static func == (lhs: Guard, rhs: Guard) -> Bool { lhs.text.unicodeScalars.elementsEqual(rhs.text.unicodeScalars) }
        func hash(into hasher: inout Hasher) { hasher.combine(text) }

        var attribute: CedarString? {
            if !isTag, case .literal(.string(let name)) = name.kind { name } else { nil }
        }

        var test: Expression {
            attribute.map { Expression(.has(target, [$0])) } ?? Expression(.binary(.hasTag, target, name))
        }
    }

    init(
        dice: Dice, words: AwkwardText, schema: GeneratedSchema, uids: [Name: [EntityUID]], environment: Environment, mistakes: Int
    ) {
        self.dice = dice
        self.words = words
        self.schema = schema
        self.data = DataGenerator(dice: dice, words: words, uids: uids, conforms: true)
        self.mistakes = mistakes
        self.environment = environment
        let tags = [words.string(), words.string()].map { Expression(.literal(.string($0))) }
        self.accesses = Self.accesses(schema, environment, tags)
    }

    /// The variables and what is at most three steps from them, nearest first.
    private static func accesses(_ schema: GeneratedSchema, _ environment: Environment, _ tags: [Expression]) -> [Access] {
        func variable(_ variable: Variable, _ type: AttributeType) -> Access {
            Access(expression: Expression(.variable(variable)), type: type, guards: [])
        }
        var accesses = [
            variable(.principal, .entity(environment.principal)), variable(.action, .entity(environment.action.uid.type)),
            variable(.resource, .entity(environment.resource)), variable(.context, .record(environment.action.context)),
        ]
        var start = 0
        for _ in 0..<3 {
            let end = accesses.count
            for access in accesses[start..<end] where accesses.count < 150 {
                accesses += steps(from: access, schema, tags)
            }
            start = end
        }
        return accesses
    }

    private static func steps(from access: Access, _ schema: GeneratedSchema, _ tags: [Expression]) -> [Access] {
        let target = access.expression
        var fields: [AttributeField] = []
        var tagType: AttributeType?
        switch access.type {
        case .record(let known): fields = known
        case .entity(let name):
            fields = schema.entityType(name)?.attributes ?? []
            tagType = schema.entityType(name)?.tags
        default: break
        }
        let attributes = fields.map { field in
            let name = Expression(.literal(.string(field.name)))
            let guards = field.isRequired ? [] : [Guard(of: target, has: name, isTag: false)]
            return Access(
                expression: Expression(.attribute(target, field.name)), type: field.type, guards: access.guards + guards)
        }
        guard let tagType else { return attributes }
        return attributes
            + tags.map { tag in
                Access(
                    expression: Expression(.binary(.getTag, target, tag)), type: tagType,
                    guards: access.guards + [Guard(of: target, has: tag, isTag: true)])
            }
    }

    func isMistake() -> Bool { dice.int(0...999) < mistakes }

    /// An access that has that property and is safe, mostly.
    func access(_ known: Set<Guard>, where matches: (AttributeType) -> Bool) -> Access? {
        let isCareless = isMistake()
        return dice.any(of: accesses.filter { matches($0.type) && (isCareless || known.isSuperset(of: $0.guards)) })
    }

    /// An access, with what must be tested for before it is safe.
    func guardedAccess(_ known: Set<Guard>) -> (access: Access, tests: [Guard])? {
        let candidates = accesses.filter { !known.isSuperset(of: $0.guards) }
        guard let access = dice.any(of: candidates) else { return nil }
        return (access, access.guards.filter { !known.contains($0) })
    }

    /// The tests as operands of `&&`: some of them as one `has` with a path.
    func tests(_ guards: [Guard]) -> [Expression] {
        var tests: [Expression] = []
        var last: Guard?
        for test in guards {
            if let previous = last, let name = previous.attribute, let next = test.attribute, name.isIdentifier, next.isIdentifier,
                test.target == Expression(.attribute(previous.target, name)), dice.chance(60),
                case .has(let target, let path)? = tests.last?.kind
            {
                tests[tests.count - 1] = Expression(.has(target, path + [next]))
            } else {
                tests.append(test.test)
            }
            last = test
        }
        return tests
    }

    // MARK: Expressions of a type

    func expression(_ type: AttributeType, _ known: Set<Guard>, depth: Int) -> Expression {
        if isMistake() { return mistaken(type, known, depth: depth) }
        if dice.chance(depth > 0 ? 45 : 65), let access = access(known, where: { $0 == type }) { return access.expression }
        guard depth > 0 else { return literal(type) }
        switch dice.int(0...19) {
        case 0, 1:
            let (test, granted) = condition(known, depth: depth - 1)
            return Expression(
                .conditional(
                    if: test, then: expression(type, known.union(granted), depth: depth - 1),
                    else: expression(type, known, depth: depth - 1)))
        case 2, 3:
            guard let (access, tests) = guardedAccess(known), access.type == type else { break }
            return Expression(
                .conditional(
                    if: .and(self.tests(tests)), then: access.expression, else: expression(type, known, depth: depth - 1)))
        case 4:
            let name = words.attributeName()
            let record = Expression(.record([.init(name, expression(type, known, depth: depth - 1))]))
            return Expression(.attribute(record, name))
        default: break
        }
        return operation(type, known, depth: depth - 1)
    }

    private func operation(_ type: AttributeType, _ known: Set<Guard>, depth: Int) -> Expression {
        switch type {
        case .bool: return condition(known, depth: depth).expression
        case .long: return long(known, depth: depth)
        case .string, .entity: return literal(type)
        case .extension(let kind): return self.extension(kind, known, depth: depth)
        case .set(let element):
            return Expression(.set(dice.several(1...3) { expression(element, known, depth: depth) }))
        case .record(let fields):
            return Expression(.record(fields.map { .init($0.name, expression($0.type, known, depth: depth)) }))
        }
    }

    private func long(_ known: Set<Guard>, depth: Int) -> Expression {
        func operand() -> Expression { expression(.long, known, depth: depth) }
        switch dice.int(0...5) {
        case 0...2: return Expression(.binary(dice.pick(.add, .subtract, .multiply), operand(), operand()))
        case 3: return Expression(.unary(.negate, operand()))
        default:
            let method: ExtensionFunction = dice.pick(.toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays)
            return Expression(.call(method, [expression(.extension(.duration), known, depth: depth)]))
        }
    }

    private func `extension`(_ kind: ExtensionText.Kind, _ known: Set<Guard>, depth: Int) -> Expression {
        func operand(_ kind: ExtensionText.Kind) -> Expression { expression(.extension(kind), known, depth: depth) }
        switch kind {
        case .datetime where dice.chance(50):
            return dice.bit()
                ? Expression(.call(.offset, [operand(.datetime), operand(.duration)]))
                : Expression(.call(.toDate, [operand(.datetime)]))
        case .duration where dice.chance(50):
            return dice.bit()
                ? Expression(.call(.durationSince, [operand(.datetime), operand(.datetime)]))
                : Expression(.call(.toTime, [operand(.datetime)]))
        default: return literal(.extension(kind))
        }
    }

    /// A literal of the type, or what comes nearest to one.
    func literal(_ type: AttributeType) -> Expression {
        switch type {
        case .extension(let kind):
            let text = Expression(.literal(.string(CedarString(ExtensionText(dice: dice).valid(kind).text))))
            return Expression(.call(kind.constructor, [text]))
        case .set(let element): return Expression(.set(dice.several(1...3) { literal(element) }))
        case .record(let fields): return Expression(.record(fields.map { .init($0.name, literal($0.type)) }))
        case .long:
            // Small ones mostly: whatever overflows says nothing about types.
            return Expression(.literal(.long(dice.chance(97) ? Int64(dice.int(-9...9)) : dice.long())))
        default: return Expression(data.datum(type, depth: 2).value)
        }
    }

    func anyType(depth: Int = 1) -> AttributeType {
        // What the request has, more often than not.
        if dice.chance(70), let access = dice.any(of: accesses) { return access.type }
        switch dice.int(0...(depth > 0 ? 8 : 5)) {
        case 0: return .bool
        case 1, 2: return .long
        case 3: return .string
        case 4: return entityType()
        case 5: return .extension(dice.any(of: ExtensionText.Kind.allCases) ?? .ip)
        case 6, 7: return .set(anyType(depth: depth - 1))
        default:
            return .record([AttributeField(name: words.attributeName(), type: anyType(depth: depth - 1), isRequired: true)])
        }
    }

    func entityType() -> AttributeType {
        if dice.chance(60), let access = access([], where: \.isEntity) { return access.type }
        return dice.any(of: schema.entityTypes).map { .entity($0.name) } ?? .string
    }

    /// An entity of whatever type.
    func entity(_ known: Set<Guard>, depth: Int) -> Expression { expression(entityType(), known, depth: depth) }
}

extension AttributeType {
    var isEntity: Bool { if case .entity = self { true } else { false } }
    var isSet: Bool { if case .set = self { true } else { false } }
    var isRecord: Bool { if case .record = self { true } else { false } }
}
