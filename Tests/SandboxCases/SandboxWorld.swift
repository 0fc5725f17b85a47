import LynxCedar
import LynxSandbox

/// What the policies and events of a case speak of: the same few names, so that they meet.
struct SandboxWorld {
    let paths: [String]
    /// Paths with bytes that are no UTF-8, which no policy can name. A scalar from U+10FF80 on stands for the byte in its lowest bits.
    let rawPaths: [String]
    // Some are what other texts may be: names of files, kinds, protocols, flags.
    let comms = ["sh", "cat", "python3", "node", "kworker/0:1", "fifteen-bytes-x", "é", "", "passwd", "file", "ext4", "append", "tcp", "stream", "a", "other"]
    let filesystems = ["ext4", "tmpfs", "overlay", "proc", "fuse", ""]
    let addresses = [
        "10.0.0.1", "10.1.2.3", "10.255.255.255", "11.0.0.0", "127.0.0.1", "224.0.0.1", "0.0.0.0", "192.168.1.77", "::", "::1", "ff02::1",
        "2001:db8::1", "2001:db8:0:1::7", "fe80::1234:5678:9abc:def0",
    ]
    let ranges = [
        "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "0.0.0.0/0", "192.168.1.64/27", "127.0.0.1/32", "::/0", "2001:db8::/32",
        "2001:db8::/64", "2001:db8::1/128", "fe80::/10", "ff00::/8", "10.0.0.1",
    ]
    let ports = [0, 22, 53, 80, 443, 1024, 8080, 65535]
    let agents = ["payments", "search", "mail", "nobody"]
    let groups = ["staff", "batch", "trusted", "deep1", "deep2", "deep3", "deep4", "deep5", "deep6", "empty"]
    let numbers: [Int64] = [0, 1, 2, 7, 420, 493, 1000, 1001, 65535, 65536, 2_147_483_648, 4_294_967_295, 4_294_967_296, -1, .max, .min]

    private static let components = [
        "etc", "usr", "lib", "var", "home", "a", "b", "ab", "x y", ".ssh", "id_rsa", "key.pem", "passwd", "libc.so.6", "é", "*", "log", "..x",
    ]

    init(_ dice: inout SandboxDice) {
        var paths = ["/", "/etc", "/etcx", "/etc/passwd", "pipe:[12]", "anon_inode:[eventpoll]", "@abstract", "/memfd:code (deleted)"]
        for _ in 0..<40 {
            // Some grow out of others, so that one is in the other's directory.
            var path = dice.chance(50) ? dice.pick(paths.filter { $0.hasPrefix("/") && $0 != "/" }) : ""
            for _ in 0..<dice.int(1...3) { path += "/" + dice.pick(SandboxWorld.components) }
            paths.append(path)
        }
        // Around the sizes of tables and keys.
        for length in [62, 63, 64, 65, 127, 128, 254, 255, 256, 257, 511, 512, 1022, 1023, 1024, 2047, 4000, 4094, 4095] {
            var path = dice.chance(50) ? "/etc" : dice.pick(paths.filter { $0.hasPrefix("/") && $0.utf8.count < 40 && $0 != "/" })
            while path.utf8.count < length - 1 {
                path += "/" + String(repeating: dice.chance(50) ? "d" : "e", count: min(dice.int(1...60), length - path.utf8.count - 1))
            }
            if path.utf8.count < length { path += "z" }
            paths.append(path)
            if length > 100, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { paths.append(String(path[..<slash])) }
        }
        self.paths = paths.filter { !$0.isEmpty }
        rawPaths = ["/\u{10FFFF}", "/etc/\u{10FFC3}", "/etc/passwd\u{10FF80}", "/home/.ssh/\u{10FFFE}\u{10FFFF}x", "/a/\u{10FFE9}/b/key.pem"]
    }

    /// The bytes that the kernel has for a text.
    static func bytes(of text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in scalar.value >= 0x10ff80 ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8) }
    }

    /// The principals with their groups. The last is in no store.
    var principals: [EntityUID] {
        agents.map { EntityUID(type: "Lynx::Agent", id: CedarString($0)) }
            + [EntityUID(type: "Sandbox::Workload", id: "pod/web"), EntityUID(type: "Sandbox::Workload", id: "unknown")]
    }

    func entities(_ dice: inout SandboxDice) throws -> Entities {
        func group(_ name: String) -> EntityUID { EntityUID(type: "Lynx::AgentGroup", id: CedarString(name)) }
        var entities: [Entity] = []
        for (index, name) in groups.enumerated() {
            // A group is in earlier ones only: there are no circles.
            var parents = groups[..<index].filter { _ in dice.chance(30) }.map(group)
            // And some are a long way from the top.
            if name.hasPrefix("deep"), index > 0, groups[index - 1].hasPrefix("deep") { parents.append(group(groups[index - 1])) }
            entities.append(Entity(uid: group(name), parents: Set(parents)))
        }
        for principal in principals.dropLast() {
            let parents = groups.dropLast().filter { _ in dice.chance(40) }.map(group)
            entities.append(Entity(uid: principal, parents: Set(parents)))
        }
        return try Entities(entities)
    }
}
