import Testing

@testable import LynxCedar

@Suite("Data that a schema guides may nest as deep as the limit on a small stack")
struct TypedNestingTests {
    private static let levels = NestingLimit.standard

    /// Ways to nest a type, and values of it. `calls` nest in the data alone: the type of all is `datetime`.
    enum Nesting: String, CaseIterable {
        case sets, records, calls, escapedCalls

        func type(levels: Int) -> SchemaType {
            switch self {
            case .sets: (0..<levels).reduce(.long) { inner, _ in .set(inner) }
            case .records: (0..<levels).reduce(.long) { inner, _ in .record(RecordType([RecordType.Attribute(name: "a", type: inner)]) ?? RecordType()) }
            case .calls, .escapedCalls: .datetime
            }
        }

        func json(levels: Int) -> JSONValue {
            switch self {
            case .sets: (0..<levels).reduce(1) { inner, _ in [inner] }
            case .records: (0..<levels).reduce(1) { inner, _ in ["a": inner] }
            case .calls: (0..<levels).reduce("2024-01-01") { inner, _ in ["fn": "toDate", "args": [inner]] }
            case .escapedCalls: (0..<levels).reduce("2024-01-01") { inner, _ in ["__extn": ["fn": "toDate", "args": [inner]]] }
            }
        }
    }

    private static func read(_ json: JSONValue, as type: SchemaType) -> Value? {
        var reader = DataReader(source: nil)
        let value = reader.value(json, as: type)
        #expect((value == nil) == !reader.diagnostics.isEmpty)
        return value
    }

    @Test("what nests up to the limit is read, and what nests deeper refused", arguments: Nesting.allCases)
    func limit(nesting: Nesting) {
        let ran = withStack(of: 512 << 10) {
            #expect(Self.read(nesting.json(levels: Self.levels), as: nesting.type(levels: Self.levels)) != nil)
            #expect(Self.read(nesting.json(levels: Self.levels + 1), as: nesting.type(levels: Self.levels + 1)) == nil)
            #expect(Self.read(nesting.json(levels: 10_000), as: nesting.type(levels: Self.levels)) == nil)
        }
        #expect(ran)
    }

    @Test("what is read so conforms, compares, prints and is written on a small stack too", arguments: [Nesting.sets, .records])
    func uses(nesting: Nesting) {
        let ran = withStack(of: 512 << 10) {
            guard let value = Self.read(nesting.json(levels: Self.levels), as: nesting.type(levels: Self.levels)) else {
                Issue.record("was not read")
                return
            }
            #expect(value == Self.read(nesting.json(levels: Self.levels), as: nesting.type(levels: Self.levels)))
            #expect(!(value < value))
            #expect(Set([value, value]).count == 1)
            #expect(!value.description.isEmpty)
            #expect((try? value.json) != nil)
        }
        #expect(ran)
    }
}
