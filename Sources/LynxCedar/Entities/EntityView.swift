/// A store as bare addresses: what the machine reads, without counting references.
///
/// Valid for as long as the ``EntityStore`` it came from, or a copy of that, lives and does not change.
struct EntityView {
    let pages: UnsafePointer<UnsafeMutableRawPointer>
    let rowCount: UInt32
    let keys: PagedArray<EntityNumbers.Key>.View
    let shapes: PagedArray<ShapeTable.Shape>.View
    /// By entity, for as many as there were when the sets were made.
    let ancestors: PagedArray<AncestorPlace>.View
    let ancestorSets: PagedArray<AncestorSet>.View
    /// The entities whose parents have changed since the ancestor sets were made.
    let changed: UnsafeBufferPointer<UInt32>

    /// The row of an entity that is there.
    @inline(__always)
    func row(_ number: UInt32) -> UnsafePointer<EntityRow>? {
        guard number < rowCount else { return nil }
        let page = UnsafeRawPointer(pages[Int(number >> UInt32(EntityPages.shift))]).assumingMemoryBound(to: EntityRow.self)
        let row = page + Int(number) & EntityPages.mask
        return row.pointee.start == 0 ? nil : row
    }

    /// Where an entity's words are. The row must be that of the number.
    @inline(__always)
    func words(_ number: UInt32, _ row: UnsafePointer<EntityRow>) -> UnsafeRawPointer {
        UnsafeRawPointer(pages[Int(number >> UInt32(EntityPages.shift))]) + Int(row.pointee.start) &* 8
    }

    @inline(__always)
    func shape(_ row: UnsafePointer<EntityRow>) -> ShapeTable.Shape {
        shapes[row.pointee.shape]
    }

    /// The value of an entity's attribute; `nil` where it has none of that name.
    @inline(__always)
    func attribute(_ symbol: UInt32, of number: UInt32, _ row: UnsafePointer<EntityRow>) -> FlatValue? {
        guard let index = shape(row).index(of: symbol) else { return nil }
        return FlatValue.load(index, from: words(number, row))
    }

    /// An entity's tags, as a record.
    func tags(_ number: UInt32, _ row: UnsafePointer<EntityRow>) -> FlatValue {
        // The names and values are part of the entity's words, from whose beginning their blocks count.
        let tags = words(number, row) + shape(row).count * 16
        return FlatValue(.record, at: tags, count: Int(row.pointee.tagCount))
    }

