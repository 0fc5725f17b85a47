import Testing

@testable import LynxCedar

@Suite("Source texts know their lines, and refuse what is no text")
struct SourceTextTests {
    @Test(
        "an offset has a line, counted at line feeds, and a column, counted in scalars",
        arguments: [
            ("", 0, "1:1"), ("abc", 0, "1:1"), ("abc", 2, "1:3"), ("abc", 3, "1:4"), ("abc", 99, "1:4"),
            ("a\nb", 1, "1:2"), ("a\nb", 2, "2:1"), ("a\r\nb", 3, "2:1"), ("a\n\n\nb", 4, "4:1"), ("a\n", 2, "2:1"),
            ("é\u{1F600}x", 2, "1:2"), ("é\u{1F600}x", 6, "1:3"), ("é\u{1F600}x", 7, "1:4"), ("a\rb", 2, "1:3"),
            ("é\né!", 5, "2:2"),
        ] as [(String, UInt32, String)])
    func positions(text: String, offset: UInt32, position: String) {
        #expect(SourceText(text).position(of: offset).description == position)
    }

    @Test("columns on long lines are counted from the line's start")
    func longLines() {
        let text = "ab\n" + String(repeating: "é", count: 5_000) + "\nc"
        let source = SourceText(text)
        #expect(source.position(of: 3).description == "2:1")
        for scalars in [1, 510, 511, 512, 1_023, 4_999] {
            #expect(source.position(of: UInt32(3 + 2 * scalars)).description == "2:\(scalars + 1)")
        }
        #expect(source.position(of: UInt32(text.utf8.count)).description == "3:2")
        #expect(source.position(of: .max - 1).description == "3:2")
    }

    @Test(
        "a line comes without its terminator",
        arguments: [
            ("", [""]), ("a", ["a"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b", ""]), ("\n\n", ["", "", ""]),
            ("é\nü", ["é", "ü"]), ("a\rb\nc", ["a\rb", "c"]),
        ] as [(String, [String])])
    func lines(text: String, lines: [String]) {
        let source = SourceText(text)
        #expect(source.lineCount == lines.count)
        #expect((1...lines.count).map { String(source.line($0)) } == lines)
    }

    @Test("a span past the end is cut at the end")
    func spans() {
        let source = SourceText("abc")
        #expect(source.substring(SourceSpan(1..<2)) == "b")
        #expect(source.substring(SourceSpan(1..<99)) == "bc")
        #expect(source.substring(SourceSpan(50..<99)) == "")
    }

    @Test(
        "bytes that are no UTF-8 are refused with the place of the fault",
        arguments: [
            ([0x61, 0xFF], "byte 1"), ([0x80], "byte 0"), ([0x61, 0x62, 0xC3], "byte 2"), ([0xC3, 0xA9, 0xED, 0xA0, 0x80], "byte 2"),
            ([0xF8, 0x88, 0x80, 0x80, 0x80], "byte 0"), ([0x61, 0xC0, 0x80], "byte 1"), ([0xF4, 0x90, 0x80, 0x80], "byte 0"),
        ] as [([UInt8], String)])
    func invalid(bytes: [UInt8], place: String) throws {
        let error = try #require(parseError { try SourceText(utf8: bytes, name: "a.cedar") })
        #expect(error.diagnostics.count == 1)
        #expect(error.description.contains(place))
        #expect(error.description.contains("a.cedar"))
    }

    @Test("a byte order mark and UTF-16 are told for what they are")
    func marks() throws {
        let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("permit".utf8)
        #expect(try #require(parseError { try SourceText(utf8: marked) }).description.contains("byte order mark"))
        for bytes in [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]] {
            #expect(try #require(parseError { try SourceText(utf8: bytes) }).description.contains("UTF-16"))
        }
    }

    @Test("the error of a text that cannot be read names it, for programs too")
    func named() throws {
        for bytes in [[0xC0], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]] as [[UInt8]] {
            let error = try #require(parseError { try SourceText(utf8: bytes, name: "a.cedar") })
            #expect(error.diagnostics.map { $0.source?.name } == ["a.cedar"])
            #expect(DiagnosticRenderer(.json).render(error.diagnostics).contains(#""file":"a.cedar""#))
        }
    }

    @Test("valid bytes give the same text")
    func valid() throws {
        for text in ["", "a", "é\u{1F600}\u{0}", "\u{10FFFF}\r\n", "e\u{301}"] {
            #expect(Array(try SourceText(utf8: Array(text.utf8)).text.utf8) == Array(text.utf8))
        }
    }
}
