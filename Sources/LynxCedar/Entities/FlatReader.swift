/// Reads the entities of a JSON text into rows, one after the other, and keeps nothing of one when the next is read.
///
/// For texts without fault: where it finds one, it stops, and whoever wants to know what is wrong has to read the text as a tree.
struct FlatReader {
    private let text: JSONBytes
    private let listing: EntityListing
    private var types: EntityTypeTable
    private let keys = EntityKeys()
    private var tape = JSONTape()
    /// For what is read by way of trees.
    private var trees = DataReader(source: nil)
    private var conformance: Conformance?
    /// The actions, which are checked when all their ancestors are known.
    private(set) var actions: [Entity] = []

    /// - Returns: `nil` where a fault shows already.
    init?(_ text: JSONBytes, schema: Schema?) {
        guard let listing = EntityListing(text) else { return nil }
        self.text = text
        self.listing = listing
        types = listing.types
        conformance = schema.map { Conformance($0) }
    }

    var count: Int { listing.entries.count }

    /// Gives all entities their numbers, from 0 on.
    ///
    /// - Returns: whether no uid occurs twice.
    func number(in numbers: inout EntityNumbers) -> Bool {
        for (index, entry) in listing.entries.enumerated() {
            let number: UInt32
            if entry.idStart == 0, let uid = listing.writtenUIDs[entry.start] {
                number = numbers.intern(uid)
            } else {
                let id = text.bytes(Int(entry.idStart)..<Int(entry.idEnd))
                number = numbers.intern(type: listing.types.bytes(of: entry.type), id: id)
            }
            guard number == index else { return false }
        }
        return true
    }

    /// Reads the entity with a number.
    ///
    /// - Returns: `nil` where it has a fault.
    mutating func read(
        _ number: Int, into encoder: inout EntityEncoder, _ numbers: inout EntityNumbers, _ shapes: inout ShapeTable
    ) -> Bool {
        let entry = listing.entries[number]
        let start = Int(entry.start)
        let end = tape.read(text, from: start)
        // What a schema says of an entity is asked of a whole one; and an action's parents must be actions.
        if end != nil, conformance == nil, !types.isAction(entry.type), readParts(into: &encoder, &numbers, &shapes) { return true }
        guard let tree = text.tree(start..<(end ?? text.skippingValue(from: start))), let entity = trees.entity(tree, &conformance),
            trees.diagnostics.isEmpty
        else { return false }
        if entity.uid.isAction { actions.append(entity) }
        encoder.append(entity, &numbers, &shapes)
        return true
    }

    /// Whether the actions are as the schema has them.
    mutating func checkActions(ancestors: (EntityUID) -> Set<EntityUID>) -> Bool {
        guard var conformance else { return true }
        for action in actions { conformance.checkAction(action, ancestors: ancestors(action.uid)) }
        return conformance.takeFaults().isEmpty
    }

    /// Reads the entity that is on the tape.
    ///
    /// - Returns: whether it is written plainly enough; if not, nothing has been added.
    private mutating func readParts(
        into encoder: inout EntityEncoder, _ numbers: inout EntityNumbers, _ shapes: inout ShapeTable
    ) -> Bool {
        guard let attributes = tape.member(keys.attributes, of: 0, text), tape.parts[attributes].kind == .object,
            let parents = tape.member(keys.parents, of: 0, text), tape.parts[parents].kind == .array
        else { return false }
        encoder.begin()
        var size = 0
        var member = attributes + 1
        for _ in 0..<tape.parts[attributes].payload {
            guard let block = resolve(member + 1, &numbers) else { return false }
            encoder.addAttribute(numbers.symbols.intern(text.bytes(of: tape.parts[member])), at: member + 1)
            size += block
            member = Int(tape.parts[member + 1].next)
        }
        let tags = tape.member(keys.tags, of: 0, text)
        if let tags {
            guard tape.parts[tags].kind == .object, let block = resolveMembers(tags, &numbers) else { return false }
            size += block
        }
        var parent = parents + 1
        for _ in 0..<tape.parts[parents].payload {
            guard let uid = tape.uid(parent, text, keys), let number = intern(uid, &numbers) else { return false }
            encoder.addParent(number)
            parent = Int(tape.parts[parent].next)
        }
        encoder.finish(blockSize: size, tape: tape, tags: tags, &numbers, &shapes)
        return true
    }

