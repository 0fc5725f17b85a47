import LynxCedar
import LynxIdentity
import Testing

@Suite("Credentials of our own")
struct CredentialTests {
    private static let start: Int64 = 1_800_000_000
    private static let own: CedarString = "https://lynx.example"

    private func validator(_ ring: KeyRing) -> TokenValidator {
        TokenValidator([
            Issuer(
                name: "lynxd", identifier: Self.own, profile: .own, algorithms: [.es256, .edDSA], entrances: [.decision], keys: .ring(ring))
        ])
    }

    private func contents(_ actors: ActorChain = ActorChain()) -> TokenIssuer.Contents {
        TokenIssuer.Contents(
            subject: Party(issuer: "https://idp.example", subject: "alice"), audience: "there", actors: actors, scopes: ["a", "b"],
            expires: Self.start + 120)
    }

    @Test("what is issued is taken by whom it is for, and says whom it is of", arguments: KeyRing.Algorithm.allCases)
    func roundTrip(_ algorithm: KeyRing.Algorithm) async throws {
        let ring = try KeyRing(algorithm, now: Self.start)
        let planner = Party(issuer: Self.own, subject: "planner")
        let issued = try #require(
            TokenIssuer(Self.own, ring: ring).issue(contents(ActorChain([planner])), id: "1", now: Self.start))
        let token = try await validator(ring).validate(issued.token, at: .decision, audiences: ["there"], now: Self.start)
        #expect(token.origin == Party(issuer: "https://idp.example", subject: "alice"))
        #expect(token.actors.actors == [planner])
        #expect(token.scopes == ["a", "b"])
        #expect(token.expires == Self.start + 120)
        await #expect(throws: TokenRefusal(.audience)) {
            try await validator(ring).validate(issued.token, at: .decision, audiences: ["elsewhere"], now: Self.start)
        }
        let stranger = try KeyRing(algorithm, now: Self.start)
        await #expect(throws: TokenRefusal(.keyUnknown)) {
            try await validator(stranger).validate(issued.token, at: .decision, audiences: ["there"], now: Self.start)
        }
    }

    @Test("a key is published before it signs, and stays as long after as something that it has signed may be shown")
    func rotation() async throws {
        var times = KeyRing.Times()
        times.rotation = 1000
        times.overlap = 100
        let ring = try KeyRing(.es256, times: times, now: Self.start)
        let issuer = TokenIssuer(Self.own, ring: ring)
        func kid(at time: Int64) throws -> String {
            let issued = try #require(issuer.issue(contents(), id: "1", now: time))
            let header = try #require(Base64URL.decode(issued.token.prefix { $0 != "." }.utf8))
            return String(decoding: header, as: UTF8.self)
        }
        let first = try kid(at: Self.start)
        #expect(ring.opening.before == [])
        #expect(ring.opening.made == ring.opening.after && ring.opening.made.count == 1, "the first is a change too")
        #expect(ring.opening.starts == Self.start)
        #expect(try ring.advance(to: Self.start + 899) == nil)
        let next = try #require(try ring.advance(to: Self.start + 900))
        #expect(next.before == ring.opening.after)
        #expect(next.made.count == 1 && next.after == next.before + next.made)
        #expect(next.starts == Self.start + 1000)
        #expect(ring.json.description.contains(next.made[0].string), "published")
        #expect(try kid(at: Self.start + 999) == first, "not used yet")
        #expect(try kid(at: Self.start + 1000) != first)
        let published = ring.json.description
        #expect(try ring.advance(to: Self.start + 1100) == nil)
        #expect(ring.json.description == published, "the first is still there")
        let last = try #require(try ring.advance(to: Self.start + 1101))
        #expect(last.made == [] && last.after == next.made, "its end is a change")
        #expect(ring.json.description != published)
    }

    @Test("a chain has four actors at most, and none of them twice")
    func chains() throws {
        let parties = (0..<5).map { Party(issuer: "i", subject: "\($0)") }
        var chain = ActorChain()
        for party in parties.prefix(4) { chain = try chain.adding(party) }
        #expect(chain.actors == [parties[3], parties[2], parties[1], parties[0]])
        #expect(throws: TokenRefusal.self) { try chain.adding(parties[4]) }
        #expect(throws: TokenRefusal(.actorCycle)) { try chain.adding(parties[0]) }
        #expect(try chain.adding(parties[3]) == chain, "who acts already is not put in twice")
    }

    @Test("an assertion counts once, and a client whose room is full gets no more in")
    func replays() {
        let cache = ReplayCache(capacity: 2)
        #expect(cache.use(of: "a", by: "x", expires: 100, now: 0) == .first)
        #expect(cache.use(of: "a", by: "x", expires: 100, now: 1) == .again)
        #expect(cache.use(of: "b", by: "x", expires: 200, now: 1) == .first)
        #expect(cache.use(of: "c", by: "x", expires: 100, now: 2) == .unremembered)
        // An assertion is taken up to 60 seconds behind its end, so it is remembered that long.
        #expect(cache.use(of: "a", by: "x", expires: 100, now: 159) == .again)
        #expect(cache.use(of: "c", by: "x", expires: 300, now: 160) == .first)
        #expect(cache.use(of: "b", by: "x", expires: 200, now: 160) == .again)
    }

    @Test("no client takes the room of another")
    func replaysOfOthers() {
        let cache = ReplayCache(capacity: 100)
        #expect(cache.use(of: "a", by: "x", expires: 600, now: 0) == .first)
        let uses = (0..<1000).map { cache.use(of: CedarString("\($0)"), by: "greedy", expires: 600, now: 0) }
        #expect(uses.count { $0 == .first } == 100)
        #expect(uses.dropFirst(100).allSatisfy { $0 == .unremembered })
        #expect(cache.use(of: "a", by: "x", expires: 600, now: 0) == .again)
        #expect(cache.use(of: "b", by: "x", expires: 600, now: 0) == .first)
    }
}
