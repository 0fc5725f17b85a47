import Testing

@testable import LynxCedar

@Suite("The size of the entity store")
struct StoreSizeTests {
    private static func uid(_ type: Name, _ number: Int) -> EntityUID { EntityUID(type: type, id: "\(number)") }

    @Test("an entity with three attributes, one of them a name of its own, and two parents takes under 250 bytes")
    func entities() throws {
        let groups = (0..<100).map { Entity(uid: Self.uid("Group", $0)) }
        let users = (0..<20_000).map { number in
            Entity(
                uid: Self.uid("User", number),
                attributes: ["name": "name of \(number)", "level": .long(Int64(number % 100)), "active": .bool(number % 3 == 0)],
                parents: [Self.uid("Group", number % 100), Self.uid("Group", (number * 7 + 1) % 100)])
        }
        let entities = try Entities(groups + users)
        #expect(entities.store.size < 250 * entities.count)
    }

    @Test("a chain of ancestors takes memory in its length, not in its square, and is still answered")
    func chain() throws {
        // Sets for all of it would take 100 MB, as bits.
        let length = 40_000
        let chain = (0..<length).map { number in
            Entity(uid: Self.uid("Link", number), parents: number == 0 ? [] : [Self.uid("Link", number - 1)])
        }
        let entities = try Entities(chain)
        #expect(entities.store.size < 500 * length + (4 << 20))
        #expect(entities.isDescendant(Self.uid("Link", length - 1), of: Self.uid("Link", 0)))
        #expect(!entities.isDescendant(Self.uid("Link", 0), of: Self.uid("Link", length - 1)))
        #expect(entities.ancestors(of: Self.uid("Link", length - 1)).count == length - 1)
    }
}
