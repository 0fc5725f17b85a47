/// Writes entities out as rows and words, one after the other.
struct EntityEncoder {
    private(set) var rows: [EntityRow] = []
    private(set) var words: ContiguousArray<UInt64> = []
    /// The parents of the last entity.
    private(set) var parents: [UInt32] = []
    private var attributes: [(symbol: UInt32, index: Int)] = []
    private var names: [UInt32] = []

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
    }

    /// - Parameter parents: the numbers of the entity's parents.
    mutating func append(
        _ entity: Entity, parents: [UInt32], _ numbers: inout EntityNumbers, _ shapes: inout ShapeTable
    ) {
        self.parents = parents
        attributes.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        var blocks = FlatSize.of(entity.tags, writesTexts: false)
        for (index, attribute) in entity.attributes.attributes.enumerated() {
            attributes.append((numbers.symbols.intern(attribute.name.string), index))
            blocks += FlatSize.of(attribute.value, writesTexts: false)
        }
        attributes.sort { $0.symbol < $1.symbol }
        for attribute in attributes { names.append(attribute.symbol) }
        let wordCount = attributes.count * 2 + (parents.count + 1) / 2 + blocks / 8
        rows.append(
            EntityRow(
                start: UInt32(truncatingIfNeeded: words.count), wordCount: UInt32(truncatingIfNeeded: wordCount),
                shape: shapes.intern(names), tagCount: UInt32(truncatingIfNeeded: entity.tags.count),
                parentCount: UInt32(truncatingIfNeeded: parents.count)))
        let start = words.count * 8
        var words: ContiguousArray<UInt64> = []
        swap(&words, &self.words)
        words.append(contentsOf: repeatElement(0, count: wordCount))
        words.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            write(entity, parents, to: base + start, &numbers)
        }
        swap(&words, &self.words)
    }

    /// Fills the words of an entity: see ``EntityRow``.
    private func write(_ entity: Entity, _ parents: [UInt32], to memory: UnsafeMutableRawPointer, _ numbers: inout EntityNumbers) {
        let tags = memory + attributes.count * 16
        let parentNumbers = tags + entity.tags.count * 32
        var writer = FlatWriter(into: parentNumbers + (parents.count + 1) / 2 * 8)
        for (place, attribute) in attributes.enumerated() {
            writer.write(entity.attributes.attributes[attribute.index].value, &numbers).store(place, to: memory)
        }
        for (index, tag) in entity.tags.attributes.enumerated() {
            writer.write(tag.name, &numbers).store(index * 2, to: tags)
            writer.write(tag.value, &numbers).store(index * 2 + 1, to: tags)
        }
        _ = FlatValue.sort(tags, count: entity.tags.count, width: 2)
        for (index, parent) in parents.enumerated() {
            parentNumbers.storeBytes(of: parent, toByteOffset: index * 4, as: UInt32.self)
        }
    }
}
