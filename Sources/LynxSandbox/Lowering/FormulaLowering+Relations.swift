import LynxCedar

// Equality, order and sets.
extension FormulaLowering {
    func equality(_ left: Operand, _ right: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch (left, right) {
        case (.constant(let left), .constant(let right)):
            return left == right ? .always : .never
        case (.truth(let left), .truth(let right)):
            return try equality(left, right, span)
        case (.number(let left), .number(let right)):
            return comparison(left, .equal, right)
        case (.principal, .principal), (.resource, .resource), (.address, .address), (.flags, .flags):
            return .always
        case (.principal, .constant(.entity(let uid))), (.constant(.entity(let uid)), .principal):
            return Truth(Principals.types.contains(uid.type) ? .test(.principal([uid])) : .never)
        case (.resource, .constant(.entity(let uid))), (.constant(.entity(let uid)), .resource):
            return Truth(try resourceEquals(uid, span))
        case (.text(let field), .constant(.string(let text))), (.constant(.string(let text)), .text(let field)):
            return Truth(match(field, .exact(Array(text.string.utf8))))
        case (.name, .constant(.string(let text))), (.constant(.string(let text)), .name):
            return Truth(match(.path, .name([Array(text.string.utf8)])))
        case (.code(let field), .constant(.string(let text))), (.constant(.string(let text)), .code(let field)):
            return Truth(code(field) { $0 == text })
        case (.address, .constant(.ip(let address))), (.constant(.ip(let address)), .address):
            // A host's address has the full prefix length.
            let isHost = address.prefixLength == (address.isIPv4 ? 32 : 128)
            return Truth(isHost ? .test(.address([AddressRange(address)])) : .never)
        case (.text, .text), (.text, .name), (.name, .text), (.name, .name), (.code, .text), (.text, .code), (.code, .name), (.name, .code),
            (.code, .code):
            return Truth(sameText(left, right))
        case (.set(let left), .set(let right)):
            return .conjunction([
                try containsAll(.set(left), .set(right), span), try containsAll(.set(right), .set(left), span),
            ])
        case (.flags, .set), (.set, .flags):
            return .conjunction([try containsAll(left, right, span), try containsAll(right, left, span)])
        default:
            // Values of different kinds are not equal.
            return .never
        }
    }

    /// Whether two texts of an event are the same.
    private func sameText(_ left: Operand, _ right: Operand) -> Formula {
        switch (left, right) {
        case (.code(let left), .code(let right)) where left == right:
            return .always
        case (.code(let field), _):
            // A code is one of a few names.
            return .any(of: field.names.map { name in .all(of: [code(field) { $0 == name }, isText(right, name)]) })
        case (_, .code):
            return sameText(right, left)
        case (.name, .text(.path)), (.text(.path), .name):
            // The last component of a path without a slash is all of it.
            return .not(.text(.path, [.glob([[], [UInt8(ascii: "/")], []])]))
        default:
            guard let left = left.comparedText, let right = right.comparedText else { return .never }
            return left == right ? .always : .test(.same(min(left, right), max(left, right)))
        }
    }

    /// Whether a text of an event is a literal.
    private func isText(_ operand: Operand, _ text: CedarString) -> Formula {
        switch operand {
        case .text(let field): match(field, .exact(Array(text.string.utf8)))
        case .name: match(.path, .name([Array(text.string.utf8)]))
        case .code(let field): code(field) { $0 == text }
        default: .never
        }
    }

    private func equality(_ left: Truth, _ right: Truth, _ span: SourceSpan?) throws(Refusal) -> Truth {
        func result(_ same: Bool) -> Formula {
            .any(of: [
                .all(of: [left.holds, same ? right.holds : right.fails]), .all(of: [left.fails, same ? right.fails : right.holds]),
            ])
        }
        return left.isTotal && right.isTotal ? Truth(result(true)) : Truth(holds: result(true), fails: result(false))
    }

    func order(_ left: Operand, _ order: Test.Order, _ right: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch (left, right) {
        case (.number(let left), .number(let right)):
            return comparison(left, order, right)
        case (.constant(let left), .constant(let right)):
            // Datetimes and durations, which the kernel knows of no event.
            let isLess = left < right
            return isLess || (order == .lessOrEqual && left == right) ? .always : .never
        default:
            throw Refusal("the kernel orders numbers only", suggestion: "compare numbers, such as `context.uid` and `resource.port`", at: span)
        }
    }

