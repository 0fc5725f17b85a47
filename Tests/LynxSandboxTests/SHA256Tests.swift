@testable import LynxSandbox
import Testing

@Suite("The digest of images")
struct SHA256Tests {
    /// The examples that NIST publishes beside FIPS 180-4.
    @Test(
        "digests are those of the standard's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func examples(message: String, digest: String) {
        #expect(SHA256.text(of: message.utf8) == digest)
    }

    @Test("a message may come in pieces of any length", arguments: [1, 7, 55, 56, 63, 64, 65, 100])
    func pieces(length: Int) {
        // The standard's example of a million letters.
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        var digest = SHA256()
        var rest = million[...]
        for _ in 0..<20 {
            digest.update(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        digest.update(rest)
        #expect(digest.text() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
}
