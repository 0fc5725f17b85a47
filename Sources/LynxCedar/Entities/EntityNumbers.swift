/// Entity uids as numbers, counted from 0, and the symbols that strings of all kinds are.
///
/// Every uid that the store's entities, their attributes or a program's policies mention has a number, whether an entity
/// with it is there or not.
struct EntityNumbers: Sendable {
    struct Key: BitwiseCopyable {
        /// The symbol of the type's name, and above it whether an entity has ever had this one as its parent.
        private var typeAndMark: UInt32
        let id: UInt32

        init(type: UInt32, id: UInt32) {
            typeAndMark = type
            self.id = id
        }

        private static let mark: UInt32 = 1 << 31

        @inline(__always)
        var type: UInt32 { typeAndMark & ~Key.mark }

        var isParent: Bool {
            get { typeAndMark & Key.mark != 0 }
            set { typeAndMark = newValue ? typeAndMark | Key.mark : type }
        }
    }

    var symbols = SymbolTable()
    private(set) var keys = PagedArray<Key>()
    private(set) var index = HashIndex()

    var count: Int { keys.count }

    func find(_ uid: EntityUID) -> UInt32? {
        let hash = EntityNumbers.hash(uid)
        return index.find(hash) { isKey($0, of: uid) }
    }

    /// The number of a uid; a new one if it has none.
    mutating func intern(_ uid: EntityUID) -> UInt32 {
        uid.type.description.withBytes { type in uid.id.string.withBytes { id in intern(type: type, id: id) } }
    }

    /// The number of a uid, whose type must be a name; a new one if it has none.
    mutating func intern(type: UnsafeRawBufferPointer, id: UnsafeRawBufferPointer) -> UInt32 {
        let hash = ContentHash.combine(ContentHash.of(type), ContentHash.of(id))
        let known = index.find(hash) { number in
            let key = keys[number]
            return symbols.bytes(of: key.id).isEqual(to: id) && symbols.bytes(of: key.type).isEqual(to: type)
        }
        if let known { return known }
        precondition(keys.count < 1 << 31, "more than 2,147,483,647 different entities")
        let number = UInt32(truncatingIfNeeded: keys.count)
        keys.append(Key(type: symbols.intern(type), id: symbols.intern(id)))
        index.insert(number, hash: hash)
        return number
    }

    mutating func markParent(_ number: UInt32) {
        guard !keys[number].isParent else { return }
        keys[number].isParent = true
    }

    func uid(_ number: UInt32) -> EntityUID {
        let key = keys[number]
        return EntityUID(type: Name(unchecked: symbols.string(key.type)), id: CedarString(symbols.string(key.id)))
    }

    static func hash(_ uid: EntityUID) -> UInt64 {
        ContentHash.combine(uid.type.description.withBytes { ContentHash.of($0) }, uid.id.string.withBytes { ContentHash.of($0) })
    }

    @inline(__always)
    private func isKey(_ number: UInt32, of uid: EntityUID) -> Bool {
        let key = keys[number]
        return symbols.isSymbol(key.id, uid.id.string) && symbols.isSymbol(key.type, uid.type.description)
    }

    /// Size in memory, in bytes.
    var size: Int { symbols.size + keys.size + index.size }
}

extension SymbolTable {
    @inline(__always)
    func isSymbol(_ symbol: UInt32, _ text: String) -> Bool {
        text.withBytes { bytes(of: symbol).isEqual(to: $0) }
    }
}

extension EntityNumbers: FlatNumbering {
    mutating func symbol(_ text: String) -> UInt32? { symbols.intern(text) }
    mutating func entity(_ uid: EntityUID) -> UInt32? { intern(uid) }
}

extension EntityNumbers {
    /// The value that a flat one stands for. None of the store's has a text or a foreign entity in it; those of requests are read too.
    func value(_ flat: FlatValue) -> Value? {
        switch flat.tag {
        case .error: return nil
        case .bool: return .bool(flat.isTrue)
        case .long: return .long(flat.signed)
        case .string: return .string(CedarString(symbols.string(flat.number)))
        case .text: return .string(CedarString(String(decoding: flat.textBytes, as: UTF8.self)))
        case .entity: return .entity(uid(flat.number))
        case .foreignEntity:
            guard case .string(let type)? = value(flat.element(0)), case .string(let id)? = value(flat.element(1)) else { return nil }
            return .entity(EntityUID(type: Name(unchecked: type.string), id: id))
        case .decimal: return .decimal(Decimal(tenThousandths: flat.signed))
        case .datetime: return .datetime(Datetime(millisecondsSinceEpoch: flat.signed))
        case .duration: return .duration(Duration(milliseconds: flat.signed))
        case .ip: return .ip(flat.address)
        case .set: return .set(ValueSet((0..<flat.size).compactMap { value(flat.element($0)) }))
        case .record: return .record(record(flat))
        }
    }

    private func record(_ flat: FlatValue) -> Record {
        var record = Record()
        for index in 0..<flat.size {
            guard case .string(let name)? = value(flat.attributeName(index)), let value = value(flat.attributeValue(index)) else { continue }
            record[name] = value
        }
        return record
    }
}