    /// That both computations fit is a condition of the case they come from.
    private func comparison(_ left: Arithmetic, _ order: Test.Order, _ right: Arithmetic) -> Truth {
        switch (left, order, right) {
        case (.constant(let left), .equal, .constant(let right)): return left == right ? .always : .never
        case (.constant(let left), .less, .constant(let right)): return left < right ? .always : .never
        case (.constant(let left), .lessOrEqual, .constant(let right)): return left <= right ? .always : .never
        case (.field(let field), .equal, .constant(let value)), (.constant(let value), .equal, .field(let field)):
            return Truth(.test(.number(field, [value])))
        default:
            return left == right ? (order == .less ? .never : .always) : Truth(.test(.compare(left, order, right)))
        }
    }

    /// `text` matches `pattern`, unless no text of the field can, or all do.
    func match(_ field: TextField, _ pattern: TextPattern) -> Formula {
        let parts: [[UInt8]]
        switch pattern {
        case .exact(let text), .under(let text): parts = [text]
        case .glob(let all), .name(let all): parts = all
        }
        let length = parts.reduce(0) { $0 + $1.count }
        // The kernel's texts hold no zero: it ends them.
        if length > field.capacity || parts.contains(where: { $0.contains(0) }) { return .never }
        if case .name = pattern {
            // The last component has no slash in it.
            if parts.contains(where: { $0.contains(UInt8(ascii: "/")) }) { return .never }
        }
        if parts.count > 1 && length == 0 { return .always }
        if case .name(let parts) = pattern {
            // The end of the last component is that of the path; the whole of it stands behind a slash, or alone.
            if parts.count == 2 && parts[0].isEmpty { return .test(.text(field, [.glob(parts)])) }
            if parts.count == 1 { return .test(.text(field, [.glob([[], [UInt8(ascii: "/")] + parts[0]]), .exact(parts[0])])) }
        }
        return .test(.text(field, [pattern]))
    }

    /// Where the name of a number is one that `isWanted`.
    func code(_ field: CodeField, _ isWanted: (CedarString) -> Bool) -> Formula {
        let vocabulary = field.vocabulary
        let named = vocabulary.numbers.filter { isWanted(CedarString($0.key)) }.map(\.value)
        guard let other = vocabulary.other, isWanted(CedarString(other)) else {
            return named.isEmpty ? .never : .test(.code(field, Set(named)))
        }
        let unwanted = Set(vocabulary.numbers.values).subtracting(named)
        return unwanted.isEmpty ? .always : .not(.code(field, unwanted))
    }

    func like(_ operand: Operand, _ pattern: Pattern, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch operand {
        case .constant(.string(let text)): return pattern.matches(text) ? .always : .never
        case .text(let field): return Truth(match(field, TextPattern(pattern, ofName: false)))
        case .name: return Truth(match(.path, TextPattern(pattern, ofName: true)))
        case .code(let field): return Truth(code(field) { pattern.matches($0) })
        default: throw Refusal("this is no text that the kernel knows", suggestion: "match an attribute that is a text, such as `resource.path`", at: span)
        }
    }

    func isEmpty(_ operand: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch operand {
        case .set(let elements): return elements.isEmpty ? .always : .never
        case .constant(.set(let set)): return set.isEmpty ? .always : .never
        case .flags: return Truth(.not(.flags(FormulaLowering.allFlags)))
        default: throw Refusal("this is no set that the kernel knows", suggestion: "ask `context.flags`, or a set that is written out", at: span)
        }
    }

    private static let allFlags = Vocabulary.flags.values.reduce(0, |)

    func contains(_ set: Operand, _ element: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch set {
        case .set(let elements):
            var alternatives: [Truth] = []
            for candidate in elements { alternatives.append(try equality(candidate, element, span)) }
            return .disjunction(alternatives)
        case .constant(.set(let values)):
            return try contains(.set(values.elements.map { Operand(value: $0) }), element, span)
        case .flags:
            switch element {
            case .constant(.string(let name)):
                guard let bit = Vocabulary.flags[name.string] else {
                    throw Refusal(
                        "there is no flag `\(name)`",
                        suggestion: "the flags are \(Vocabulary.flags.keys.sorted().joined(separator: ", "))", at: span)
                }
                return Truth(.test(.flags(bit)))
            case .text, .name, .code:
                return Truth(
                    .any(of: Vocabulary.flags.sorted { $0.value < $1.value }.map { name, bit in
                        .all(of: [.test(.flags(bit)), isText(element, CedarString(name))])
                    }))
            default: return .never
            }
        default:
            throw Refusal("this is no set that the kernel knows", suggestion: "ask `context.flags`, or a set that is written out", at: span)
        }
    }

