import LynxIdentity
import Testing

@Suite("Values that end")
struct ExpiringCacheTests {
    @Test("a value counts until its time, and not from there on")
    func times() {
        var cache = ExpiringCache<Int, String>(capacity: 4)
        let isTaken = cache.take("a", for: 1, until: 10, now: 0)
        #expect(isTaken)
        #expect(cache.value(of: 1, now: 9) == "a")
        #expect(cache.value(of: 1, now: 10) == nil)
        #expect(cache.value(of: 2, now: 0) == nil)
        let isLateTaken = cache.take("b", for: 2, until: 5, now: 5)
        #expect(!isLateTaken, "what has ended is not taken")
    }

    @Test("a full cache gives up nothing that still counts, and has room again when something has ended")
    func full() {
        var cache = ExpiringCache<Int, Int>(capacity: 3)
        let taken = (0..<3).map { cache.take($0, for: $0, until: 10 + Int64($0), now: 0) }
        #expect(taken == [true, true, true])
        let isFourthTaken = cache.take(3, for: 3, until: 100, now: 9)
        #expect(!isFourthTaken)
        #expect((0..<3).allSatisfy { cache.value(of: $0, now: 9) == $0 })
        let isTakenThen = cache.take(3, for: 3, until: 100, now: 10)
        #expect(isTakenThen)
        #expect(cache.value(of: 0, now: 10) == nil)
        #expect(cache.value(of: 1, now: 10) == 1 && cache.value(of: 2, now: 10) == 2)
    }

    @Test("what is put in place of another counts until its own time, sooner or later")
    func replaced() {
        var cache = ExpiringCache<Int, String>(capacity: 8)
        cache.take("early", for: 1, until: 10, now: 0)
        cache.take("late", for: 1, until: 30, now: 0)
        // The end of the first is passed by what comes then, and must not take the second along.
        for key in 2..<5 { cache.take("x", for: key, until: 40, now: 20) }
        #expect(cache.value(of: 1, now: 20) == "late")
        cache.take("again", for: 1, until: 30, now: 20)
        #expect(cache.value(of: 1, now: 29) == "again")
        cache.take("short", for: 1, until: 25, now: 20)
        #expect(cache.value(of: 1, now: 25) == nil)
    }

    @Test("values that are put in place of others without end do not make it grow")
    func replacedOften() {
        var cache = ExpiringCache<Int, Int>(capacity: 10)
        let taken = (0..<1000).count { cache.take($0, for: 1, until: 100 + Int64($0), now: 0) }
        #expect(taken == 10)
        #expect(cache.count == 1)
    }

    @Test("however many have ended at once, each that comes takes out two at most")
    func noSweep() {
        var cache = ExpiringCache<Int, Int>(capacity: 1000)
        for key in 0..<1000 { cache.take(key, for: key, until: 10, now: 0) }
        for step in 1...500 {
            let isTaken = cache.take(step, for: -step, until: 1000, now: 10)
            #expect(isTaken && cache.count == 1000 - step)
        }
        #expect((1...500).allSatisfy { cache.value(of: -$0, now: 10) == $0 })
    }
}
