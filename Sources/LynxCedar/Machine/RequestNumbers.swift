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

    @inline(__always)
    func symbol(_ text: String) -> UInt32? { symbols.find(text) }

    @inline(__always)
    func entity(_ uid: EntityUID) -> UInt32? {
        entities.find(ContentHash.combine(symbols.hash(of: uid.type.description), symbols.hash(of: uid.id.string))) { number in
            let key = keys.address(number)
            return symbols.isSymbol(key.pointee.id, uid.id.string) && symbols.isSymbol(key.pointee.type, uid.type.description)
        }
    }
}
