import CedarGenerators
@testable import LynxCedar
import Testing

@Suite("ipaddr")
struct IPAddressTests {
    /// What the reference says of a text that it accepts.
    struct Verdict: Sendable {
        /// An address that it finds equal, in the form in which we print.
        let text: String
        /// The methods that give true.
        let holds: [ExtensionFunction]
    }

    @Test("text is accepted and refused as the reference does", arguments: verdicts)
    func parsing(text: String, verdict: Verdict?) throws {
        guard let verdict else {
            let error = try #require(throws: EvaluationError.self) { try IPAddress(text) }
            guard case .extensionFunction(.ip, _) = error.kind else {
                Issue.record("unexpected kind: \(error.kind)")
                return
            }
            #expect(error.help != nil)
            return
        }
        let address = try IPAddress(text)
        #expect(address.description == verdict.text)
        #expect(address == (try IPAddress(verdict.text)))
        for method in [ExtensionFunction.isIpv4, .isIpv6, .isLoopback, .isMulticast] {
            #expect(try method.apply([.ip(address)]) == .bool(verdict.holds.contains(method)), "\(method)")
        }
    }

    @Test("a range is in another where the reference says so", arguments: ranges)
    func containment(inner: String, outer: String, isInRange: Bool) throws {
        #expect(try IPAddress(inner).isInRange(IPAddress(outer)) == isInRange)
    }

    @Test("equality compares the version, the address and the prefix length")
    func equality() {
        let distinct: [IPAddress] = [
            "10.0.0.0/8", "10.0.0.1/8", "10.0.0.0/9", "10.0.0.0", "0.0.0.0/0",
            "::a00:0", "a00::", "::ffff:a00:0", "a00::/8", "::/0",
        ]
        #expect(Set(distinct).count == distinct.count)
        #expect(("10.0.0.1" as IPAddress) == "10.0.0.1/32")
        #expect(("2001:DB8:0::1" as IPAddress) == "2001:db8::1/128")
    }

    @Test("the canonical order is strict and total: of two different addresses exactly one comes first")
    func canonicalOrder() throws {
        var generator = SeededGenerator(seed: 6)
        let addresses = try (0..<100).map { _ in try randomAddress(using: &generator) }
        for left in addresses {
            for right in addresses {
                let precedes = left.canonicallyPrecedes(right)
                #expect(left == right ? !precedes : precedes != right.canonicallyPrecedes(left))
            }
        }
    }

