/// The numbers of a store, to be looked up and not added to: what only a request knows has none.
struct RequestNumbers: FlatNumbering {
    let symbols: SymbolTable.View
    let keys: PagedArray<EntityNumbers.Key>.View
    let entities: HashIndex.Table

    init(_ numbers: borrowing EntityNumbers) {
        symbols = numbers.symbols.view
        keys = numbers.keys.view
        entities = numbers.index.table
    }

    func symbol(_ text: UnsafeRawBufferPointer) -> UInt32? { symbols.find(text) }

    func symbol(_ text: String) -> UInt32? {
        var text = text
        return text.withUTF8 { symbols.find(UnsafeRawBufferPointer($0)) }
    }

    func entity(_ uid: EntityUID) -> UInt32? {
        var type = uid.type.description
        var id = uid.id.string
        return type.withUTF8 { type in
            id.withUTF8 { id in
                let (type, id) = (UnsafeRawBufferPointer(type), UnsafeRawBufferPointer(id))
                return entities.find(ContentHash.combine(ContentHash.of(type), ContentHash.of(id))) { number in
                    let key = keys[number]
                    return symbols.bytes(of: key.id).isEqual(to: id) && symbols.bytes(of: key.type).isEqual(to: type)
                }
            }
        }
    }
}