    func containsAll(_ set: Operand, _ others: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch others {
        case .set(let elements):
            var all: [Truth] = []
            for element in elements { all.append(try contains(set, element, span)) }
            return .conjunction(all)
        case .constant(.set(let values)):
            return try containsAll(set, .set(values.elements.map { Operand(value: $0) }), span)
        case .flags:
            if case .flags = set { return .always }
            // No flag may be there that the set has not.
            var parts: [Truth] = []
            for (name, bit) in Vocabulary.flags.sorted(by: { $0.value < $1.value }) {
                parts.append(.disjunction([Truth(.not(.flags(bit))), try contains(set, .constant(.string(CedarString(name))), span)]))
            }
            return .conjunction(parts)
        default:
            throw Refusal("this is no set that the kernel knows", suggestion: "ask `context.flags`, or a set that is written out", at: span)
        }
    }

    func containsAny(_ left: Operand, _ right: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch (left, right) {
        case (_, .set(let elements)):
            var any: [Truth] = []
            for element in elements { any.append(try contains(left, element, span)) }
            return .disjunction(any)
        case (_, .constant(.set(let values))):
            return try containsAny(left, .set(values.elements.map { Operand(value: $0) }), span)
        case (.flags, .flags):
            return Truth(.test(.flags(FormulaLowering.allFlags)))
        case (_, .flags):
            return try containsAny(right, left, span)
        default:
            throw Refusal("this is no set that the kernel knows", suggestion: "ask `context.flags`, or a set that is written out", at: span)
        }
    }

    func call(
        _ function: ExtensionFunction, _ arguments: [Expression], _ span: SourceSpan?
    ) throws(Refusal) -> Truth {
        guard let receiver = arguments.first else { throw Refusal("`\(function)` has no argument", suggestion: "give it one", at: span) }
        return try cases(of: receiver).truth { operand throws(Refusal) in
            switch function {
            case .isInRange:
                var ranges: [Truth] = []
                for argument in arguments.dropFirst() {
                    ranges.append(
                        try cases(of: argument).truth { range throws(Refusal) in try isInRange(operand, range, span) })
                }
                return .disjunction(ranges)
            case .isIpv4: return try address(operand, [.all4], span) { $0.isIPv4 }
            case .isIpv6: return try address(operand, [.all6], span) { $0.isIPv6 }
            case .isLoopback: return try address(operand, AddressRange.loopback, span) { $0.isLoopback }
            case .isMulticast: return try address(operand, AddressRange.multicast, span) { $0.isMulticast }
            default: throw Refusal("the kernel does not know `\(function)`", suggestion: "ask an address with `isInRange`, `isIpv4`, `isIpv6`, `isLoopback` or `isMulticast`", at: span)
            }
        }
    }

    private func address(
        _ operand: Operand, _ ranges: Set<AddressRange>, _ span: SourceSpan?, _ holds: (IPAddress) -> Bool
    ) throws(Refusal) -> Truth {
        switch operand {
        case .address: return Truth(.test(.address(ranges)))
        case .constant(.ip(let address)): return holds(address) ? .always : .never
        default: throw Refusal("this is no address that the kernel knows", suggestion: "ask `resource.address` for its range, as in `resource.address.isInRange(ip(\"10.0.0.0/8\"))`", at: span)
        }
    }

    private func isInRange(_ operand: Operand, _ range: Operand, _ span: SourceSpan?) throws(Refusal) -> Truth {
        switch (operand, range) {
        case (.address, .constant(.ip(let range))): return Truth(.test(.address([AddressRange(range)])))
        case (.constant(.ip(let address)), .constant(.ip(let range))): return address.isInRange(range) ? .always : .never
        case (.constant(.ip(let address)), .address):
            // The range is a single host.
            let isHost = address.prefixLength == (address.isIPv4 ? 32 : 128)
            return isHost ? Truth(.test(.address([AddressRange(address)]))) : .never
        case (.address, .address): return .always
        default: throw Refusal("this is no address that the kernel knows", suggestion: "ask `resource.address` for its range, as in `resource.address.isInRange(ip(\"10.0.0.0/8\"))`", at: span)
        }
    }
}

extension CodeField {
    /// What its numbers are called.
    fileprivate var names: [CedarString] {
        (vocabulary.numbers.keys.sorted() + [vocabulary.other].compactMap(\.self)).map { CedarString($0) }
    }
}

extension Operand {
    /// As one side of a comparison of texts that both vary.
    fileprivate var comparedText: ComparedText? {
        switch self {
        case .text(let field): .field(field)
        case .name: .name
        default: nil
        }
    }

    init(value: Value) {
        switch value {
        case .bool(let value): self = .truth(value ? .always : .never)
        case .long(let value): self = .number(.constant(value))
        default: self = .constant(value)
        }
    }
}
