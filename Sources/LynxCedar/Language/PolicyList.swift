/// Policies, or templates, by id and in the order in which they were added.
///
/// Each has a place, a number that it keeps, and that nobody has again after it. A value: copies share what neither has changed since, so adding or removing one
/// of 100,000 copies a page and the list of pages.
struct PolicyList<Reference: ScopeReference>: Sendable {
    typealias Element = PolicyStatement<Reference>

    private static var pageCapacity: Int { 64 }

    private var pages: ContiguousArray<ContiguousArray<Element?>> = []
    /// The places by id.
    private var places = HashIndex()

    /// No place from here on is taken.
    var endOfPlaces: Int { pages.isEmpty ? 0 : (pages.count - 1) * Self.pageCapacity + (pages.last?.count ?? 0) }

    func place(of id: PolicyID) -> Int? {
        places.find(Self.hash(id)) { self.id(at: Int($0)) == id }.map { Int($0) }
    }

    private static func hash(_ id: PolicyID) -> UInt64 { id.text.string.withBytes { ContentHash.of($0) } }

    private func id(at place: Int) -> PolicyID? {
        pages[place / Self.pageCapacity].withUnsafeBufferPointer { $0[place % Self.pageCapacity]?.id }
    }

    /// The one with that id. `O(1)` expected.
    subscript(id: PolicyID) -> Element? { place(of: id).flatMap { self[place: $0] } }

    /// The one at a place.
    subscript(place place: Int) -> Element? { pages[place / Self.pageCapacity][place % Self.pageCapacity] }

    /// Whether there is one at a place, which is told without a copy of it.
    private func isTaken(_ place: Int) -> Bool {
        pages[place / Self.pageCapacity].withUnsafeBufferPointer {
            if case .none = $0[place % Self.pageCapacity] { false } else { true }
        }
    }

    /// Calls `body` with each place and what is there, in their order.
    func forEachPlace(_ body: (Int, borrowing Element) -> Void) {
        var place = 0
        for page in pages {
            for element in page {
                if let element { body(place, element) }
                place += 1
            }
        }
    }

    /// Adds one behind the others, whose id must not be taken.
    @discardableResult
    mutating func append(_ element: Element) -> Int {
        let place = endOfPlaces
        if place == pages.count * Self.pageCapacity { addPage() }
        pages[pages.count - 1].append(element)
        places.insert(UInt32(truncatingIfNeeded: place), hash: Self.hash(element.id))
        return place
    }

    private mutating func addPage() {
        // The first one grows: most sets are small.
        let isFirst = pages.isEmpty
        pages.append([])
        if !isFirst { pages[pages.count - 1].reserveCapacity(Self.pageCapacity) }
    }

    /// Gives all of them, in their order, other ids, which must be distinct. `O(n)`.
    mutating func rename(_ ids: [PolicyID]) {
        places = HashIndex()
        var place = startIndex
        for id in ids {
            pages[place / Self.pageCapacity][place % Self.pageCapacity]?.id = id
            places.insert(UInt32(truncatingIfNeeded: place), hash: Self.hash(id))
            formIndex(after: &place)
        }
    }

    /// Takes the one with that id out.
    mutating func remove(_ id: PolicyID) {
        guard let place = place(of: id) else { return }
        places.remove(UInt32(truncatingIfNeeded: place), hash: Self.hash(id))
        pages[place / Self.pageCapacity][place % Self.pageCapacity] = nil
    }
}

extension PolicyList: BidirectionalCollection {
    var count: Int { places.count }
    var isEmpty: Bool { places.count == 0 }

    var startIndex: Int { firstTaken(from: 0) }
    var endIndex: Int { endOfPlaces }

    func index(after index: Int) -> Int { firstTaken(from: index + 1) }

    func index(before index: Int) -> Int {
        var index = index - 1
        while index > 0, !isTaken(index) { index -= 1 }
        return index
    }

    subscript(position: Int) -> Element {
        guard let element = self[place: position] else { preconditionFailure("no policy is at that index any more") }
        return element
    }

    private func firstTaken(from place: Int) -> Int {
        var place = place
        let end = endOfPlaces
        while place < end, !isTaken(place) { place += 1 }
        return place
    }
}
