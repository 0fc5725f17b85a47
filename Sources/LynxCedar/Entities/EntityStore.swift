/// What ``Entities`` are kept in: flat rows by number. A value, whose copies share all pages that neither has changed since.
struct EntityStore: Sendable {
    var numbers = EntityNumbers()
    private var pages = EntityPages()
    private var shapes = ShapeTable()
    private var ancestors = PagedArray<AncestorPlace>()
    private var ancestorSets = PagedArray<AncestorSet>()
    private var ancestorMemory = BlockArena()
    private var changed: ContiguousArray<UInt32> = []
    private(set) var count = 0
    /// Whether ancestor sets are there, but for those of `changed` and of later entities.
    private var hasAncestors = true

    /// How many changes of parents ancestor sets are kept through before they are made anew.
    private static let changesKept = 256

    /// Calls `body` with the store as addresses.
    @inline(__always)
    func withView<Result>(_ body: (EntityView) -> Result) -> Result {
        changed.withUnsafeBufferPointer { changed in
            body(view(changed: changed))
        }
    }

    func view(changed: UnsafeBufferPointer<UInt32>) -> EntityView {
        EntityView(
            pages: pages.base, rowCount: UInt32(truncatingIfNeeded: pages.rowCount), keys: numbers.keys.view,
            shapes: shapes.shapes.view, ancestors: ancestors.view, ancestorSets: ancestorSets.view, changed: changed)
    }

    /// The entities whose parents have changed since the ancestor sets were made.
    var changedParents: ContiguousArray<UInt32> { changed }

    /// Size in memory, in bytes.
    var size: Int {
        numbers.size + pages.size + shapes.size + ancestors.size + ancestorSets.size + ancestorMemory.size
    }

    // MARK: Reading

    func contains(_ uid: EntityUID) -> Bool {
        guard let number = numbers.find(uid) else { return false }
        return withView { $0.row(number) != nil }
    }

    func entity(_ uid: EntityUID) -> Entity? { numbers.find(uid).flatMap { entity($0) } }

    func entity(_ number: UInt32) -> Entity? {
        withView { view in
            guard let row = view.row(number) else { return nil }
            var attributes: [Record.Attribute] = []
            let shape = view.shape(row)
            attributes.reserveCapacity(shape.count)
            for index in 0..<shape.count {
                guard let value = numbers.value(FlatValue.load(index, from: view.words(number, row))) else { continue }
                attributes.append(Record.Attribute(name: CedarString(numbers.symbols.string(shape.names[index])), value: value))
            }
            var tags: Record = [:]
            if row.pointee.tagCount > 0, case .record(let record)? = numbers.value(view.tags(number, row)) { tags = record }
            return Entity(
                uid: numbers.uid(number), attributes: Record(attributes) ?? [:], tags: tags,
                parents: Set(view.parents(number, row).map { numbers.uid($0) }))
        }
    }

    /// An attribute of an entity that is there; `nil` where it lacks it.
    func attribute(_ name: CedarString, of number: UInt32) -> Value? {
        guard let symbol = numbers.symbols.find(name.string) else { return nil }
        return withView { view in
            view.row(number).flatMap { view.attribute(symbol, of: number, $0) }.flatMap { numbers.value($0) }
        }
    }

    /// A tag of an entity that is there; `nil` where it lacks it.
    func tag(_ name: CedarString, of number: UInt32) -> Value? {
        guard let symbol = numbers.symbols.find(name.string) else { return nil }
        return withView { view in
            view.row(number).flatMap { view.tags(number, $0).attribute(symbol) }.flatMap { numbers.value($0) }
        }
    }

    // MARK: Changing

    /// Puts an entity in, in place of the one with its uid if there is one. It must not become its own ancestor.
    mutating func put(_ entity: Entity) {
        let number = numbers.intern(entity.uid)
        var encoder = EntityEncoder()
        encoder.append(entity, &numbers, &shapes)
        let parents = Set(encoder.parents)
        let old = withView { view in view.row(number).map { Set(view.parents(number, $0)) } }
        if old == nil { count += 1 }
        for row in encoder.rows {
            var row = row
            // Where it starts is found with the page; that it does says that the entity is there.
            row.start = 1
            encoder.words.withUnsafeBytes { pages.replace(number, with: row, words: $0) }
        }
        if (old ?? []) != parents {
            if Int(number) < ancestors.count { ancestors[number] = .throughParents }
            noteChange(ofParentsOf: number)
        }
    }

