/// An IPv4 or IPv6 address with a prefix length, which makes it a range of addresses (Cedar `ipaddr`).
///
/// A single address has the full prefix length (32 or 128). The bits behind the prefix are kept and count for equality:
/// `10.0.0.1/8` and `10.0.0.0/8` are different values, although they are the same range.
public struct IPAddress: Hashable, Sendable {
    /// The first 64 bits of the address; an IPv4 address has its 32 bits at the top. With both versions aligned to the left
    /// a prefix is the same bits of either.
    let high: UInt64
    /// The last 64 bits of the address; zero for IPv4.
    let low: UInt64
    /// How many leading bits all addresses of the range share: at most 32 for IPv4, at most 128 for IPv6.
    public let prefixLength: UInt8
    public let isIPv4: Bool

    public var isIPv6: Bool { !isIPv4 }

    /// - Precondition: the prefix length is in range, and the bits of an IPv4 address are those that IPv4 has.
    init(high: UInt64, low: UInt64, prefixLength: UInt8, isIPv4: Bool) {
        self.high = high
        self.low = low
        self.prefixLength = prefixLength
        self.isIPv4 = isIPv4
    }

    /// The address whose bytes are `octets`, in network order.
    ///
    /// - Parameter prefixLength: `nil` stands for the full length.
    /// - Returns: `nil` when there are neither 4 nor 16 bytes, or the prefix is longer than the address.
    public init?(octets: some Collection<UInt8>, prefixLength: UInt8? = nil) {
        let isIPv4 = octets.count == 4
        guard isIPv4 || octets.count == 16 else { return nil }
        let full = IPAddress.fullPrefixLength(isIPv4: isIPv4)
        guard prefixLength ?? full <= full else { return nil }
        func word(_ bytes: some Collection<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(
            high: isIPv4 ? word(octets) << 32 : word(octets.prefix(8)),
            low: word(octets.dropFirst(8)),
            prefixLength: prefixLength ?? full,
            isIPv4: isIPv4)
    }

    /// The bytes of the address in network order: 4 or 16.
    public var octets: [UInt8] {
        (0..<(isIPv4 ? 4 : 16)).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
        }
    }

    fileprivate static func fullPrefixLength(isIPv4: Bool) -> UInt8 { isIPv4 ? 32 : 128 }
}

extension IPAddress {
    /// Whether the whole range is of loopback addresses: within `127.0.0.0/8`, or `::1`.
    public var isLoopback: Bool {
        isIPv4 ? high >> 56 == 127 && prefixLength >= 8 : high == 0 && low == 1 && prefixLength == 128
    }

    /// Whether the whole range is of multicast addresses: within `224.0.0.0/4` or `ff00::/8`.
    public var isMulticast: Bool {
        isIPv4 ? high >> 60 == 0xe && prefixLength >= 4 : high >> 56 == 0xff && prefixLength >= 8
    }

    /// Whether every address of this range is in `other`; ranges of different versions share none.
    public func isInRange(_ other: IPAddress) -> Bool {
        guard isIPv4 == other.isIPv4, prefixLength >= other.prefixLength else { return false }
        // The common prefix; a shift by the width of the word or more gives zero, which leaves no bits to compare.
        let length = Int(other.prefixLength)
        let highMask = UInt64.max << (64 - min(length, 64))
        let lowMask = UInt64.max << (128 - max(length, 64))
        return (high ^ other.high) & highMask == 0 && (low ^ other.low) & lowMask == 0
    }

    /// A total order for canonical forms; no part of the language.
    func canonicallyPrecedes(_ other: IPAddress) -> Bool {
        if isIPv4 != other.isIPv4 { return isIPv4 }
        return (high, low, prefixLength) < (other.high, other.low, other.prefixLength)
    }
}

