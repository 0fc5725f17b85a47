/// Writes entities out as rows and words, one after the other.
struct EntityEncoder {
    private(set) var rows: [EntityRow] = []
    private(set) var words: ContiguousArray<UInt64> = []
    /// The parents of the last entity, ascending.
    private(set) var parents: [UInt32] = []
    /// The names of its attributes, and where their values are in what it is read from.
    private var attributes: [(symbol: UInt32, index: Int)] = []
    private var names: [UInt32] = []

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
    }

    mutating func append(_ entity: Entity, _ numbers: inout EntityNumbers, _ shapes: inout ShapeTable) {
        begin()
        var size = FlatSize.of(entity.tags, writesTexts: false)
        for (index, attribute) in entity.attributes.attributes.enumerated() {
            addAttribute(numbers.symbols.intern(attribute.name.string), at: index)
            size += FlatSize.of(attribute.value, writesTexts: false)
        }
        for parent in entity.parents { addParent(numbers.intern(parent)) }
        finish(tagCount: entity.tags.count, blockSize: size, &numbers, &shapes) { (numbers, writer, place, values, tags) in
            for (index, attribute) in place.enumerated() {
                writer.write(entity.attributes.attributes[attribute.index].value, &numbers).store(index, to: values)
            }
            for (index, tag) in entity.tags.attributes.enumerated() {
                writer.write(tag.name, &numbers).store(index * 2, to: tags)
                writer.write(tag.value, &numbers).store(index * 2 + 1, to: tags)
            }
            _ = FlatValue.sort(tags, count: entity.tags.count, width: 2)
        }
    }

    // MARK: Entities part by part

    /// Begins an entity.
    mutating func begin() {
        attributes.removeAll(keepingCapacity: true)
        parents.removeAll(keepingCapacity: true)
    }

    mutating func addAttribute(_ symbol: UInt32, at index: Int) { attributes.append((symbol, index)) }

    mutating func addParent(_ number: UInt32) { parents.append(number) }

    /// Writes the entity out.
    ///
    /// - Parameters:
    ///   - blockSize: how many bytes the tags and the blocks of all values need at most.
    ///   - tape: the parts that the attributes' indices are of, with all numbers given.
    ///   - tags: which part has the tags.
    mutating func finish(blockSize: Int, tape: borrowing JSONTape, tags: Int?, _ numbers: inout EntityNumbers, _ shapes: inout ShapeTable) {
        let tagCount = tags.map { Int(tape.parts[$0].payload) } ?? 0
        finish(tagCount: tagCount, blockSize: blockSize, &numbers, &shapes) { (_, writer, place, values, tagValues) in
            for (index, attribute) in place.enumerated() { writer.write(attribute.index, of: tape).store(index, to: values) }
            if let tags { _ = writer.writeMembers(of: tags, tape, to: tagValues) }
        }
    }

    /// Adds a row and its words: see ``EntityRow``.
    ///
    /// - Parameter write: puts the values of the attributes, in the order of the list it is given, and the tags where they belong.
    private mutating func finish(
        tagCount: Int, blockSize: Int, _ numbers: inout EntityNumbers, _ shapes: inout ShapeTable,
        _ write: (
            inout EntityNumbers, inout FlatWriter, [(symbol: UInt32, index: Int)], UnsafeMutableRawPointer, UnsafeMutableRawPointer
        ) -> Void
    ) {
        attributes.sort { $0.symbol < $1.symbol }
        names.removeAll(keepingCapacity: true)
        for attribute in attributes { names.append(attribute.symbol) }
        finishParents(&numbers)
        let wordCount = attributes.count * 2 + (parents.count + 1) / 2 + blockSize / 8
        let start = words.count
        rows.append(
            EntityRow(
                start: UInt32(truncatingIfNeeded: start), wordCount: UInt32(truncatingIfNeeded: wordCount),
                shape: shapes.intern(names), tagCount: UInt32(truncatingIfNeeded: tagCount),
                parentCount: UInt32(truncatingIfNeeded: parents.count)))
        words.append(contentsOf: repeatElement(0, count: wordCount))
        words.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let values = base + start * 8
            let tags = values + attributes.count * 16
            let parentNumbers = tags + tagCount * 32
            var writer = FlatWriter(into: parentNumbers + (parents.count + 1) / 2 * 8)
            write(&numbers, &writer, attributes, values, tags)
            for (index, parent) in parents.enumerated() {
                parentNumbers.storeBytes(of: parent, toByteOffset: index * 4, as: UInt32.self)
            }
        }
    }

    /// Puts the parents in order, each once.
    private mutating func finishParents(_ numbers: inout EntityNumbers) {
        if parents.count > 1 {
            parents.sort()
            var count = 1
            for index in 1..<parents.count where parents[index] != parents[count - 1] {
                parents[count] = parents[index]
                count += 1
            }
            parents.removeLast(parents.count - count)
        }
        for parent in parents { numbers.markParent(parent) }
    }
}
