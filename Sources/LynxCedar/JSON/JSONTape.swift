/// One JSON value as the list of its parts, in memory that the next value uses again: a ``JSONValue`` without the tree.
///
/// It takes what is written plainly and surely right, and leaves everything else (escapes in strings, numbers that are no 64-bit integers, deep
/// nesting, faults) to ``JSONReader``. What it takes, that one takes too, and as the same.
struct JSONTape {
    struct Part: BitwiseCopyable {
        enum Kind: UInt8, BitwiseCopyable {
            case null, bool, integer, string, array, object
            /// An object that has been found to be the escape of an entity.
            case entity
        }

        var kind: Kind
        /// Where the value stands; of a string what is between the quotes.
        let start: UInt32
        var end: UInt32
        /// The part behind this one and all that is in it.
        var next: UInt32
        /// The Boolean, the integer, the number of elements or members; of a string or an entity what its reader has put here.
        var payload: UInt64
    }

    /// The value, and behind each array or object what is in it: elements, or names and values by turns.
    var parts: ContiguousArray<Part> = []
    /// The arrays and objects around the current place.
    private var open: ContiguousArray<UInt32> = []
    private var hashes: [UInt64] = []

    /// Values that nest deeper are left to the tree, so that whoever reads the parts may recurse.
    private static let maximumNesting = 16

    /// Reads the value that starts at a place.
    ///
    /// - Returns: where it ends; `nil` when it is left to the tree.
    mutating func read(_ text: JSONBytes, from start: Int) -> Int? {
        parts.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        var position = start
        while true {
            guard var end = readValueOrOpening(text, from: position) else { return nil }
            // The value may be complete, and then the arrays and objects around it.
            var isComplete = end.isComplete
            while isComplete, let container = open.last {
                end.position = text.skippingWhiteSpace(from: end.position)
                let isObject = parts[Int(container)].kind == .object
                switch text[end.position] {
                case UInt8(ascii: ","):
                    end.position = text.skippingWhiteSpace(from: end.position + 1)
                    if isObject {
                        guard let name = readName(text, from: end.position) else { return nil }
                        end.position = name
                    }
                    parts[Int(container)].payload += 1
                    isComplete = false
                case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
                    end.position += 1
                    guard closes(container, at: end.position, text) else { return nil }
                default: return nil
                }
            }
            if isComplete { return end.position }
            position = end.position
        }
    }

    /// Reads a value without parts, or the beginning of another up to where its first part is.
    private mutating func readValueOrOpening(_ text: JSONBytes, from start: Int) -> (position: Int, isComplete: Bool)? {
        switch text[start] {
        case UInt8(ascii: "\""):
            return readString(text, from: start).map { ($0, true) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return readOpening(text, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            return readInteger(text, from: start).map { ($0, true) }
        case UInt8(ascii: "t") where text.has("true", at: start):
            add(.bool, start, start + 4, payload: 1)
            return (start + 4, true)
        case UInt8(ascii: "f") where text.has("false", at: start):
            add(.bool, start, start + 5)
            return (start + 5, true)
        case UInt8(ascii: "n") where text.has("null", at: start):
            add(.null, start, start + 4)
            return (start + 4, true)
        default: return nil
        }
    }

    private mutating func readOpening(_ text: JSONBytes, from start: Int) -> (position: Int, isComplete: Bool)? {
        guard open.count < JSONTape.maximumNesting else { return nil }
        let isObject = text[start] == UInt8(ascii: "{")
        let first = text.skippingWhiteSpace(from: start + 1)
        if text[first] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            add(isObject ? .object : .array, start, first + 1)
            return (first + 1, true)
        }
        open.append(UInt32(truncatingIfNeeded: parts.count))
        add(isObject ? .object : .array, start, start, payload: 1)
        guard isObject else { return (first, false) }
        return readName(text, from: first).map { ($0, false) }
    }

    /// Reads a name and the colon behind it, up to where the value is.
    private mutating func readName(_ text: JSONBytes, from start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "\""), let end = readString(text, from: start) else { return nil }
        let colon = text.skippingWhiteSpace(from: end)
        guard text[colon] == UInt8(ascii: ":") else { return nil }
        return text.skippingWhiteSpace(from: colon + 1)
    }

    private mutating func readString(_ text: JSONBytes, from start: Int) -> Int? {
        let end = text.skippingPlainBytes(from: start + 1)
        guard text[end] == UInt8(ascii: "\"") else { return nil }
        add(.string, start + 1, end)
        return end + 1
    }

    private mutating func readInteger(_ text: JSONBytes, from start: Int) -> Int? {
        let isNegative = text[start] == UInt8(ascii: "-")
        let first = isNegative ? start + 1 : start
        var position = first
        var magnitude: Int64 = 0
        // 18 digits always fit.
        while text[position].isDecimalDigit, position - first < 18 {
            magnitude = magnitude * 10 + Int64(text[position] - UInt8(ascii: "0"))
            position += 1
        }
        // What goes on as a number, and one that begins with a zero, is for the other reader to judge. What follows a value is looked at
        // in any case.
        guard position > first, text[first] != UInt8(ascii: "0") || position == first + 1 && !isNegative,
            !text[position].isDecimalDigit
        else { return nil }
        add(.integer, start, position, payload: UInt64(bitPattern: isNegative ? -magnitude : magnitude))
        return position
    }

    @inline(__always)
    private mutating func add(_ kind: Part.Kind, _ start: Int, _ end: Int, payload: UInt64 = 0) {
        parts.append(
            Part(
                kind: kind, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                next: UInt32(truncatingIfNeeded: parts.count + 1), payload: payload))
    }

    /// Completes the innermost array or object, unless it has a name twice.
    private mutating func closes(_ container: UInt32, at end: Int, _ text: JSONBytes) -> Bool {
        open.removeLast()
        parts[Int(container)].end = UInt32(truncatingIfNeeded: end)
        parts[Int(container)].next = UInt32(truncatingIfNeeded: parts.count)
        return parts[Int(container)].kind != .object || hasDistinctNames(Int(container), text)
    }

    private mutating func hasDistinctNames(_ object: Int, _ text: JSONBytes) -> Bool {
        let count = Int(parts[object].payload)
        guard count > 1 else { return true }
        // Few names are compared faster than hashed.
        if count <= 8 {
            var member = Int(parts[object + 1 + 1].next)
            for _ in 1..<count {
                var other = object + 1
                while other < member {
                    if text.bytes(of: parts[member]).isEqual(to: text.bytes(of: parts[other])) { return false }
                    other = Int(parts[other + 1].next)
                }
                member = Int(parts[member + 1].next)
            }
            return true
        }
        hashes.removeAll(keepingCapacity: true)
        var member = object + 1
        for _ in 0..<count {
            hashes.append(ContentHash.of(text.bytes(of: parts[member])))
            member = Int(parts[member + 1].next)
        }
        hashes.sort()
        return (1..<count).allSatisfy { hashes[$0 - 1] != hashes[$0] }
    }
}
