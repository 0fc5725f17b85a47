/// An entity's place in its page.
struct EntityRow: BitwiseCopyable {
    /// Where the entity's words begin, counted in words from the page's beginning; 0 for a number without an entity.
    ///
    /// First come the attributes' values in the order of the shape, then name and value of each tag, then the parents' numbers of 4
    /// bytes each, then the blocks of the values.
    var start: UInt32 = 0
    var wordCount: UInt32 = 0
    var shape: UInt32 = 0
    var tagCount: UInt32 = 0
    var parentCount: UInt32 = 0
}

/// The rows of all entities by number, in pages that are written once.
struct EntityPages: @unchecked Sendable {
    // Sendable: a page is not written once it is in a list, and lists only while a single value owns them.

    static let shift = 8
    static var pageCapacity: Int { 1 << shift }
    static var mask: Int { pageCapacity - 1 }

    private var list = EntityPageList()

    /// Where the pages begin, for as long as this value lives and does not change.
    var base: UnsafePointer<UnsafeMutableRawPointer> { UnsafePointer(list.base) }
    /// All numbers from here on have no entity.
    var rowCount: Int { list.count << EntityPages.shift }

    mutating func append(_ page: EntityPage) {
        if !isKnownUniquelyReferenced(&list) { list = EntityPageList(copying: list) }
        list.append(page)
    }

    /// Puts a row with its words in place of another.
    ///
    /// - Parameters:
    ///   - row: the new row; where it starts is found here.
    ///   - words: as many as the row says.
    mutating func replace(_ number: UInt32, with row: EntityRow, words: UnsafeRawBufferPointer) {
        if !isKnownUniquelyReferenced(&list) { list = EntityPageList(copying: list) }
        let index = Int(number) >> EntityPages.shift
        while list.count <= index { list.append(EntityPage(rows: [], words: UnsafeRawBufferPointer(start: nil, count: 0))) }
        list.replace(index, with: EntityPage(copying: list[index], replacing: Int(number) & EntityPages.mask, with: row, words: words))
    }

    /// Size in memory, in bytes.
    var size: Int { list.size }
}

/// 256 rows and their words in one piece of memory.
final class EntityPage {
    let memory: UnsafeMutableRawPointer
    let byteCount: Int

    static let headerWords = EntityPages.pageCapacity * MemoryLayout<EntityRow>.stride / 8

    /// - Parameters:
    ///   - rows: the first ones, whose starts count from the beginning of `words`.
    init(rows: [EntityRow], words: UnsafeRawBufferPointer) {
        byteCount = EntityPage.headerWords * 8 + words.count
        memory = .allocate(byteCount: byteCount, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: EntityPage.headerWords * 8)
        if let source = words.baseAddress { (memory + EntityPage.headerWords * 8).copyMemory(from: source, byteCount: words.count) }
        for (index, row) in rows.enumerated() {
            self.rows[index] = row
            self.rows[index].start += UInt32(truncatingIfNeeded: EntityPage.headerWords)
        }
    }

    deinit { memory.deallocate() }

    var rows: UnsafeMutablePointer<EntityRow> { memory.assumingMemoryBound(to: EntityRow.self) }

    init(copying other: EntityPage, replacing replaced: Int, with row: EntityRow, words source: UnsafeRawBufferPointer) {
        var row = row
        var words = Int(row.wordCount)
        for index in 0..<EntityPages.pageCapacity where index != replaced { words += Int(other.rows[index].wordCount) }
        byteCount = (EntityPage.headerWords + words) * 8
        memory = .allocate(byteCount: byteCount, alignment: 16)
        memory.copyMemory(from: other.memory, byteCount: EntityPage.headerWords * 8)
        var next = EntityPage.headerWords
        for index in 0..<EntityPages.pageCapacity where index != replaced {
            let kept = other.rows[index]
            guard kept.start != 0 else { continue }
            (memory + next * 8).copyMemory(from: other.memory + Int(kept.start) * 8, byteCount: Int(kept.wordCount) * 8)
            rows[index].start = UInt32(truncatingIfNeeded: next)
            next += Int(kept.wordCount)
        }
        // The row may ask for no words at all and still be there.
        if row.start != 0 { row.start = UInt32(truncatingIfNeeded: next) }
        rows[replaced] = row
        if let start = source.baseAddress { (memory + next * 8).copyMemory(from: start, byteCount: Int(row.wordCount) * 8) }
    }
}

private final class EntityPageList {
    // Invariant: `base` has room for `capacity` addresses, of which the first `count` are those of `owners`.
    private(set) var base: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private var capacity: Int
    private var owners = ReferenceGroups<EntityPage>()

    init() {
        capacity = 4
        base = .allocate(capacity: capacity)
    }

    init(copying other: EntityPageList) {
        capacity = other.count + 4
        base = .allocate(capacity: capacity)
        base.initialize(from: other.base, count: other.count)
        owners = other.owners
    }

    deinit { base.deallocate() }

    var count: Int { owners.count }
    subscript(index: Int) -> EntityPage { owners[index] }

    func append(_ page: EntityPage) {
        if count == capacity {
            capacity *= 2
            let larger = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: capacity)
            larger.initialize(from: base, count: count)
            base.deallocate()
            base = larger
        }
        (base + count).initialize(to: page.memory)
        owners.append(page)
    }

    func replace(_ index: Int, with page: EntityPage) {
        owners[index] = page
        base[index] = page.memory
    }

    var size: Int { (0..<count).reduce(0) { $0 + owners[$1].byteCount + 48 } }
}
