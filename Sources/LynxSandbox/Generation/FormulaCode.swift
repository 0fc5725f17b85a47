import LynxCedar

/// Writes formulas as expressions in C over `event` and the words of the sets that were looked up.
struct FormulaCode {
    let plan: LookupPlan
    /// The computations that the function begins with, in the order in which they stand there.
    private(set) var computations: [Arithmetic] = []
    private var places: [Arithmetic: Int] = [:]

    init(_ plan: LookupPlan) {
        self.plan = plan
    }

    mutating func code(_ formula: Formula) -> CodeExpression {
        switch formula {
        case .always: return .yes
        case .never: return .no
        case .test(let test): return code(test)
        case .not(let test): return .not(code(test))
        case .all(let parts):
            var codes: [CodeExpression] = []
            for part in parts { codes.append(code(part)) }
            return .all(of: codes)
        case .any(let parts):
            var codes: [CodeExpression] = []
            for part in parts { codes.append(code(part)) }
            return .any(of: codes)
        }
    }

    private mutating func code(_ test: Test) -> CodeExpression {
        switch test {
        case .text(let field, _): return text(test, field)
        case .address(let ranges):
            if let number = plan.addresses.number(ofKnown: test) { return bit(number, of: "address") }
            return .any(of: ranges.map(FormulaCode.condition).sorted().map { .term($0) })
        case .number(let field, let values):
            if let number = plan.numbers[field]?.number(ofKnown: test) { return bit(number, of: Facet.number(field).wordsName) }
            return .any(of: values.sorted().map { .term(FormulaCode.equals(field, $0)) })
        case .code(let field, let values):
            return .any(of: FormulaCode.bits(of: values, in: field.expression).map { .term($0) })
        case .principal(let uids):
            if let number = plan.principals.number(ofKnown: test) { return bit(number, of: "principal") }
            return .any(of: uids.map { plan.directory.number(of: $0) }.sorted().map { .term("event->workload == \($0)") })
        case .group(let uids):
            var words: [Int: UInt64] = [:]
            for number in uids.compactMap({ plan.directory.number(ofGroup: $0) }) { words[number / 64, default: 0] |= 1 << UInt64(number % 64) }
            return .any(of: words.sorted { $0.key < $1.key }.map { .term("event->groups[\($0.key)] & \(FormulaCode.hex($0.value))") })
        case .principalType(let types):
            return .any(
                of: types.sorted().map { .term("event->workload_type == \($0 == Principals.agent ? "WORKLOAD_AGENT" : "WORKLOAD_PLAIN")") })
        case .flags(let bits):
            return .term("event->flags & \(FormulaCode.hex(UInt64(bits)))")
        case .compare(let left, let order, let right):
            let (first, second) = (value(left), value(right))
            return .term("\(first) \(order.rawValue) \(second)")
        case .fits(let computation):
            _ = value(computation)
            return .term(fits(computation))
        case .present(let presence):
            return .term("event->present & \(presence == .inode ? "HAS_INODE" : "HAS_TARGET")")
        case .isOn(let field):
            return .term(field.expression)
        case .same(let left, let right):
            return .term(TextComparisonCode(left, right).call)
        case .joined(let number):
            return .term(JoinCode(number, plan).call)
        }
    }

    private func bit(_ number: Int, of sets: String) -> CodeExpression {
        .term("\(sets)[\(number / 64)] & \(FormulaCode.hex(1 << UInt64(number % 64)))")
    }

    static func hex(_ number: UInt64) -> String { "0x\(String(number, radix: 16))ULL" }
}

// Numbers.
extension FormulaCode {
    private static func constant(_ value: Int64) -> String {
        // The least number has no literal: its sign would come too late.
        value == .min ? "(-9223372036854775807LL - 1)" : "\(value)LL"
    }

    private static func equals(_ field: NumberField, _ value: Int64) -> String {
        if !field.isWide {
            // What 32 bits cannot hold no field is equal to.
            guard let narrow = UInt32(exactly: value) else { return "0" }
            return "\(field.expression) == \(narrow)u"
        }
        return value < 0 ? "0" : "\(field.expression) == \(value)ULL"
    }

    private static func bits(of values: Set<UInt32>, in expression: String) -> [String] {
        if values.count <= 2 { return values.sorted().map { "\(expression) == \($0)u" } }
        var words: [UInt32: UInt64] = [:]
        for value in values { words[value / 64, default: 0] |= 1 << UInt64(value % 64) }
        return words.sorted { $0.key < $1.key }.map { word, bits in
            "(\(expression) >> 6 == \(word)u && \(hex(bits)) >> (\(expression) & 63) & 1)"
        }
    }

    /// The value of a computation, which is in a variable where it takes a step.
    private mutating func value(_ arithmetic: Arithmetic) -> String {
        switch arithmetic {
        case .constant(let value): return FormulaCode.constant(value)
        case .field(let field): return "(__s64)\(field.expression)"
        case .sum(let left, let right), .difference(let left, let right), .product(let left, let right):
            _ = value(left)
            _ = value(right)
        case .negation(let operand):
            _ = value(operand)
        }
        if places[arithmetic] == nil {
            places[arithmetic] = computations.count
            computations.append(arithmetic)
        }
        return "number\(places[arithmetic] ?? 0)"
    }

    private func fits(_ arithmetic: Arithmetic) -> String {
        places[arithmetic].map { "fits\($0)" } ?? "1"
    }