    /// The numbers of an entity's parents.
    @inline(__always)
    func parents(_ number: UInt32, _ row: UnsafePointer<EntityRow>) -> UnsafeBufferPointer<UInt32> {
        let start = words(number, row) + (shape(row).count &+ Int(row.pointee.tagCount) &* 2) &* 16
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt32.self), count: Int(row.pointee.parentCount))
    }

    @inline(__always)
    private func ancestorPlace(_ number: UInt32) -> AncestorPlace {
        number < ancestors.count ? ancestors[number] : .throughParents
    }

    /// The set of an entity's ancestors, where there is one and nothing in it has changed.
    @inline(__always)
    func ancestorSet(_ number: UInt32) -> AncestorSet? {
        guard let index = ancestorPlace(number).index else { return nil }
        let set = ancestorSets[index]
        return changed.isEmpty || !changed.contains(where: set.contains) ? set : nil
    }

    /// Whether an entity's parents are all its ancestors.
    @inline(__always)
    private func hasOnlyParents(_ number: UInt32, _ parents: UnsafeBufferPointer<UInt32>) -> Bool {
        ancestorPlace(number) == .parents && (changed.isEmpty || !parents.contains(where: isChanged))
    }

    private func isChanged(_ number: UInt32) -> Bool { changed.contains(number) }

    /// Whether an entity is another or a descendant of it.
    ///
    /// Takes a few nanoseconds where the ancestors are at hand as a set; otherwise linear in the ancestors that have to be walked.
    func isMember(_ number: UInt32, of ancestor: UInt32, _ walk: UnsafeMutablePointer<HierarchyWalk>) -> Bool {
        if number == ancestor { return true }
        guard let row = row(number), row.pointee.parentCount > 0 else { return false }
        if let set = ancestorSet(number) { return set.contains(ancestor) }
        let parents = parents(number, row)
        if parents.contains(ancestor) { return true }
        if hasOnlyParents(number, parents) { return false }
        return isMember(above: parents, ancestor, walk)
    }

    /// Whether an entity is one of a set of entities or a descendant of one.
    func isMember(_ number: UInt32, ofAnyIn set: FlatValue, _ walk: UnsafeMutablePointer<HierarchyWalk>) -> Bool {
        guard set.count > 0 else { return false }
        if set.contains(.entity(number)) { return true }
        guard let row = row(number), row.pointee.parentCount > 0 else { return false }
        if let ancestors = ancestorSet(number) {
            for index in 0..<set.size {
                let element = set.element(index)
                if element.tag == .entity, ancestors.contains(element.number) { return true }
            }
            return false
        }
        let parents = parents(number, row)
        if parents.contains(where: { set.contains(.entity($0)) }) { return true }
        if hasOnlyParents(number, parents) { return false }
        return reaches(above: parents, walk) { set.contains(.entity($0)) }
    }

    /// How many ancestors an entity has; 0 where only a walk can tell.
    func ancestorCount(_ number: UInt32, _ row: UnsafePointer<EntityRow>) -> Int {
        if let set = ancestorSet(number) { return set.count }
        let parents = parents(number, row)
        return hasOnlyParents(number, parents) ? parents.count : 0
    }

    private func isMember(above parents: UnsafeBufferPointer<UInt32>, _ ancestor: UInt32, _ walk: UnsafeMutablePointer<HierarchyWalk>) -> Bool {
        walk.pointee.begin(numbers: Int(keys.count))
        for parent in parents { walk.pointee.push(parent) }
        while let next = walk.pointee.pop() {
            guard let row = row(next), row.pointee.parentCount > 0 else { continue }
            if let set = ancestorSet(next) {
                if set.contains(ancestor) { return true }
                continue
            }
            let parents = self.parents(next, row)
            if parents.contains(ancestor) { return true }
            if hasOnlyParents(next, parents) { continue }
            for parent in parents { walk.pointee.push(parent) }
        }
        return false
    }

    /// Whether any ancestor above some parents is one that is looked for.
    private func reaches(
        above parents: UnsafeBufferPointer<UInt32>, _ walk: UnsafeMutablePointer<HierarchyWalk>, _ isLookedFor: (UInt32) -> Bool
    ) -> Bool {
        walk.pointee.begin(numbers: Int(keys.count))
        for parent in parents { walk.pointee.push(parent) }
        while let next = walk.pointee.pop() {
            if isLookedFor(next) { return true }
            guard let row = row(next) else { continue }
            for parent in self.parents(next, row) { walk.pointee.push(parent) }
        }
        return false
    }

    /// Calls `body` with each ancestor, once each.
    func forEachAncestor(of number: UInt32, _ walk: UnsafeMutablePointer<HierarchyWalk>, _ body: (UInt32) -> Void) {
        guard let row = row(number), row.pointee.parentCount > 0 else { return }
        if let set = ancestorSet(number) {
            set.forEach(body)
            return
        }
        let parents = parents(number, row)
        if hasOnlyParents(number, parents) {
            // Parents are a set, so none comes twice.
            for parent in parents { body(parent) }
            return
        }
        walk.pointee.begin(numbers: Int(keys.count))
        for parent in parents { walk.pointee.push(parent) }
        while let next = walk.pointee.pop() {
            body(next)
            guard let row = self.row(next) else { continue }
            for parent in self.parents(next, row) { walk.pointee.push(parent) }
        }
    }
}
