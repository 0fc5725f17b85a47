import Testing

@testable import LynxIdentity

@Suite("When keys are fetched again")
struct KeyTimesTests {
    static let keys = RemoteKeySet.Location.keys(url: "https://idp.example/jwks")
    static let bundle = RemoteKeySet.Location.bundle(url: "https://spire.example/bundle")

    // The bounds are those that ``RemoteKeySet/Times`` documents.
    @Test("as often as the issuer asks for, within bounds", arguments: [
        (600, KeyTimesTests.keys, 600), (nil, KeyTimesTests.keys, 3600), (1, KeyTimesTests.keys, 60), (86400, KeyTimesTests.keys, 3600), (10, KeyTimesTests.bundle, 10), (nil, KeyTimesTests.bundle, 300), (0, KeyTimesTests.bundle, 5), (86400, KeyTimesTests.bundle, 3600),
    ] as [(Int64?, RemoteKeySet.Location, Int64)])
    func lifetimes(_ asked: Int64?, _ location: RemoteKeySet.Location, _ expected: Int64) {
        #expect(RemoteKeySet.Times().lifetime(asking: asked, at: location) == expected)
    }

    @Test("and always before they are too old to be used", arguments: [(3600, KeyTimesTests.keys), (nil, KeyTimesTests.keys), (3600, KeyTimesTests.bundle), (nil, KeyTimesTests.bundle)] as [(Int64?, RemoteKeySet.Location)])
    func stale(_ asked: Int64?, _ location: RemoteKeySet.Location) {
        var times = RemoteKeySet.Times()
        times.staleLimit = 60
        #expect(times.lifetime(asking: asked, at: location) == 30)
    }
}
