import CedarGenerators
import Testing

@testable import LynxCedar

@Suite("Entities")
struct EntitiesTests {
    static func uid(_ id: String) -> EntityUID { EntityUID(type: "T", id: CedarString(id)) }
    static func uid(_ number: Int) -> EntityUID { uid(String(number)) }

    /// An entity and its parents, by their ids.
    static func entity(_ id: String, _ parents: String...) -> Entity {
        Entity(uid: uid(id), parents: Set(parents.map(uid)))
    }

    func error(_ entities: [Entity], closure: Entities.Closure = .compute) -> EntitiesError? {
        do throws(EntitiesError) {
            _ = try Entities(entities, closure: closure)
            return nil
        } catch {
            return error
        }
    }

    @Test("Ancestors are what is reached through parents, whether it is in the store or not")
    func ancestors() throws {
        let entities = try Entities([
            Self.entity("a", "b", "c"), Self.entity("b", "d"), Self.entity("c", "d"), Self.entity("d", "e"),
        ])
        #expect(entities.ancestors(of: Self.uid("a")) == Set(["b", "c", "d", "e"].map(Self.uid)))
        #expect(entities.ancestors(of: Self.uid("d")) == [Self.uid("e")])
        #expect(entities.ancestors(of: Self.uid("e")).isEmpty)
        #expect(entities.isDescendant(Self.uid("a"), of: Self.uid("e")))
        #expect(entities.isDescendant(Self.uid("a"), of: Self.uid("b")))
        #expect(!entities.isDescendant(Self.uid("b"), of: Self.uid("c")))
        #expect(!entities.isDescendant(Self.uid("a"), of: Self.uid("a")))
        #expect(!entities.isDescendant(Self.uid("e"), of: Self.uid("a")))
    }

    @Test("Equal duplicates are ignored, contradictory ones refused")
    func duplicates() throws {
        #expect(try Entities([Self.entity("a", "b"), Self.entity("a", "b")]).count == 1)
        let refusal = EntitiesError.contradictoryDuplicate(Self.uid("a"))
        #expect(error([Self.entity("a", "b"), Self.entity("a")]) == refusal)
        #expect(error([Self.entity("a"), Entity(uid: Self.uid("a"), attributes: ["x": 1])]) == refusal)
        #expect(error([Self.entity("a"), Entity(uid: Self.uid("a"), tags: ["x": 1])]) == refusal)
    }

    @Test("Cycles are refused with their path")
    func cycles() {
        #expect(error([Self.entity("a", "a")]) == .cycle([Self.uid("a"), Self.uid("a")]))
        #expect(error([Self.entity("a", "b"), Self.entity("b", "c")]) == nil)
        let entities = [
            Self.entity("x", "a"), Self.entity("a", "b", "y"), Self.entity("b", "c"), Self.entity("c", "a"),
            Self.entity("y", "z"),
        ]
        guard case .cycle(let path)? = error(entities) else {
            Issue.record("the cycle was not found")
            return
        }
        #expect(path.count == 4)
        #expect(path.first == path.last)
        for (child, parent) in zip(path, path.dropFirst()) {
            #expect(entities.contains { $0.uid == child && $0.parents.contains(parent) })
        }
    }

    @Test("Each change is refused that would make a cycle, and leaves the store as it was")
    func changes() throws {
        var entities = try Entities([Self.entity("a", "b"), Self.entity("b", "c")])
        let before = entities
        #expect(throws: EntitiesError.cycle(["c", "a", "b", "c"].map(Self.uid))) { try entities.add(Self.entity("c", "a")) }
        #expect(throws: EntitiesError.cycle(["b", "a", "b"].map(Self.uid))) { try entities.upsert(Self.entity("b", "a")) }
        #expect(throws: EntitiesError.cycle(["d", "d"].map(Self.uid))) { try entities.add(Self.entity("d", "d")) }
        #expect(throws: EntitiesError.contradictoryDuplicate(Self.uid("a"))) { try entities.add(Self.entity("a")) }
        #expect(throws: EntitiesError.self) { try entities.add(contentsOf: [Self.entity("d"), Self.entity("c", "a")]) }
        #expect(throws: EntitiesError.self) { try entities.merging([Self.entity("c", "b")]) }
        #expect(entities == before)
        // Replacing an entity takes its own parents out of the question.
        try entities.upsert(Self.entity("a"))
        try entities.upsert(Self.entity("b", "a"))
        #expect(entities.isDescendant(Self.uid("b"), of: Self.uid("a")))
        #expect(before.isDescendant(Self.uid("a"), of: Self.uid("c")))
    }

    @Test("A removed entity stays a parent, and is no way to ancestors any more")
    func removal() throws {
        var entities = try Entities([Self.entity("a", "b"), Self.entity("b", "c"), Self.entity("c")])
        #expect(entities.remove(Self.uid("b")) == Self.entity("b", "c"))
        #expect(entities.remove(Self.uid("b")) == nil)
        #expect(entities.count == 2)
        #expect(entities.ancestors(of: Self.uid("a")) == [Self.uid("b")])
        try entities.add(Self.entity("b"))
        #expect(!entities.isDescendant(Self.uid("a"), of: Self.uid("c")))
    }