    /// Takes an entity out.
    mutating func remove(_ number: UInt32) {
        guard withView({ $0.row(number) }) != nil else { return }
        pages.replace(number, with: EntityRow(), words: UnsafeRawBufferPointer(start: nil, count: 0))
        count -= 1
        noteChange(ofParentsOf: number)
    }

    private mutating func noteChange(ofParentsOf number: UInt32) {
        // What nobody has as a parent is in no ancestor set.
        guard hasAncestors, numbers.keys[number].isParent, !changed.contains(number) else { return }
        changed.append(number)
        if changed.count > EntityStore.changesKept { dropAncestors() }
    }

    /// Goes back to finding ancestors through parents.
    private mutating func dropAncestors() {
        changed = []
        ancestors = PagedArray()
        ancestorSets = PagedArray()
        ancestorMemory = BlockArena()
        hasAncestors = false
    }

    /// Makes the ancestor sets anew where too much has changed for them. Linear in the store, or `O(1)` where they are there.
    mutating func renewAncestors() {
        if !hasAncestors { findAncestors() }
    }

    // MARK: Building

    /// Fills the empty store. Entities of a type are numbered one after the other, so that ancestor sets are dense.
    ///
    /// - Parameter entities: with distinct uids.
    /// - Throws: ``EntitiesError/cycle(_:)``; the store is then good for nothing.
    mutating func fill(_ entities: [Entity]) throws(EntitiesError) {
        var typeRanks: [Name: Int] = [:]
        for entity in entities where typeRanks[entity.uid.type] == nil { typeRanks[entity.uid.type] = typeRanks.count }
        var ranges = Array(repeating: 0, count: typeRanks.count + 1)
        let ranks = entities.map { typeRanks[$0.uid.type] ?? 0 }
        for rank in ranks { ranges[rank + 1] += 1 }
        for rank in 1..<max(1, ranges.count) { ranges[rank] += ranges[rank - 1] }
        var order = Array(repeating: 0, count: entities.count)
        for (index, rank) in ranks.enumerated() {
            order[ranges[rank]] = index
            ranges[rank] += 1
        }
        for index in order { _ = numbers.intern(entities[index].uid) }
        _ = addRows(order.count) { (number, encoder, numbers, shapes) in
            encoder.append(entities[order[number]], &numbers, &shapes)
            return true
        }
        if let cycle = cycle() { throw .cycle(cycle) }
        findAncestors()
    }

    /// Fills the empty store with the entities of a text.
    ///
    /// - Returns: whether they are without fault; if not, the store is good for nothing.
    mutating func fill(_ reader: inout FlatReader) -> Bool {
        guard reader.number(in: &numbers),
            addRows(reader.count, { reader.read($0, into: &$1, &$2, &$3) }), cycle() == nil
        else { return false }
        findAncestors()
        return true
    }

    /// Adds the entities with the numbers from 0 on.
    ///
    /// - Parameter append: writes the entity with a number out; returns whether that went well.
    /// - Returns: whether all went well.
    private mutating func addRows(
        _ entityCount: Int, _ append: (Int, inout EntityEncoder, inout EntityNumbers, inout ShapeTable) -> Bool
    ) -> Bool {
        var encoder = EntityEncoder()
        var start = 0
        while start < entityCount {
            let end = min(start + EntityPages.pageCapacity, entityCount)
            encoder.removeAll()
            for number in start..<end where !append(number, &encoder, &numbers, &shapes) { return false }
            pages.append(encoder.words.withUnsafeBytes { EntityPage(rows: encoder.rows, words: $0) })
            start = end
        }
        count = entityCount
        return true
    }

    /// Makes the ancestor sets anew. Linear in the entities, their parents and the sizes of the sets, which are bounded.
    private mutating func findAncestors() {
        changed = []
        hasAncestors = true
        (ancestors, ancestorSets, ancestorMemory) = withView { view in
            var builder = AncestorBuilder(view, budget: 4 << 20 + count * 16)
            builder.build()
            return (builder.places, builder.sets, builder.memory)
        }
    }
}