    /// Gives a value's strings and entities their numbers.
    ///
    /// - Returns: how many bytes of blocks it needs at most; `nil` when it is not written plainly enough.
    private mutating func resolve(_ part: Int, _ numbers: inout EntityNumbers) -> Int? {
        switch tape.parts[part].kind {
        case .bool, .integer, .entity: return 0
        case .null: return nil
        case .string:
            resolveString(part, &numbers)
            return 0
        case .array:
            var size = 16 * Int(tape.parts[part].payload)
            var element = part + 1
            for _ in 0..<tape.parts[part].payload {
                guard let block = resolve(element, &numbers) else { return nil }
                size += block
                element = Int(tape.parts[element].next)
            }
            return size
        case .object:
            guard tape.parts[part].payload == 1, isMarked(part + 1) else { return resolveMembers(part, &numbers) }
            guard let object = tape.member(keys.escape, of: part, text), tape.parts[object].kind == .object,
                let uid = tape.typeAndID(object, text, keys), let number = intern(uid, &numbers)
            else { return nil }
            tape.parts[part].kind = .entity
            tape.parts[part].payload = UInt64(number)
            return 0
        }
    }

    private mutating func resolveMembers(_ object: Int, _ numbers: inout EntityNumbers) -> Int? {
        var size = 32 * Int(tape.parts[object].payload)
        var member = object + 1
        for _ in 0..<tape.parts[object].payload {
            resolveString(member, &numbers)
            guard let block = resolve(member + 1, &numbers) else { return nil }
            size += block
            member = Int(tape.parts[member + 1].next)
        }
        return size
    }

    private mutating func resolveString(_ part: Int, _ numbers: inout EntityNumbers) {
        tape.parts[part].payload = UInt64(numbers.symbols.intern(text.bytes(of: tape.parts[part])))
    }

    /// Whether a name begins with `__`, as those of escapes do.
    private func isMarked(_ name: Int) -> Bool {
        text.has("__", at: Int(tape.parts[name].start))
    }

    private mutating func intern(_ uid: (type: Int, id: Int), _ numbers: inout EntityNumbers) -> UInt32? {
        let type = text.bytes(of: tape.parts[uid.type])
        guard types.intern(type) != nil else { return nil }
        return numbers.intern(type: type, id: text.bytes(of: tape.parts[uid.id]))
    }
}

extension FlatWriter {
    /// Writes the blocks that a value needs which a ``FlatReader`` has given its numbers.
    mutating func write(_ part: Int, of tape: borrowing JSONTape) -> FlatValue {
        let value = tape.parts[part]
        switch value.kind {
        // Nothing is written where there is a null.
        case .null: return .error
        case .bool: return .bool(value.payload != 0)
        case .integer: return .long(Int64(bitPattern: value.payload))
        case .string: return .string(UInt32(truncatingIfNeeded: value.payload))
        case .entity: return .entity(UInt32(truncatingIfNeeded: value.payload))
        case .array:
            let count = Int(value.payload)
            let block = take(count * 16)
            var element = part + 1
            for index in 0..<count {
                write(element, of: tape).store(index, to: block)
                element = Int(tape.parts[element].next)
            }
            return FlatValue(.set, at: block, count: FlatValue.sort(block, count: count, width: 1))
        case .object:
            let block = take(Int(value.payload) * 32)
            return FlatValue(.record, at: block, count: writeMembers(of: part, tape, to: block))
        }
    }

    /// Writes the names and values of an object's members.
    ///
    /// - Returns: how many they are.
    mutating func writeMembers(of object: Int, _ tape: borrowing JSONTape, to block: UnsafeMutableRawPointer) -> Int {
        let count = Int(tape.parts[object].payload)
        var member = object + 1
        for index in 0..<count {
            write(member, of: tape).store(index * 2, to: block)
            write(member + 1, of: tape).store(index * 2 + 1, to: block)
            member = Int(tape.parts[member + 1].next)
        }
        return FlatValue.sort(block, count: count, width: 2)
    }
}