    @Test("A checked closure lists all ancestors")
    func closure() {
        #expect(error([Self.entity("a", "b", "c"), Self.entity("b", "c"), Self.entity("c")], closure: .check) == nil)
        #expect(error([Self.entity("a", "b"), Self.entity("c", "d")], closure: .check) == nil)
        #expect(
            error([Self.entity("a", "b"), Self.entity("b", "c")], closure: .check)
                == .closureIncomplete(Self.uid("a"), parent: Self.uid("b"), missing: Self.uid("c")))
        #expect(
            error([Self.entity("a", "b", "c", "d"), Self.entity("b", "c", "d"), Self.entity("c", "e")], closure: .check)
                != nil)
        #expect(error([Self.entity("a", "b"), Self.entity("b", "a")], closure: .check) != nil)
    }

    @Test("Iteration, subscripts and counts see the same entities")
    func sequence() throws {
        let all = (0..<1_000).map { Entity(uid: Self.uid($0), attributes: ["n": .long(Int64($0))]) }
        let entities = try Entities(all)
        #expect(entities.count == 1_000)
        #expect(Set(entities) == Set(all))
        #expect(all.allSatisfy { entities[$0.uid] == $0 })
        #expect(entities[Self.uid("x")] == nil)
        #expect(Entities().isEmpty)
    }

    @Test("Uids that are canonically equivalent are different entities")
    func canonicalEquivalence() throws {
        let entities = try Entities([Self.entity("é", "x"), Self.entity("e\u{301}")])
        #expect(entities.count == 2)
        #expect(!entities.isDescendant(Self.uid("e\u{301}"), of: Self.uid("x")))
    }

    /// Every path through the graph is exponentially long: only a search that visits each entity once ends.
    @Test("Diamonds on diamonds take linear time", .timeLimit(.minutes(5)))
    func diamonds() throws {
        let entities = try Entities(
            (0..<5_000).map { Entity(uid: Self.uid($0), parents: [Self.uid($0 + 1), Self.uid($0 + 2), Self.uid($0 + 3)]) })
        #expect(entities.ancestors(of: Self.uid(0)).count == 5_002)
        #expect(entities.isDescendant(Self.uid(0), of: Self.uid(5_002)))
        #expect(!entities.isDescendant(Self.uid(0), of: Self.uid("x")))
        #expect(throws: EntitiesError.self) { try entities.merging([Entity(uid: Self.uid(5_002), parents: [Self.uid(0)])]) }
    }

    @Test("Towers of 100,000 levels are walked on a small stack", .timeLimit(.minutes(5)))
    func towers() {
        let height = 100_000
        let ends = withStack(of: 512 << 10) {
            let tower = (0..<height).map { Entity(uid: Self.uid($0), parents: [Self.uid($0 + 1)]) }
            guard var entities = try? Entities(tower) else {
                Issue.record("the tower was refused")
                return
            }
            #expect(entities.ancestors(of: Self.uid(0)).count == height)
            #expect(entities.isDescendant(Self.uid(0), of: Self.uid(height)))
            do throws(EntitiesError) {
                try entities.add(Entity(uid: Self.uid(height), parents: [Self.uid(0)]))
                Issue.record("the cycle was not found")
            } catch {
                guard case .cycle(let path) = error else { return }
                #expect(path.count == height + 2)
                #expect(error.description.utf8.count < 500)
            }
        }
        #expect(ends)
    }

    @Test("Random graphs have the ancestors and cycles that a plain search finds", arguments: 0..<40 as Range<UInt64>)
    func randomGraphs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1..<12, using: &generator)
        var parents = Array(repeating: Set<Int>(), count: count)
        for _ in 0..<Int.random(in: 0..<2 * count, using: &generator) {
            parents[Int.random(in: 0..<count, using: &generator)].insert(Int.random(in: 0..<count, using: &generator))
        }
        // Reachability by Warshall's algorithm.
        var reaches = parents
        for middle in 0..<count {
            for from in 0..<count where reaches[from].contains(middle) { reaches[from].formUnion(reaches[middle]) }
        }
        let entities = (0..<count).map { Entity(uid: Self.uid($0), parents: Set(parents[$0].map { Self.uid($0) })) }
        let hasCycle = (0..<count).contains { reaches[$0].contains($0) }
        #expect((error(entities) != nil) == hasCycle)
        var oneByOne: Entities? = Entities()
        for entity in entities { oneByOne = try? oneByOne?.merging([entity]) }
        #expect((oneByOne == nil) == hasCycle)
        guard !hasCycle else { return }
        let store = try Entities(entities)
        #expect(oneByOne == store)
        for from in 0..<count {
            #expect(store.ancestors(of: Self.uid(from)) == Set(reaches[from].map { Self.uid($0) }))
            for to in 0..<count {
                #expect(store.isDescendant(Self.uid(from), of: Self.uid(to)) == reaches[from].contains(to))
            }
        }
        #expect((error(entities, closure: .check) == nil) == (parents == reaches))
    }
}
