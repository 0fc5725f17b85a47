/// Where the entities of a JSON text stand, in the order of their types, each with its uid.
///
/// Made before any of them is read, so that each can be read with its number known.
struct EntityListing {
    struct Entry: BitwiseCopyable {
        /// Where the entity begins.
        let start: UInt32
        let type: UInt32
        /// Where the id stands in the text; 0 for one that is in ``writtenUIDs``.
        let idStart: UInt32
        let idEnd: UInt32
    }

    /// In the order of their types.
    private(set) var entries: ContiguousArray<Entry> = []
    private(set) var types = EntityTypeTable()
    /// The uids that do not stand in the text as they are, by where their entities begin.
    private(set) var writtenUIDs: [UInt32: EntityUID] = [:]

    /// - Returns: `nil` where the text is not an array of objects with uids, without a fault that shows here.
    init?(_ text: JSONBytes) {
        var tape = JSONTape()
        let keys = EntityKeys()
        var position = text.skippingWhiteSpace(from: 0)
        guard text[position] == UInt8(ascii: "[") else { return nil }
        position = text.skippingWhiteSpace(from: position + 1)
        if text[position] == UInt8(ascii: "]") {
            guard text.skippingWhiteSpace(from: position + 1) == text.count else { return nil }
            return
        }
        while true {
            guard let end = addEntity(from: position, text, keys, &tape) else { return nil }
            position = text.skippingWhiteSpace(from: end)
            if text[position] == UInt8(ascii: "]") { break }
            guard text[position] == UInt8(ascii: ",") else { return nil }
            position = text.skippingWhiteSpace(from: position + 1)
        }
        guard text.skippingWhiteSpace(from: position + 1) == text.count else { return nil }
        sortByType()
    }

    private mutating func addEntity(from start: Int, _ text: JSONBytes, _ keys: EntityKeys, _ tape: inout JSONTape) -> Int? {
        let end = tape.read(text, from: start)
        if let end, let uid = tape.member(keys.uid, of: 0, text), let place = tape.uid(uid, text, keys) {
            guard let type = types.intern(text.bytes(of: tape.parts[place.type])) else { return nil }
            let id = tape.parts[place.id]
            entries.append(Entry(start: UInt32(truncatingIfNeeded: start), type: type, idStart: id.start, idEnd: id.end))
            return end
        }
        let treeEnd = end ?? text.skippingValue(from: start)
        var reader = DataReader(source: nil)
        guard case .object(let members)? = text.tree(start..<treeEnd)?.kind, let uid = members["uid"].flatMap({ reader.uid($0) }),
            let type = uid.type.description.withBytes({ types.intern($0) })
        else { return nil }
        writtenUIDs[UInt32(truncatingIfNeeded: start)] = uid
        entries.append(Entry(start: UInt32(truncatingIfNeeded: start), type: type, idStart: 0, idEnd: 0))
        return treeEnd
    }

    /// Puts the entities of a type behind one another, in the order in which types and entities come in the text.
    private mutating func sortByType() {
        var places = Array(repeating: 0, count: types.count + 1)
        for entry in entries { places[Int(entry.type) + 1] += 1 }
        // Most texts have them so already.
        if zip(entries, entries.dropFirst()).allSatisfy({ $0.type <= $1.type }) { return }
        for type in 1..<places.count { places[type] += places[type - 1] }
        var sorted = entries
        for entry in entries {
            sorted[places[Int(entry.type)]] = entry
            places[Int(entry.type)] += 1
        }
        entries = sorted
    }
}

/// The entity types of a text, counted from 0 in the order in which they come, and each looked at once.
struct EntityTypeTable {
    private var names = SymbolTable()
    private var actions: [Bool] = []

    var count: Int { names.count }

    /// - Returns: `nil` for a text that is no entity type.
    mutating func intern(_ text: UnsafeRawBufferPointer) -> UInt32? {
        if let type = names.find(text) { return type }
        guard let name = Name(String(decoding: text, as: UTF8.self)) else { return nil }
        actions.append(EntityUID(type: name, id: "").isAction)
        return names.intern(text)
    }

    func bytes(of type: UInt32) -> UnsafeRawBufferPointer { names.bytes(of: type) }

    func isAction(_ type: UInt32) -> Bool { actions[Int(type)] }
}

/// The names that entities and uids are written with.
struct EntityKeys: BitwiseCopyable {
    let uid = EntityKeys.text("uid")
    let attributes = EntityKeys.text("attrs")
    let tags = EntityKeys.text("tags")
    let parents = EntityKeys.text("parents")
    let type = EntityKeys.text("type")
    let id = EntityKeys.text("id")
    let escape = EntityKeys.text("__entity")

    private static func text(_ name: StaticString) -> ShortText? {
        name.withUTF8Buffer { ShortText(UnsafeRawBufferPointer($0)) }
    }
}

extension JSONTape {
    /// The value of an object's member.
    func member(_ name: ShortText?, of object: Int, _ text: JSONBytes) -> Int? {
        guard parts[object].kind == .object else { return nil }
        var member = object + 1
        for _ in 0..<parts[object].payload {
            if ShortText(text.bytes(of: parts[member])) == name { return member + 1 }
            member = Int(parts[member + 1].next)
        }
        return nil
    }

    /// Where the type and the id of a uid are, if it is written with these and nothing else, perhaps in its escape.
    func uid(_ part: Int, _ text: JSONBytes, _ keys: EntityKeys) -> (type: Int, id: Int)? {
        guard parts[part].kind == .object else { return nil }
        if parts[part].payload == 1 { return member(keys.escape, of: part, text).flatMap { typeAndID($0, text, keys) } }
        return typeAndID(part, text, keys)
    }

    /// Where the values of the members `type` and `id` are, in an object that has two members.
    func typeAndID(_ object: Int, _ text: JSONBytes, _ keys: EntityKeys) -> (type: Int, id: Int)? {
        guard parts[object].payload == 2, let type = member(keys.type, of: object, text), parts[type].kind == .string,
            let id = member(keys.id, of: object, text), parts[id].kind == .string
        else { return nil }
        return (type, id)
    }
}

extension JSONBytes {
    /// A part of the text as a tree, without places; `nil` if it is no JSON value.
    func tree(_ range: Range<Int>) -> JSONValue? {
        try? JSONValue(
            parsing: SourceText(String(decoding: bytes(range), as: UTF8.self)), maximumNesting: NestingLimit.standard - 1)
    }
}
