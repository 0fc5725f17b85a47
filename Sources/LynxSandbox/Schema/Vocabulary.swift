/// The names that the schema has for the numbers of a field.
struct Vocabulary: Sendable {
    let numbers: [String: UInt32]
    /// What every number without a name of its own is called; `nil` where an event with such a number is denied.
    let other: String?
    private let names: [UInt32: String]

    init(_ numbers: [String: UInt32], other: String? = "other") {
        self.numbers = numbers
        self.other = other
        names = Dictionary(numbers.map { ($0.value, $0.key) }, uniquingKeysWith: min)
    }

    /// The name of a number.
    func name(of number: UInt32) -> String? {
        names[number] ?? other
    }
}

extension Vocabulary {
    /// `S_IFMT >> 12`
    static let fileKinds = Vocabulary([
        "pipe": 1, "character": 2, "directory": 4, "block": 6, "file": 8, "symlink": 10, "socket": 12,
    ])

    /// `IPPROTO_*`
    static let protocols = Vocabulary([
        "icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58, "sctp": 132, "udplite": 136, "raw": 255,
    ])

    /// `AF_*`
    static let socketFamilies = Vocabulary([
        "unix": 1, "inet": 2, "inet6": 10, "netlink": 16, "packet": 17, "can": 29, "bluetooth": 31, "alg": 38, "vsock": 40, "xdp": 44,
    ])

    /// Those that the programs of cgroups see: `inet` and `inet6`.
    static let internetFamilies: Set<UInt32> = [2, 10]

    /// `SOCK_*`
    static let socketKinds = Vocabulary(["stream": 1, "datagram": 2, "raw": 3, "seqpacket": 5])

    static let capabilities = Vocabulary(
        Dictionary(uniqueKeysWithValues: CapabilityTable.names.enumerated().map { ($0.element, UInt32($0.offset)) }), other: nil)

    static let systemCalls = Vocabulary(SystemCallTable.numbers(on: SystemCallTable.native), other: nil)

    /// The members of `context.flags` with their bits (`enum event_flag`).
    static let flags: [String: UInt32] = Dictionary(
        uniqueKeysWithValues: [
            "append", "truncate", "create", "exclusive", "direct", "noFollow", "temporary", "writable", "shared", "setuid", "setgid",
            "sticky", "bind", "remount", "readOnly", "move", "exchange", "noReplace", "memoryFile",
        ].enumerated().map { ($0.element, UInt32(1) << UInt32($0.offset)) })
}