    /// The declarations of all computations so far.
    mutating func computationLines() -> [String] {
        var lines: [String] = []
        var index = 0
        while index < computations.count {
            let (function, left, right): (String, Arithmetic, Arithmetic)
            switch computations[index] {
            case .sum(let first, let second): (function, left, right) = ("sum_fits", first, second)
            case .difference(let first, let second): (function, left, right) = ("difference_fits", first, second)
            case .product(let first, let second): (function, left, right) = ("product_fits", first, second)
            case .negation(let operand): (function, left, right) = ("difference_fits", .constant(0), operand)
            case .constant, .field:
                index += 1
                continue
            }
            let operands = "\(value(left)), \(value(right))"
            let earlier = [left, right].map(fits).filter { $0 != "1" }
            lines.append("__s64 number\(index);")
            lines.append(
                "const int fits\(index) = \((["\(function)(\(operands), &number\(index))"] + earlier).joined(separator: " & "));")
            index += 1
        }
        return lines
    }
}

// Addresses and texts.
extension FormulaCode {
    private static func condition(_ range: AddressRange) -> String {
        var terms = ["event->family == \(range.isIPv4 ? 4 : 6)"]
        for word in 0..<(range.octets.count / 4) {
            let bits = min(max(range.prefixLength - 32 * word, 0), 32)
            if bits == 0 { break }
            // The address lies there as the network sends it.
            let mask = UInt32.max << UInt32(32 - bits)
            let value = range.octets[(4 * word)..<(4 * word + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let bytes = "((const __u32 *)event->address)[\(word)]"
            terms.append(
                bits == 32
                    ? "\(bytes) == 0x\(String(value.byteSwapped, radix: 16))u"
                    : "(\(bytes) & 0x\(String(mask.byteSwapped, radix: 16))u) == 0x\(String(value.byteSwapped, radix: 16))u")
        }
        return terms.count == 1 ? terms[0] : "(\(terms.joined(separator: " && ")))"
    }

    private func text(_ test: Test, _ field: TextField) -> CodeExpression {
        var alternatives = plan.constants(of: test).map { FormulaCode.condition($0, field) }
        alternatives += plan.searches(of: test).map { .term("\(field.rawValue)_has_\($0)") }
        if let rest = plan.lookedUp(test), let number = plan.texts[field]?.number(ofKnown: rest) {
            alternatives.append(bit(number, of: field.setsName))
        }
        return .any(of: alternatives)
    }

    /// Whether a text is one or begins with one that is written out in words of eight bytes.
    private static func condition(_ pattern: TextPattern, _ field: TextField) -> CodeExpression {
        let slash = UInt8(ascii: "/")
        switch pattern {
        case .exact(let text) where field.isPath:
            // Behind the text is a slash; the length tells it from a longer one that has the same slash.
            let length = "event->\(field.rawValue).length == \(text.count)u"
            return .all(of: [.term(length)] + words(of: text + [slash], field).map { .term($0) })
        case .exact(let text):
            // Zeros fill the field up, so they are part of the comparison.
            return .all(of: words(of: text + Array(repeating: 0, count: 16 - text.count), field).map { .term($0) })
        case .under(let path):
            return .all(of: words(of: path.last == slash ? path : path + [slash], field).map { .term($0) })
        case .glob(let parts) where parts.count == 2 && parts[0].isEmpty && field.isPath:
            let length = "event->\(field.rawValue).length"
            let size = parts[1].count
            return .all(
                of: [.term("\(length) >= \(size)u")]
                    + FormulaCode.words(of: parts[1]).map { offset, value, mask in
                        let word = "text_word_at(\(field.bytes), ((\(length) - \(size)u) & (\(field.capacityName) - 1)) + \(offset))"
                        return .term(mask == .max ? "\(word) == \(hex(value))" : "(\(word) & \(hex(mask))) == \(hex(value))")
                    })
        case .glob(let parts):
            let prefix = parts.first ?? []
            let comparisons = words(of: prefix, field).map { CodeExpression.term($0) }
            guard field.isPath, prefix.last == slash else { return .all(of: comparisons) }
            // The slash must be the text's own, not the one behind it.
            return .all(of: [.term("event->\(field.rawValue).length >= \(prefix.count)u")] + comparisons)
        case .name:
            return .no
        }
    }

    private static func words(of text: [UInt8], _ field: TextField) -> [String] {
        words(of: text).map { offset, value, mask in
            let word = "TEXT_WORD(\(field.bytes), \(offset))"
            return mask == .max ? "\(word) == \(hex(value))" : "(\(word) & \(hex(mask))) == \(hex(value))"
        }
    }

    /// The text in words of eight bytes, the first byte the lowest, with the mask of the bytes that count.
    static func words(of text: [UInt8]) -> [(offset: Int, value: UInt64, mask: UInt64)] {
        stride(from: 0, to: text.count, by: 8).map { offset in
            let part = text[offset..<min(offset + 8, text.count)]
            let value = part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (offset, value, part.count == 8 ? .max : 1 << UInt64(8 * part.count) - 1)
        }
    }
}

extension TextField {
    /// The words of the sets that the text is in.
    var setsName: String { "\(rawValue.lowercased())_sets" }

    /// The constant of `event.h` for the room that the text has.
    var capacityName: String {
        switch self {
        case .path: "PATH_CAPACITY"
        case .executable: "EXECUTABLE_CAPACITY"
        case .comm, .filesystem, .targetComm: "COMM_CAPACITY"
        }
    }
}