    @Test("what an address prints reads back as the same address, also where IPv4 addresses are mapped into IPv6")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<10_000 {
            let address = try randomAddress(using: &generator)
            #expect(try IPAddress(address.description) == address)
            #expect(IPAddress(octets: address.octets, prefixLength: address.prefixLength) == address)
        }
    }

    @Test("one range is in another exactly when its first and its last address are")
    func containmentByBounds() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<10_000 {
            let outer = try randomAddress(using: &generator)
            // A range near the other, or chance would hardly ever put one in another.
            var octets = outer.octets
            let position = Int.random(in: 0..<octets.count, using: &generator)
            octets[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let full = UInt8(octets.count * 8)
            let inner = try #require(
                IPAddress(octets: octets, prefixLength: UInt8.random(in: 0...full, using: &generator)))
            let bounds = bounds(of: inner)
            let outerBounds = self.bounds(of: outer)
            let expected =
                !bounds.first.lexicographicallyPrecedes(outerBounds.first)
                && !outerBounds.last.lexicographicallyPrecedes(bounds.last)
            #expect(inner.isInRange(outer) == expected, "\(inner) in \(outer)")
        }
    }

    @Test("addresses are built from 4 or 16 bytes and a prefix that fits")
    func octets() {
        #expect(IPAddress(octets: [10, 0, 0, 1]) == "10.0.0.1")
        #expect(IPAddress(octets: [10, 0, 0, 1], prefixLength: 8) == "10.0.0.1/8")
        #expect(IPAddress(octets: [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]) == "2001:db8::1")
        #expect(IPAddress(octets: [10, 0, 0, 1], prefixLength: 33) == nil)
        #expect(IPAddress(octets: [UInt8](repeating: 0, count: 16), prefixLength: 129) == nil)
        for count in [0, 3, 5, 8, 15, 17] {
            #expect(IPAddress(octets: [UInt8](repeating: 0, count: count)) == nil)
        }
    }

    @Test("an address takes no more than 24 bytes")
    func size() {
        #expect(MemoryLayout<IPAddress>.stride <= 24)
    }

    /// An address with many zero groups, so that `::` comes up, often mapped from IPv4.
    private func randomAddress(using generator: inout SeededGenerator) throws -> IPAddress {
        let count = Bool.random(using: &generator) ? 4 : 16
        var octets = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        if count == 16 {
            for group in 0..<8 where Bool.random(using: &generator) {
                octets[2 * group] = 0
                octets[2 * group + 1] = 0
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                octets.replaceSubrange(0..<12, with: [UInt8](repeating: 0, count: 10) + [0xff, 0xff])
            }
        }
        let prefixLength = UInt8.random(in: 0...UInt8(count * 8), using: &generator)
        return try #require(IPAddress(octets: octets, prefixLength: prefixLength))
    }

    /// The first and the last address of a range, bit by bit from the definition of a prefix.
    private func bounds(of range: IPAddress) -> (first: [UInt8], last: [UInt8]) {
        var first = range.octets
        var last = range.octets
        for bit in Int(range.prefixLength)..<(first.count * 8) {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            first[bit / 8] &= ~mask
            last[bit / 8] |= mask
        }
        return (first, last)
    }

    // Pairs chosen by hand; the verdicts are those of the reference engine (cedar-policy 4.12).
    static let ranges: [(inner: String, outer: String, isInRange: Bool)] = [
        ("10.0.0.1", "10.0.0.0/8", true),
        ("10.0.0.1", "10.0.0.1", true),
        ("10.0.0.1", "10.0.0.2", false),
        ("10.0.0.1", "10.255.0.0/8", true),
        ("11.0.0.1", "10.0.0.0/8", false),
        ("10.0.0.0/8", "10.0.0.0/8", true),
        ("10.0.0.0/8", "10.1.2.3/8", true),
        ("10.0.0.0/7", "10.0.0.0/8", false),
        ("10.0.0.0/9", "10.0.0.0/8", true),
        ("10.128.0.0/9", "10.0.0.0/9", false),
        ("255.255.255.255", "0.0.0.0/0", true),
        ("0.0.0.0/0", "0.0.0.0/0", true),
        ("0.0.0.0/0", "128.0.0.0/0", true),
        ("0.0.0.0/0", "0.0.0.0/1", false),
        ("127.255.255.255", "0.0.0.0/1", true),
        ("128.0.0.0", "0.0.0.0/1", false),
        ("10.0.0.2/31", "10.0.0.3/31", true),
        ("10.0.0.4", "10.0.0.2/31", false),
        ("192.168.1.1", "192.168.0.0/16", true),
        ("192.169.1.1", "192.168.0.0/16", false),
        ("10.0.0.1", "::/0", false),
        ("::1", "0.0.0.0/0", false),
        ("::a00:1", "10.0.0.0/8", false),
        ("::ffff:a00:1", "10.0.0.1", false),
        ("0.0.0.0/0", "::/0", false),
        ("::/0", "0.0.0.0/0", false),
        ("::1", "::/0", true),
        ("::1", "::1", true),
        ("::1", "::2", false),
        ("::1", "::/127", true),
        ("::2", "::/127", false),
        ("::2", "::1/126", true),
        ("2001:db8::1", "2001:db8::/32", true),
        ("2001:db9::1", "2001:db8::/32", false),
        ("2001:db8::/31", "2001:db8::/32", false),
        ("2001:db8::/33", "2001:db8::/32", true),
        ("2001:db8:0:1::", "2001:db8::/63", true),
        ("2001:db8:0:2::", "2001:db8::/63", false),
        ("2001:db8::1", "2001:db8::/64", true),
        ("2001:db8:0:1::1", "2001:db8::/64", false),
        ("2001:db8::8000:0:0:0", "2001:db8::/65", false),
        ("2001:db8::7fff:0:0:0", "2001:db8::/65", true),
        ("::/0", "::/0", true),
        ("::/0", "::/1", false),
        ("8000::", "::/1", false),
        ("7fff::", "::/1", true),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0", true),
        ("1::/128", "1::/128", true),
        ("1::/127", "1::/128", false),
    ]

    // Inputs chosen by hand; the verdicts are those of the reference engine (cedar-policy 4.12), which says of each
    // `text` that it is the same value (it prints no value itself) and which methods hold. IPv6 text is that of RFC 5952.
    static let verdicts: [(text: String, verdict: Verdict?)] = [
        ("127.0.0.1", Verdict(text: "127.0.0.1/32", holds: [.isIpv4, .isLoopback])),
        ("0.0.0.0", Verdict(text: "0.0.0.0/32", holds: [.isIpv4])),
        ("255.255.255.255", Verdict(text: "255.255.255.255/32", holds: [.isIpv4])),
        ("10.0.0.1", Verdict(text: "10.0.0.1/32", holds: [.isIpv4])),
        ("10.0.0.1/8", Verdict(text: "10.0.0.1/8", holds: [.isIpv4])),
        ("10.0.0.0/8", Verdict(text: "10.0.0.0/8", holds: [.isIpv4])),
        ("10.0.0.1/32", Verdict(text: "10.0.0.1/32", holds: [.isIpv4])),
        ("10.0.0.1/0", Verdict(text: "10.0.0.1/0", holds: [.isIpv4])),
        ("0.0.0.0/0", Verdict(text: "0.0.0.0/0", holds: [.isIpv4])),
        ("127.0.0.1/8", Verdict(text: "127.0.0.1/8", holds: [.isIpv4, .isLoopback])),
        ("127.0.0.1/7", Verdict(text: "127.0.0.1/7", holds: [.isIpv4])),
        ("127.255.255.255", Verdict(text: "127.255.255.255/32", holds: [.isIpv4, .isLoopback])),
        ("126.255.255.255", Verdict(text: "126.255.255.255/32", holds: [.isIpv4])),
        ("128.0.0.0", Verdict(text: "128.0.0.0/32", holds: [.isIpv4])),
        ("224.0.0.0", Verdict(text: "224.0.0.0/32", holds: [.isIpv4, .isMulticast])),
        ("239.255.255.255", Verdict(text: "239.255.255.255/32", holds: [.isIpv4, .isMulticast])),
        ("240.0.0.0", Verdict(text: "240.0.0.0/32", holds: [.isIpv4])),
        ("223.255.255.255", Verdict(text: "223.255.255.255/32", holds: [.isIpv4])),
        ("224.0.0.0/4", Verdict(text: "224.0.0.0/4", holds: [.isIpv4, .isMulticast])),
        ("224.0.0.0/3", Verdict(text: "224.0.0.0/3", holds: [.isIpv4])),
        ("239.1.2.3/4", Verdict(text: "239.1.2.3/4", holds: [.isIpv4, .isMulticast])),
        ("::", Verdict(text: "::/128", holds: [.isIpv6])),
        ("::1", Verdict(text: "::1/128", holds: [.isIpv6, .isLoopback])),
        ("::1/128", Verdict(text: "::1/128", holds: [.isIpv6, .isLoopback])),
        ("::1/127", Verdict(text: "::1/127", holds: [.isIpv6])),
        ("::/0", Verdict(text: "::/0", holds: [.isIpv6])),
        ("::/128", Verdict(text: "::/128", holds: [.isIpv6])),
        ("1::", Verdict(text: "1::/128", holds: [.isIpv6])),
        ("1::/16", Verdict(text: "1::/16", holds: [.isIpv6])),
        ("ff00::", Verdict(text: "ff00::/128", holds: [.isIpv6, .isMulticast])),
        ("ff00::/8", Verdict(text: "ff00::/8", holds: [.isIpv6, .isMulticast])),
        ("ff00::/7", Verdict(text: "ff00::/7", holds: [.isIpv6])),
        ("feff::", Verdict(text: "feff::/128", holds: [.isIpv6])),
        ("ff02::1", Verdict(text: "ff02::1/128", holds: [.isIpv6, .isMulticast])),
        ("fe80::1/64", Verdict(text: "fe80::1/64", holds: [.isIpv6])),
        ("2001:db8::/32", Verdict(text: "2001:db8::/32", holds: [.isIpv6])),
        ("2001:DB8::AbCd", Verdict(text: "2001:db8::abcd/128", holds: [.isIpv6])),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", Verdict(text: "2001:db8::1/128", holds: [.isIpv6])),
        ("1:2:3:4:5:6:7:8", Verdict(text: "1:2:3:4:5:6:7:8/128", holds: [.isIpv6])),
        ("1:2:3:4:5:6:7::", Verdict(text: "1:2:3:4:5:6:7:0/128", holds: [.isIpv6])),
        ("::2:3:4:5:6:7:8", Verdict(text: "0:2:3:4:5:6:7:8/128", holds: [.isIpv6])),
        ("1::3:4:5:6:7:8", Verdict(text: "1:0:3:4:5:6:7:8/128", holds: [.isIpv6])),
        ("1:2:3::5:6:7:8", Verdict(text: "1:2:3:0:5:6:7:8/128", holds: [.isIpv6])),
        ("1:0:0:2:0:0:0:3", Verdict(text: "1:0:0:2::3/128", holds: [.isIpv6])),
        ("1:0:0:2:0:0:3:4", Verdict(text: "1::2:0:0:3:4/128", holds: [.isIpv6])),
        ("0:0:1::1", Verdict(text: "0:0:1::1/128", holds: [.isIpv6])),
        ("1:0:2:0:3:0:4:0", Verdict(text: "1:0:2:0:3:0:4:0/128", holds: [.isIpv6])),
        ("::ffff:102:304", Verdict(text: "::ffff:102:304/128", holds: [.isIpv6])),
        ("::ffff:7f00:1", Verdict(text: "::ffff:7f00:1/128", holds: [.isIpv6])),
        ("::7f00:1", Verdict(text: "::7f00:1/128", holds: [.isIpv6])),
        ("::ffff:0:0", Verdict(text: "::ffff:0:0/128", holds: [.isIpv6])),
        ("0:0:0:0:0:ffff:c0a8:1", Verdict(text: "::ffff:c0a8:1/128", holds: [.isIpv6])),
        ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789/128", Verdict(text: "abcd:ef01:2345:6789:abcd:ef01:2345:6789/128", holds: [.isIpv6])),
        ("abcd:ef01:2345:6789:abcd:ef01:2345:6789/1", Verdict(text: "abcd:ef01:2345:6789:abcd:ef01:2345:6789/1", holds: [.isIpv6])),
        ("64:ff9b::c000:221", Verdict(text: "64:ff9b::c000:221/128", holds: [.isIpv6])),
        ("0000::0000", Verdict(text: "::/128", holds: [.isIpv6])),
        ("::0001", Verdict(text: "::1/128", holds: [.isIpv6, .isLoopback])),
        ("1.2.3", nil),
        ("1.2.3.4.5", nil),
        ("1.2.3.", nil),
        (".1.2.3", nil),
        ("1..2.3", nil),
        ("1.2.3.4.", nil),
        ("256.0.0.1", nil),
        ("1.2.3.256", nil),
        ("1.2.3.1000", nil),
        ("01.2.3.4", nil),
        ("1.2.3.04", nil),
        ("00.0.0.0", nil),
        ("1.2.3.00", nil),
        ("0x1.2.3.4", nil),
        ("1.2.3.a", nil),
        ("-1.2.3.4", nil),
        ("+1.2.3.4", nil),
        ("1,2,3,4", nil),
        ("16909060", nil),
        ("1.2.3.4:80", nil),
        ("[::1]", nil),
        ("[::1]:80", nil),
        ("localhost", nil),
        ("1.2.3.4/", nil),
        ("1.2.3.4/33", nil),
        ("1.2.3.4/32", Verdict(text: "1.2.3.4/32", holds: [.isIpv4])),
        ("1.2.3.4/00", nil),
        ("1.2.3.4/01", nil),
        ("1.2.3.4/08", nil),
        ("1.2.3.4/032", nil),
        ("1.2.3.4/100", nil),
        ("1.2.3.4/-1", nil),
        ("1.2.3.4/+8", nil),
        ("1.2.3.4//8", nil),
        ("1.2.3.4/8/8", nil),
        ("1.2.3.4/a", nil),
        ("1.2.3.4/255.0.0.0", nil),
        ("/8", nil),
        ("/", nil),
        ("1.2.3.4/::", nil),
        ("1.2.3.4/99", nil),
        ("::/129", nil),
        ("::/00", nil),
        ("::/001", nil),
        ("::/01", nil),
        ("::/064", nil),
        ("::/64", Verdict(text: "::/64", holds: [.isIpv6])),
        ("::/99", Verdict(text: "::/99", holds: [.isIpv6])),
        ("::/256", nil),
        ("::/999", nil),
        ("::/1000", nil),
        ("::/0128", nil),
        ("::/-1", nil),
        ("::/", nil),
        ("::1/8/8", nil),
        ("::/a", nil),
        ("::/:", nil),
        (":", nil),
        (":::", nil),
        (":::1", nil),
        ("1:::", nil),
        ("1:::2", nil),
        ("::1::2", nil),
        ("1::2::3", nil),
        (":1", nil),
        ("1:", nil),
        (":1:2:3:4:5:6:7", nil),
        ("1:2:3:4:5:6:7:", nil),
        ("1:2:3:4:5:6:7", nil),
        ("1:2:3:4:5:6:7:8:9", nil),
        ("1:2:3:4:5:6:7:8::", nil),
        ("::1:2:3:4:5:6:7:8", nil),
        ("1:2:3:4::5:6:7:8", nil),
        ("12345::", nil),
        ("::12345", nil),
        ("::00001", nil),
        ("::g", nil),
        ("::-1", nil),
        ("::+1", nil),
        ("::0x1", nil),
        ("fe80::1%eth0", nil),
        ("fe80::1%1", nil),
        ("::ffff:1.2.3.4", nil),
        ("::1.2.3.4", nil),
        ("::1.2.3.4/96", nil),
        ("1:2:3:4:5:6:1.2.3.4", nil),
        ("::ffff:127.0.0.1", nil),
        ("64:ff9b::192.0.2.33", nil),
        ("::1.2", nil),
        ("::1.2.3", nil),
        ("1.2.3.4::", nil),
        ("1.2::", nil),
        ("0000:0000:0000:0000:0000:0000:0000:0000/128", Verdict(text: "::/128", holds: [.isIpv6])),
        ("0000:0000:0000:0000:0000:0000:0000:0000/0128", nil),
        ("00000:0000:0000:0000:0000:0000:0000:0000/128", nil),
        ("000000000000000000000000000000000000000001.2.3.4", nil),
        ("", nil),
        (" ", nil),
        (" 1.2.3.4", nil),
        ("1.2.3.4 ", nil),
        ("1.2.3.4\n", nil),
        ("::1 ", nil),
        ("1.2.3.4 /8", nil),
        ("1.2.3.4/ 8", nil),
        ("1.2.3.4/8 ", nil),
        ("\u{661}.2.3.4", nil),
        ("::\u{ff11}", nil),
        ("1\u{3002}2.3.4", nil),
        ("1.2.3.4/\u{668}", nil),
    ]
}
