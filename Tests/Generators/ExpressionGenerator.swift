import LynxCedar

/// Makes expressions of given types for one request: mostly well-typed ones over what the request can reach, with a share
/// of operands of the wrong type, missing attributes, overflows and texts that no extension type takes.
struct ExpressionGenerator {
    let dice: Dice
    let words: AwkwardText
    let world: World
    /// What the request's entities and context hold.
    let accesses: [Access]
    let data: DataGenerator

    /// An expression over the request whose type and value are known.
    struct Access {
        let expression: Expression
        let value: Value
    }

    init(dice: Dice, words: AwkwardText, world: World, request: World.RequestRecord) {
        self.dice = dice
        self.words = words
        self.world = world
        self.data = DataGenerator(dice: dice, words: words, uids: world.uids)
        self.accesses = Self.accesses(world, request)
    }

    private static func accesses(_ world: World, _ request: World.RequestRecord) -> [Access] {
        var accesses: [Access] = []
        var pending: [(access: Access, depth: Int)] = [
            (Access(expression: Expression(.variable(.principal)), value: .entity(request.principal)), 0),
            (Access(expression: Expression(.variable(.action)), value: .entity(request.action)), 0),
            (Access(expression: Expression(.variable(.resource)), value: .entity(request.resource)), 0),
            (Access(expression: Expression(.variable(.context)), value: request.context.value), 0),
        ]
        while let (access, depth) = pending.popLast() {
            accesses.append(access)
            if depth == 3 { continue }
            var attributes: Record = [:]
            switch access.value {
            case .record(let record):
                attributes = record
            case .entity(let uid):
                if case .record(let record)? = world.entity(uid)?.attributes.value { attributes = record }
                if case .record(let tags)? = world.entity(uid)?.tags?.value {
                    for tag in tags.attributes {
                        let key = Expression(.literal(.string(tag.name)))
                        let get = Expression(.binary(.getTag, access.expression, key))
                        pending.append((Access(expression: get, value: tag.value), depth + 1))
                    }
                }
            default:
                break
            }
            for attribute in attributes.attributes {
                let get = Expression(.attribute(access.expression, attribute.name))
                pending.append((Access(expression: get, value: attribute.value), depth + 1))
            }
        }
        return accesses
    }

    // MARK: Expressions of a type

    func expression(_ type: AttributeType, depth: Int) -> Expression {
        let type = dice.chance(3) ? anyType(depth: 1) : type
        if depth <= 0 || dice.chance(15) { return leaf(type) }
        if dice.chance(6) {
            return Expression(
                .conditional(
                    if: condition(depth: depth - 1), then: expression(type, depth: depth - 1),
                    else: expression(type, depth: depth - 1)))
        }
        if dice.chance(2) { return missing() }
        return switch type {
        case .bool: condition(depth: depth)
        case .long: long(depth: depth - 1)
        case .string, .entity: leaf(type)
        case .extension(let kind): self.extension(kind, depth: depth - 1)
        case .set(let element):
            Expression(.set(dice.several(0...3) { expression(element, depth: depth - 1) }))
        case .record(let fields):
            Expression(.record(fields.map { .init($0.name, expression($0.type, depth: depth - 1)) }))
        }
    }

    func anyType(depth: Int) -> AttributeType {
        switch dice.int(0...(depth > 0 ? 8 : 6)) {
        case 0: .bool
        case 1, 2: .long
        case 3: .string
        case 4: dice.any(of: world.schema.entityTypes).map { .entity($0.name) } ?? .string
        case 5, 6: .extension(dice.any(of: ExtensionText.Kind.allCases) ?? .ip)
        case 7: .set(anyType(depth: depth - 1))
        default:
            .record(
                dice.chance(50)
                    ? [] : [AttributeField(name: words.attributeName(), type: anyType(depth: depth - 1), isRequired: true)])
        }
    }

    private func leaf(_ type: AttributeType) -> Expression {
        if dice.chance(60), let access = dice.any(of: accesses.filter { $0.value.hasShape(of: type) }) {
            return access.expression
        }
        return literal(data.datum(type, depth: 2))
    }

    /// The value as an expression; extension values sometimes by the text that they were made from.
    private func literal(_ datum: Datum) -> Expression {
        if case .object(let members) = datum.json.kind, members.first?.name == "__extn",
            case .object(let call)? = members.first?.value.kind, dice.chance(80),
            case .string(let name)? = call.first?.value.kind, let function = ExtensionFunction(rawValue: name.string),
            case .string(let text)? = call.last?.value.kind
        {
            return Expression(.call(function, [Expression(.literal(.string(text)))]))
        }
        return Expression(datum.value)
    }

    /// An attribute or tag that is probably not there, or an access to something that has none.
    private func missing() -> Expression {
        let target = dice.any(of: accesses)?.expression ?? Expression(.variable(.principal))
        return dice.chance(70)
            ? Expression(.attribute(target, words.attributeName()))
            : Expression(.binary(.getTag, target, leaf(.string)))
    }

    private func long(depth: Int) -> Expression {
        switch dice.int(0...9) {
        case 0...5:
            return Expression(
                .binary(dice.pick(.add, .subtract, .multiply), expression(.long, depth: depth), expression(.long, depth: depth)))
        case 6, 7:
            return (0..<dice.int(1...5)).reduce(expression(.long, depth: depth)) { operand, _ in
                Expression(.unary(.negate, operand))
            }
        default:
            let method: ExtensionFunction = dice.pick(.toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays)
            return Expression(.call(method, [expression(.extension(.duration), depth: depth)]))
        }
    }

    private func `extension`(_ kind: ExtensionText.Kind, depth: Int) -> Expression {
        let texts = ExtensionText(dice: dice)
        func operand(_ kind: ExtensionText.Kind) -> Expression { expression(.extension(kind), depth: depth) }
        if dice.chance(45) {
            switch kind {
            case .datetime:
                return dice.chance(60)
                    ? Expression(.call(.offset, [operand(.datetime), operand(.duration)]))
                    : Expression(.call(.toDate, [operand(.datetime)]))
            case .duration:
                return dice.chance(60)
                    ? Expression(.call(.durationSince, [operand(.datetime), operand(.datetime)]))
                    : Expression(.call(.toTime, [operand(.datetime)]))
            case .decimal, .ip:
                break
            }
        }
        let text =
            dice.chance(88)
            ? Expression(.literal(.string(CedarString(dice.chance(92) ? texts.text(kind) : texts.brokenText(kind)))))
            : expression(.string, depth: depth)
        return Expression(.call(kind.constructor, [text]))
    }
}

extension Value {
    /// Whether the value is of the type as far as its outermost constructor tells.
    func hasShape(of type: AttributeType) -> Bool {
        switch (self, type) {
        case (.bool, .bool), (.long, .long), (.string, .string), (.set, .set), (.record, .record),
            (.decimal, .extension(.decimal)), (.ip, .extension(.ip)), (.datetime, .extension(.datetime)),
            (.duration, .extension(.duration)):
            true
        case (.entity(let uid), .entity(let name)): uid.type == name
        default: false
        }
    }
}
