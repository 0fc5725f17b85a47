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

    func symbol(_ text: String) -> UInt32? { text.withBytes { symbols.find($0) } }

    func entity(_ uid: EntityUID) -> UInt32? {
        uid.type.description.withBytes { type in
            uid.id.string.withBytes { id in
                guard let type = ShortText(type), let id = ShortText(id) else { return longEntity(type, id) }
                return entities.find(ContentHash.combine(symbols.hash.of(type), symbols.hash.of(id))) { number in
                    let key = keys[number]
                    return symbols.isSymbol(key.id, id) && symbols.isSymbol(key.type, type)
                }
            }
        }
    }

    @inline(never)
    private func longEntity(_ type: UnsafeRawBufferPointer, _ id: UnsafeRawBufferPointer) -> UInt32? {
        entities.find(ContentHash.combine(symbols.hash.of(type), symbols.hash.of(id))) { number in
            let key = keys[number]
            return symbols.bytes(of: key.id).isEqual(to: id) && symbols.bytes(of: key.type).isEqual(to: type)
        }
    }
}