extension IPAddress {
    /// Reads an IPv4 address in four decimal parts or an IPv6 address (RFC 4291, 2.2), optionally with `/` and a prefix
    /// length: `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`.
    ///
    /// Neither the parts of an IPv4 address nor a prefix length have leading zeros, and an IPv6 address contains no IPv4
    /// address in dotted form: two readings of one text are how range checks get bypassed. A literal in these parentheses is
    /// taken as a literal of this type, which traps on bad text instead of throwing.
    ///
    /// - Throws: ``EvaluationError/Kind/extensionFunction(_:_:)`` when the text has another form. `O(1)`: longer texts than
    ///   addresses have are refused unread.
    public init(_ text: String) throws(EvaluationError) {
        func refusal(_ reason: String) -> EvaluationError {
            ExtensionFunction.ip.refusal(
                of: text, because: reason,
                help: "write an IPv4 or IPv6 address or a range, like `10.0.0.1`, `10.0.0.0/8` or `2001:db8::/32`")
        }
        guard text.utf8.count <= IPAddress.maximumLength else {
            throw refusal("is longer than any IP address")
        }
        var scanner = ByteScanner(text)
        let isIPv4 = !scanner.contains(":")
        if !isIPv4, scanner.contains(".") {
            throw refusal("has an IPv4 address inside an IPv6 address")
        }
        guard let address = isIPv4 ? scanner.ipv4Address() : scanner.ipv6Address() else {
            throw refusal("is not an IP address")
        }
        let full = IPAddress.fullPrefixLength(isIPv4: isIPv4)
        var prefixLength = full
        if scanner.take("/") {
            guard let length = scanner.numberWithoutLeadingZeros(atMost: full) else {
                throw refusal("has a prefix length that is not a number from 0 to \(full) without leading zeros")
            }
            prefixLength = length
        }
        guard scanner.isAtEnd else { throw refusal("is not an IP address") }
        self.init(high: address.high, low: address.low, prefixLength: prefixLength, isIPv4: isIPv4)
    }

    /// The bytes of the longest text, eight groups of four digits and a prefix length of three.
    private static let maximumLength = 43
}

extension ByteScanner {
    /// The 128 bits of an address as they fill up, group by group, from the right.
    fileprivate struct AddressBits {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var groupCount = 0

        mutating func append(_ group: UInt16) {
            high = high << 16 | low >> 48
            low = low << 16 | UInt64(group)
            groupCount += 1
        }
    }

    /// Reads four numbers from 0 to 255 without leading zeros, with points between.
    fileprivate mutating func ipv4Address() -> AddressBits? {
        var bits = AddressBits()
        for index in 0..<4 {
            if index > 0, !take(".") { return nil }
            guard let octet = numberWithoutLeadingZeros(atMost: 255) else { return nil }
            bits.high |= UInt64(octet) << UInt64(56 - 8 * index)
        }
        return bits
    }

    /// Reads eight groups, or fewer with one `::` that stands for the rest of them, at least one.
    fileprivate mutating func ipv6Address() -> AddressBits? {
        var head = ipv6Groups(atMost: 8)
        if head.groupCount == 8 { return head }
        guard take(":"), take(":") else { return nil }
        let tail = ipv6Groups(atMost: 7 - head.groupCount)
        while head.groupCount < 8 {
            head.append(0)
        }
        head.high |= tail.high
        head.low |= tail.low
        return head
    }

    /// Reads groups with colons between; a colon that no group follows is left.
    private mutating func ipv6Groups(atMost limit: Int) -> AddressBits {
        var bits = AddressBits()
        while bits.groupCount < limit {
            var ahead = self
            guard bits.groupCount == 0 || ahead.take(":"), let group = ahead.hexadecimalGroup() else { break }
            bits.append(group)
            self = ahead
        }
        return bits
    }

    /// Reads an octet or a prefix length.
    fileprivate mutating func numberWithoutLeadingZeros(atMost limit: UInt8) -> UInt8? {
        let startsWithZero = isAt("0")
        guard let digits = digits(), let value = digits.value, value <= UInt64(limit),
            !startsWithZero || digits.count == 1
        else { return nil }
        return UInt8(value)
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address, `/` and the prefix length; reads back as the same value.
    ///
    /// IPv6 addresses are in the form of RFC 5952, but always without dots: Cedar refuses to read those back.
    public var description: String {
        let address = isIPv4 ? octets.map { "\($0)" }.joined(separator: ".") : ipv6Text
        return "\(address)/\(prefixLength)"
    }

    private var ipv6Text: String {
        let groups = (0..<8).map { (index: Int) -> UInt16 in
            let half = index < 4 ? high : low
            let shift = 48 - index % 4 * 16
            return UInt16(truncatingIfNeeded: half >> UInt64(shift))
        }
        func text(_ groups: some Collection<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let zeros = IPAddress.longestRunOfZeros(in: groups) else { return text(groups) }
        return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    /// The run that `::` replaces: the longest, the first of equally long ones, and never a single group (RFC 5952, 4.2).
    private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > max(longest?.count ?? 0, 1) {
                longest = start..<(index + 1)
            }
        }
        return longest
    }
}

extension IPAddress: ExpressibleByStringLiteral {
    /// - Precondition: the literal is an IP address or range. Text that is not known when the program is written goes
    ///   through `init(_:)`.
    public init(stringLiteral value: String) {
        do throws(EvaluationError) {
            try self.init(value)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
