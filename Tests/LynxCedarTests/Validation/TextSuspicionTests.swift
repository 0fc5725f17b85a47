import Testing

@testable import LynxCedar

@Suite("Texts that do not read as they compare are told from those that do")
struct TextSuspicionTests {
    // UTS 39, 5.1, the table of examples of resolved script sets; the second has Cyrillic letters only, the third some.
    @Test(
        "the standard's own examples are of one script, or not",
        arguments: [
            ("Circle", true), ("\u{421}\u{456}\u{433}\u{441}\u{4C0}\u{435}", true), ("\u{421}ir\u{441}l\u{435}", false),
            ("Circ1e", true), ("C\u{1D5C2}\u{1D5CB}\u{1D5BC}\u{1D5C5}\u{1D5BE}", true),
            ("\u{1D5A2}\u{1D5C2}\u{1D5CB}\u{1D5BC}\u{1D5C5}\u{1D5BE}", true), ("\u{3006}\u{5207}", true),
            ("\u{306D}\u{30AC}", true),
        ])
    func standard(text: CedarString, single: Bool) {
        #expect(text.isSingleScript == single)
    }

    @Test(
        "Han goes with Bopomofo, with the Japanese syllabaries or with Hangul, but those do not go with each other",
        arguments: [
            ("漢ㄅ", true), ("漢ひカ", true), ("漢한", true), ("ひカ", true), ("カㄅ", false), ("ひ한", false), ("漢ひ한", false),
            ("漢ㄅ한", false), ("漢a", false),
        ])
    func writingSystems(text: CedarString, single: Bool) {
        #expect(text.isSingleScript == single)
    }

    @Test(
        "a scalar that several scripts share goes with each of them and no other",
        arguments: [
            // The danda is of Devanagari and Bengali, the prolonged sound mark of the syllabaries.
            ("क\u{964}", true), ("ক\u{964}", true), ("a\u{964}", false), ("カ\u{30FC}", true), ("漢\u{30FC}", true), ("한\u{30FC}", false),
            ("\u{964}\u{30FC}", false),
        ])
    func extensions(text: CedarString, single: Bool) {
        #expect(text.isSingleScript == single)
    }

    @Test(
        "digits, punctuation, emoji and combining marks go with any script",
        arguments: ["", " ", "42", "a-1", "я-1", "日本 (1)", "a\u{300}", "я\u{300}", "\u{300}", "👍", "क👍", "\n\t\0"])
    func common(text: CedarString) {
        #expect(text.isSingleScript)
        #expect(TextSuspicion(in: text, as: .string) == nil)
    }

    // Their Script is Zzzz (UAX 24, 2.4), which is compatible with nothing.
    @Test(
        "an unassigned or private scalar is of no script, even alone",
        arguments: ["\u{378}", "\u{E000}", "\u{10FFFF}", "a\u{E000}", "\u{FFFF}"])
    func unknown(text: CedarString) {
        #expect(!text.isSingleScript)
    }

    // IdentifierStatus.txt lists the first as Allowed and does not list the second.
    @Test(
        "identifiers may have the letters of modern scripts, and no symbols, invisible or compatibility characters",
        arguments: zip(
            ["a", "Z", "0", "_", ".", "\u{B7}", "ß", "я", "é", "漢", "가", "क", "\u{30FC}", "\u{323AF}"] as [Unicode.Scalar],
            ["\u{0}", " ", "$", "/", "\u{B2}", "\u{17F}", "\u{FF21}", "\u{1D5C2}", "\u{1F34C}", "\u{200B}", "\u{378}", "\u{E000}", "\u{323B0}", "\u{10FFFF}"]
                as [Unicode.Scalar]
        ))
    func identifierStatus(allowed: Unicode.Scalar, restricted: Unicode.Scalar) {
        #expect(allowed.isAllowedInIdentifiers)
        #expect(!restricted.isAllowedInIdentifiers)
    }

    @Test(
        "printable ASCII and the letters of one script make an identifier that is fine",
        arguments: [
            "", "owner", "Photo::\"vacation\" & more", "GET /users/{id}?q=1#top", "user+tag@example.com", "a~b", "größe", "имя", "名前 カナ", "이름",
        ])
    func fineIdentifiers(text: CedarString) {
        #expect(TextSuspicion(in: text, as: .identifier) == nil)
        #expect(TextSuspicion(in: text, as: .string) == nil)
    }

    @Test(
        "an identifier is suspect for its first scalar that is neither printable ASCII nor allowed in identifiers",
        arguments: zip(
            ["is\u{200B}Owner\u{1F34C}", "two\nlines", "\0", "a\u{7F}", "🍌", "ａdmin", "x\u{200F}", "p\u{430}\u{A0}"] as [CedarString],
            ["\u{200B}", "\n", "\0", "\u{7F}", "\u{1F34C}", "\u{FF41}", "\u{200F}", "\u{A0}"] as [Unicode.Scalar]
        ))
    func confusable(text: CedarString, scalar: Unicode.Scalar) {
        #expect(TextSuspicion(in: text, as: .identifier) == .confusable(scalar))
    }

    @Test(
        "a text of more than one script is suspect in either role",
        arguments: ["p\u{430}ypal", "say_\u{4BB}ello", "*_\u{4BB}ello", "αdmin", "ひ한"])
    func mixed(text: CedarString) {
        #expect(TextSuspicion(in: text, as: .identifier) == .mixedScripts)
        #expect(TextSuspicion(in: text, as: .string) == .mixedScripts)
    }

    @Test(
        "a bidirectional control is what is said of a text that has one, whatever else is wrong with it",
        arguments: ["\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}"] as [Unicode.Scalar])
    func bidirectional(control: Unicode.Scalar) {
        for role in [TextSuspicion.Role.identifier, .string] {
            #expect(TextSuspicion(in: "user\(control)", as: role) == .bidirectionalControls)
            #expect(TextSuspicion(in: "🍌p\u{430}y\u{E000}\(control)", as: role) == .bidirectionalControls)
        }
    }

    @Test("implicit direction marks and the neighbours of the controls are no bidirectional controls",
        arguments: ["\u{200E}", "\u{200F}", "\u{2029}", "\u{202F}", "\u{2065}", "\u{206A}"] as [Unicode.Scalar])
    func notBidirectional(scalar: Unicode.Scalar) {
        #expect(TextSuspicion(in: "\(scalar)", as: .string) != .bidirectionalControls)
        #expect(TextSuspicion(in: "\(scalar)", as: .identifier) == .confusable(scalar))
    }

    @Test("the tables ascend and begin with the first scalar")
    func tables() {
        let runs = UnicodeTables.scriptRuns
        #expect(runs.first.map { $0 >> 11 } == 0)
        #expect(zip(runs, runs.dropFirst()).allSatisfy { $0 >> 11 < $1 >> 11 })
        let boundaries = UnicodeTables.identifierBoundaries
        #expect(zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 < $1 })
        // Every run names a set that there is: a bit, everything, nothing, or an entry of the list.
        #expect(runs.allSatisfy { $0 & 0x7FF < 194 + UInt32(UnicodeTables.scriptSets.count) })
    }
}
