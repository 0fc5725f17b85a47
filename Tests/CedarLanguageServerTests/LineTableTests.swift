import CedarLanguageServer
import Testing

@Suite("Positions in a text")
struct LineTableTests {
    /// A text, a byte offset in it, and the position of that in both encodings.
    struct Example: Sendable, CustomTestStringConvertible {
        let text: String
        let offset: Int
        let line: Int
        let utf8: Int
        let utf16: Int

        var testDescription: String { "\(text.debugDescription) at \(offset)" }

        func position(_ encoding: PositionEncoding) -> TextPosition {
            TextPosition(line: line, character: encoding == .utf8 ? utf8 : utf16)
        }
    }

    // The sizes of scalars are those of the Unicode standard: é has 2 bytes and 1 code unit, € 3 and 1, 🐱 4 and 2.
    static let examples = [
        Example(text: "", offset: 0, line: 0, utf8: 0, utf16: 0),
        Example(text: "ab", offset: 2, line: 0, utf8: 2, utf16: 2),
        Example(text: "é€🐱x", offset: 2, line: 0, utf8: 2, utf16: 1),
        Example(text: "é€🐱x", offset: 5, line: 0, utf8: 5, utf16: 2),
        Example(text: "é€🐱x", offset: 9, line: 0, utf8: 9, utf16: 4),
        Example(text: "é€🐱x", offset: 10, line: 0, utf8: 10, utf16: 5),
        Example(text: "a\nb", offset: 2, line: 1, utf8: 0, utf16: 0),
        Example(text: "a\r\nb", offset: 3, line: 1, utf8: 0, utf16: 0),
        Example(text: "a\rb", offset: 2, line: 1, utf8: 0, utf16: 0),
        Example(text: "a\n\r\n🐱\rb", offset: 8, line: 2, utf8: 4, utf16: 2),
        Example(text: "a\n", offset: 2, line: 1, utf8: 0, utf16: 0),
    ]

    @Test("an offset has the position that the protocol gives it, and the position has that offset", arguments: examples)
    func conversion(example: Example) {
        for encoding in [PositionEncoding.utf8, .utf16] {
            let table = LineTable(Array(example.text.utf8), encoding: encoding)
            #expect(table.position(of: example.offset) == example.position(encoding))
            #expect(table.offset(of: example.position(encoding)) == example.offset)
        }
    }

    @Test("what lies behind a line is its end, before `\\r\\n` too; what lies behind the text is its end")
    func clamping() {
        let table = LineTable(Array("ab\r\ncd".utf8), encoding: .utf16)
        #expect(table.offset(of: TextPosition(line: 0, character: 100)) == 2)
        #expect(table.offset(of: TextPosition(line: 0, character: .max)) == 2)
        #expect(table.offset(of: TextPosition(line: 1, character: 100)) == 6)
        #expect(table.offset(of: TextPosition(line: 7, character: 0)) == 6)
        #expect(table.offset(of: TextPosition(line: -1, character: -1)) == 0)
        #expect(table.offset(of: TextPosition(line: 0, character: -1)) == 0)
        #expect(table.position(of: 3) == TextPosition(line: 0, character: 2))
        #expect(table.position(of: 100) == TextPosition(line: 1, character: 2))
        #expect(table.position(of: -1) == TextPosition(line: 0, character: 0))
    }

    @Test("what lies within a scalar is its start")
    func withinScalars() {
        let utf16 = LineTable(Array("🐱🐱".utf8), encoding: .utf16)
        #expect(utf16.offset(of: TextPosition(line: 0, character: 1)) == 0)
        #expect(utf16.offset(of: TextPosition(line: 0, character: 3)) == 4)
        #expect(utf16.position(of: 6) == TextPosition(line: 0, character: 2))
        let utf8 = LineTable(Array("🐱🐱".utf8), encoding: .utf8)
        #expect(utf8.offset(of: TextPosition(line: 0, character: 6)) == 4)
    }

    @Test("every scalar's start comes back from its position, in long lines too", arguments: [PositionEncoding.utf8, .utf16])
    func longLines(encoding: PositionEncoding) {
        var text = ""
        for number in 0..<3_000 { text += ["a", "é", "€", "🐱", "\u{301}"][(number * 7 + number / 11) % 5] }
        let table = LineTable(Array((text + "\r\n" + text).utf8), encoding: encoding)
        let second = text.utf8.count + 2
        var offset = 0
        var units = 0
        for scalar in text.unicodeScalars {
            #expect(table.position(of: offset) == TextPosition(line: 0, character: units))
            #expect(table.position(of: second + offset) == TextPosition(line: 1, character: units))
            #expect(table.offset(of: TextPosition(line: 1, character: units)) == second + offset)
            offset += UTF8.width(scalar)
            units += encoding == .utf8 ? UTF8.width(scalar) : UTF16.width(scalar)
        }
    }
}
