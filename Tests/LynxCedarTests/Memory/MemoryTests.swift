import CedarGenerators
import Testing

@testable import LynxCedar

@Suite("Structures that copies share")
struct MemoryTests {
    @Test("an index finds what was put in and not taken out, and copies are independent", arguments: [10, 1_000, 20_000])
    func index(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        var index = HashIndex()
        var expected: [UInt32: UInt64] = [:]
        var copies: [(HashIndex, [UInt32: UInt64])] = []
        for number in 0..<UInt32(count) {
            // Few distinct hashes: numbers of the same hash must be told apart.
            let hash = random.next() % 3 == 0 ? UInt64(number % 7) : ContentHash.combine(UInt64(number), 1)
            index.insert(number, hash: hash)
            expected[number] = hash
            if random.next() % 4 == 0, let gone = expected.randomElement(using: &random) {
                index.remove(gone.key, hash: gone.value)
                expected[gone.key] = nil
            }
            if number % UInt32(max(1, count / 3)) == 0 { copies.append((index, expected)) }
        }
        for (index, expected) in copies + [(index, expected)] {
            #expect(index.count == expected.count)
            for (number, hash) in expected { #expect(index.find(hash) { $0 == number } == number) }
            // Hashes are folded: only the number itself says that it is the one.
            #expect(index.find(.max) { $0 == UInt32(count) } == nil)
        }
    }

    @Test("strings of any length have one symbol each and come back as they were")
    func symbols() {
        var table = SymbolTable()
        let texts = (0..<200).map { String(repeating: "é", count: $0 / 4) + "\($0)" } + ["", "a", "\0", "\u{301}", "e\u{301}", "é"]
        let symbols = texts.map { table.intern($0) }
        let copy = table
        for text in texts { _ = table.intern(text + "!") }
        #expect(Set(symbols).count == texts.count)
        for (text, symbol) in zip(texts, symbols) {
            #expect(copy.find(text) == symbol && table.find(text) == symbol)
            #expect(Array(copy.string(symbol).utf8) == Array(text.utf8))
            #expect(copy.find(text + "!") == nil || texts.contains(text + "!"))
        }
    }

    @Test("a short text is the same read out of a string as a word and read from its bytes", arguments: ["a", "é", "\0", "日", "😀"])
    func smallStrings(letter: String) {
        for length in 0...20 {
            let made = String(repeating: letter, count: length)
            // A part of a longer string, made a string of its own, and one from bytes: the library may keep each in another way.
            let texts = [made, String((made + "rest").dropLast(4)), String(decoding: Array(made.utf8), as: UTF8.self)]
            for text in texts {
                let fromBytes = text.withBytes { ShortText($0) }
                #expect((fromBytes == nil) == (text.utf8.count > ShortText.capacity))
                if let short = SmallStrings.ofProcess.text(text) { #expect(short == fromBytes) }
            }
        }
    }

    // Whoever decides would go the long way without anybody noticing.
    #if arch(x86_64) || arch(arm64)
        @Test("on 64-bit machines short texts are read out of their strings")
        func smallStringsAreRead() {
            #expect(SmallStrings.ofProcess.text("a") != nil)
            #expect(SmallStrings.ofProcess.text(String(repeating: "a", count: ShortText.capacity)) != nil)
        }
    #endif

    @Test("a set of ancestors has its members, dense or sparse, and no others", arguments: 0..<20)
    func ancestors(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var arena = BlockArena()
        var members: Set<UInt32> = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let start = UInt32.random(in: 0..<100_000, using: &random)
            let step = UInt32.random(in: 1...40, using: &random)
            for index in 0..<UInt32.random(in: 1...300, using: &random) { members.insert(start + index * step) }
        }
        let set = AncestorSet(members.sorted(), in: &arena)
        #expect(set.count == members.count && set.isEqual(to: members.sorted()))
        var visited: [UInt32] = []
        set.forEach { visited.append($0) }
        #expect(visited == members.sorted())
        for number in 0..<UInt32(120_000) where set.contains(number) != members.contains(number) {
            Issue.record("\(number) is \(members.contains(number) ? "not found" : "found")")
        }
    }

    @Test("patterns match bytes as they match scalars", arguments: 0..<8)
    func patterns(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var arena = BlockArena()
        func text(_ most: Int) -> [Unicode.Scalar] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in ["a", "b", "é", "漢", "😀"].randomElement(using: &random) ?? "a" }
        }
        var matches = 0
        for _ in 0..<2_000 {
            var elements: [Pattern.Element] = []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                elements += text(2).map { .scalar($0) }
                if Bool.random(using: &random) { elements.append(.wildcard) }
            }
            let pattern = Pattern(elements)
            var string = ""
            string.unicodeScalars.append(contentsOf: text(8))
            let expected = pattern.matches(CedarString(string))
            matches += expected ? 1 : 0
            #expect(string.withBytes { FlatPattern(pattern, in: &arena).matches($0) } == expected, "\(pattern) and \(string)")
        }
        #expect(matches > 100)
    }
}
