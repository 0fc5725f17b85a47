import LynxIdentity
import Testing

@Suite("Base64url")
struct Base64URLTests {
    // RFC 4648, 10, without padding.
    @Test("reads and writes the examples of RFC 4648", arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func examples(_ plain: String, _ encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(plain.utf8))
    }

    @Test("refuses padding, other alphabets, white space, impossible lengths and bits that belong to no byte", arguments: [
        "Zg==", "Zm8=", "Zm9v\n", " Zm9v", "+/+/", "Z", "Zm9vZ", "Zh", "Zm9", "Zm9v.Zg", "Zé",
    ])
    func refusals(_ text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test("has one text for every sequence of bytes")
    func oneText() {
        for byte in UInt8.min...UInt8.max {
            let text = Array(Base64URL.encode([byte]).utf8)
            // Of the characters that could stand at the end, only one is read.
            let last = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
            #expect(last.count { Base64URL.decode([text[0], $0]) == [byte] } == 1)
        }
    }
}
