import LynxCedar
import LynxSandbox

/// Random policies of the language that can be lowered, as Cedar text.
struct SandboxPolicyGenerator {
    let world: SandboxWorld
    var dice: SandboxDice

    init(_ world: SandboxWorld, _ dice: SandboxDice) {
        self.world = world
        self.dice = dice
    }

    /// A policy; most are valid.
    mutating func policy() -> String {
        let kind = dice.pick(SandboxPolicyGenerator.kinds)
        let kills = dice.chance(10)
        let effect = kills || dice.chance(40) ? "forbid" : "permit"
        var text = kills ? "@enforce(\"kill\") " : ""
        text += "\(effect) (\(principalScope()), \(actionScope(kind)), \(resourceScope(kind)))"
        for _ in 0..<dice.pick([0, 1, 1, 1, 2]) {
            text += " \(dice.chance(75) ? "when" : "unless") { \(condition(kind, depth: dice.chance(5) ? 6 : dice.int(0...3))) }"
        }
        return text + ";"
    }

    /// Many policies of one shape, which become one rule and a table.
    mutating func family(_ count: Int) -> [String] {
        let effect = dice.chance(30) ? "forbid" : "permit"
        let rest = dice.chance(50) ? "" : " when { \(condition(.file, depth: 0)) }"
        let action = dice.pick(["action == Sandbox::Action::\"read\"", "action in Sandbox::Action::\"filesystem\""])
        let shape = dice.int(0...4)
        return (0..<count).map { _ in
            let path = literal(nearbyPath())
            switch shape {
            case 0: return "\(effect) (principal, \(action), resource == Sandbox::File::\(path))\(rest);"
            case 1: return "\(effect) (principal, \(action), resource in Sandbox::Directory::\(path))\(rest);"
            case 2: return "\(effect) (principal, \(action), resource is Sandbox::File) when { resource.path like \(pattern(nearbyPath())) };"
            case 3:
                return "\(effect) (principal, action == Sandbox::Action::\"connect\", resource) when { resource.address.isInRange(ip(\"\(range())\")) };"
            default:
                return "\(effect) (principal, action == Sandbox::Action::\"connect\", resource) when { resource.port == \(dice.int(0...70)) };"
            }
        }
    }

    /// Many policies of one shape that differ in several constants each, which become one rule and a join.
    mutating func joinFamily(_ count: Int) -> [String] {
        let effect = dice.chance(30) ? "forbid" : "permit"
        let rest = dice.chance(60) ? "" : " && \(condition(.file, depth: 0))"
        let operations = dice.pick([["read"], ["read", "write"], ["read", "write", "execute", "delete", "create"]])
        let shape = dice.int(0...9)
        return (0..<count).map { _ in
            let action = "action == Sandbox::Action::\"\(dice.pick(operations))\""
            let path = literal(nearbyPath())
            let (uid, gid) = (dice.int(0...20), dice.int(0...3))
            let file = "resource == Sandbox::File::\(path)"
            let directory = "resource in Sandbox::Directory::\(path)"
            switch shape {
            case 0: return "\(effect) (principal, \(action), \(directory)) when { context.uid == \(uid)\(rest) };"
            case 1: return "\(effect) (principal in \(group()), \(action), \(dice.chance(70) ? file : directory));"
            case 2:
                return
                    "\(effect) (principal in \(group()), \(action), \(directory)) when { context.uid == \(uid) && [\(gid), 7].contains(context.gid)\(rest) };"
            case 3:
                return
                    "\(effect) (principal, \(action), \(directory)) when { context.comm == \(literal(dice.pick(world.comms))) && context.executable == \(literal(dice.pick(world.paths)))\(rest) };"
            case 4: return "\(effect) (principal == \(dice.pick(world.principals)), \(action), \(file)) unless { context.uid == \(gid) };"
            case 5:
                return
                    "\(effect) (principal, \(action), resource is Sandbox::File) when { resource.path like \"\(escaped(nearbyPath()))*\" && resource.kind == \"\(dice.pick(["file", "directory", "pipe"]))\" && context.gid == \(gid)\(rest) };"
            case 6:
                return
                    "\(effect) (principal in \(group()), action in Sandbox::Action::\"network\", resource is Sandbox::Endpoint) when { resource.address.isInRange(ip(\"\(range())\")) && resource.port == \(dice.pick(world.ports)) };"
            case 7:
                return
                    "\(effect) (principal, action == Sandbox::Action::\"connect\", resource) when { resource.address.isInRange(ip(\"\(range())\")) && resource.port == \(dice.pick(world.ports)) && context.uid == \(uid) };"
            case 8:
                return
                    "\(effect) (principal, action == Sandbox::Action::\"\(dice.pick(["connect", "bind", "send", "listen"]))\", resource) when { resource.address.isInRange(ip(\"\(range())\")) && resource.protocol == \"\(dice.pick(["tcp", "udp", "icmp"]))\" && resource.port == \(dice.pick(world.ports)) };"
            default:
                return
                    "\(effect) (principal, \(action), \(directory)) when { resource.name == \(literal(dice.pick(["passwd", "a", "log", "b"]))) && context.uid == \(uid)\(rest) };"
            }
        }
    }

    /// A template, and what its slots are filled with.
    mutating func template(_ id: String) -> (text: String, links: [[SlotID: EntityUID]]) {
        let hasResource = dice.chance(60)
        let scope = dice.pick(["==", "in"])
        let resource = hasResource ? (dice.chance(50) ? "resource == ?resource" : "resource in ?resource") : "resource"
        let text =
            "@id(\"\(id)\") \(dice.chance(30) ? "forbid" : "permit") (principal \(scope) ?principal, action in Sandbox::Action::\"filesystem\", \(resource)) \(dice.chance(50) ? "when { \(condition(.file, depth: 1)) }" : "");"
        let links = (0..<dice.int(1...20)).map { _ in
            var values: [SlotID: EntityUID] = [
                .principal: scope == "==" ? dice.pick(world.principals) : EntityUID(type: "Lynx::AgentGroup", id: CedarString(dice.pick(world.groups)))
            ]
            if hasResource {
                let isFile = resource.contains("==")
                values[.resource] = EntityUID(type: isFile ? "Sandbox::File" : "Sandbox::Directory", id: CedarString(directory()))
            }
            return values
        }
        return (text, links)
    }

    // Files and endpoints are what most policies are about.
    private static let kinds: [ResourceKind] = ResourceKind.allCases + [.file, .file, .file, .file, .endpoint, .endpoint]

    private mutating func principalScope() -> String {
        switch dice.int(0...7) {
        case 0: "principal in \(group())"
        case 1: "principal == \(dice.pick(world.principals))"
        case 2: "principal is \(dice.pick(["Lynx::Agent", "Sandbox::Workload"]))"
        case 3: "principal is Lynx::Agent in \(group())"
        default: "principal"
        }
    }

    private mutating func group() -> String { "Lynx::AgentGroup::\"\(dice.pick(world.groups))\"" }

    private mutating func actionScope(_ kind: ResourceKind) -> String {
        let own = Operation.allCases.filter { $0.resourceKind == kind }
        func name(_ operation: Operation) -> String { "Sandbox::Action::\"\(operation)\"" }
        switch dice.int(0...9) {
        case 0: return "action"
        case 1: return "action in Sandbox::Action::\"\(dice.pick(["filesystem", "process", "network", "kernel", "open"]))\""
        case 2...5:
            let some = (0...dice.int(0...3)).map { _ in name(dice.pick(own)) }
            return "action in [\(some.joined(separator: ", "))]"
        default: return "action == \(name(dice.pick(own)))"
        }
    }

    private mutating func resourceScope(_ kind: ResourceKind) -> String {
        switch dice.int(0...4) {
        case 0: "resource == \(resource(kind))"
        case 1 where kind == .file || kind == .unixSocket: "resource in Sandbox::Directory::\(literal(directory()))"
        case 2 where kind == .file: "resource is Sandbox::File in Sandbox::Directory::\(literal(directory()))"
        case 3, 4: "resource is \(kind.type)"
        default: "resource"
        }
    }

    private mutating func resource(_ kind: ResourceKind) -> String {
        let id: String
        switch kind {
        case .file, .unixSocket: id = dice.pick(world.paths)
        case .endpoint:
            let address = dice.pick(world.addresses)
            id = address.contains(":") ? "[\(address)]:\(dice.pick(world.ports))" : "\(address):\(dice.pick(world.ports))"
        case .socket: id = dice.pick(["unix", "inet", "packet", "other", "nothing"])
        case .process: id = dice.pick(["0", "1", "2", "4000000", "x"])
        case .identity: id = "\(dice.pick(world.numbers))"
        case .capability: id = dice.pick(["CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE"])
        case .facility: id = dice.pick(["bpf", "perf", "ioUring"])
        case .systemCall: id = dice.pick(["read", "execve", "mount", "ptrace", "io_uring_setup"])
        }
        return "\(kind.type)::\(literal(id))"
    }

    private mutating func directory() -> String {
        dice.pick(world.paths.filter { $0.hasPrefix("/") })
    }

    /// A path of the world, or one beside it.
    private mutating func nearbyPath() -> String {
        var path = directory()
        if dice.chance(40) { path += (path == "/" ? "" : "/") + dice.pick(["a", "b", "log", "q\(dice.int(0...99))"]) }
        return path
    }

    private mutating func range() -> String { dice.pick(world.ranges) }

    private func literal(_ text: String) -> String { CedarString(text).literal }

    /// A text as it stands in a pattern.
    private func escaped(_ text: String) -> String {
        String(literal(text).dropFirst().dropLast()).replacing("*", with: "\\*")
    }

    /// A text with parts of it replaced by wildcards.
    private mutating func pattern(_ text: String) -> String {
        func escaped(_ text: some StringProtocol) -> String {
            String(literal(String(text)).dropFirst().dropLast()).replacing("*", with: "\\*")
        }
        let scalars = Array(text.unicodeScalars)
        func slice(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        guard !scalars.isEmpty else { return "\"*\"" }
        let first = dice.int(0...scalars.count)
        let second = dice.int(first...scalars.count)
        switch dice.int(0...6) {
        case 0: return "\"\(escaped(slice(0..<first)))*\""
        case 1: return "\"*\(escaped(slice(first..<scalars.count)))\""
        case 2: return "\"*\(escaped(slice(first..<second)))*\""
        case 3: return "\"\(escaped(slice(0..<first)))*\(escaped(slice(second..<scalars.count)))\""
        case 4: return "\"*\(escaped(slice(0..<first).suffix(3)))*\(escaped(slice(second..<scalars.count).suffix(4)))*\""
        case 5: return literal(text).replacing("*", with: "\\*")
        default: return "\"*\(escaped(slice(0..<first).suffix(2)))*\(escaped(slice(first..<second).suffix(1)))*\(escaped(slice(second..<scalars.count)))\""
        }
    }
}

// Conditions.
extension SandboxPolicyGenerator {
    private mutating func condition(_ kind: ResourceKind, depth: Int) -> String {
        guard depth > 0 else { return atom(kind) }
        switch dice.int(0...6) {
        case 0, 1: return "(\(condition(kind, depth: depth - 1)) && \(condition(kind, depth: depth - 1)))"
        case 2, 3: return "(\(condition(kind, depth: depth - 1)) || \(condition(kind, depth: depth - 1)))"
        case 4: return "!(\(condition(kind, depth: depth - 1)))"
        case 5:
            return
                "(if \(condition(kind, depth: depth - 1)) then \(condition(kind, depth: depth - 1)) else \(condition(kind, depth: depth - 1)))"
        default: return "(\(condition(kind, depth: depth - 1)) == \(condition(kind, depth: depth - 1)))"
        }
    }

    private mutating func atom(_ kind: ResourceKind) -> String {
        switch dice.int(0...14) {
        case 12, 13: comparedTexts(kind)
        case 14: bigSet(kind)
        case 10, 11: number(kind, depth: 3) + " " + dice.pick(["<", "<=", ">", ">=", "==", "!="]) + " " + number(kind, depth: 1)
        case 0: principalAtom()
        case 1: number(kind, depth: 2) + " " + dice.pick(["<", "<=", ">", ">=", "==", "!="]) + " " + number(kind, depth: 1)
        case 2: textAtom(dice.pick(["context.comm"]), world.comms)
        case 3: textAtom("context.executable", world.paths.filter { $0.utf8.count < 1024 })
        case 4: "action == Sandbox::Action::\"\(dice.pick(Operation.allCases.filter { $0.resourceKind == kind }))\""
        default: resourceAtom(kind)
        }
    }

    /// A comparison of texts of which none is a literal.
    private mutating func comparedTexts(_ kind: ResourceKind) -> String {
        var texts = ["context.comm", "context.executable"]
        switch kind {
        case .file: texts += ["resource.path", "resource.name", "resource.kind", "resource.filesystem", "resource.path", "resource.name"]
        case .unixSocket: texts += ["resource.path", "resource.name"]
        case .endpoint: texts.append("resource.protocol")
        case .socket: texts += ["resource.family", "resource.kind"]
        case .process:
            return "(resource has comm && \(dice.pick(texts)) \(dice.pick(["==", "!="])) resource.comm)"
        case .identity, .capability, .facility, .systemCall: break
        }
        let (left, right) = (dice.pick(texts), dice.pick(texts))
        switch dice.int(0...6) {
        case 0: return "\(left) != \(right)"
        case 1: return "[\(left), \(literal(dice.pick(world.comms)))].contains(\(right))"
        case 2: return "(if \(principalAtom()) then \(left) else \(literal(dice.pick(world.comms)))) == \(right)"
        case 3: return "[\(left), \(right)].containsAny([\(literal(dice.pick(world.comms))), \(dice.pick(texts))])"
        case 4 where kind == .file:
            return
                dice.chance(50) ? "context.flags.contains(\(left))" : "[\(left), \"\(flag())\", \"\(flag())\"].containsAll(context.flags)"
        default: return "\(left) == \(right)"
        }
    }

    /// Membership in a set of many literals.
    private mutating func bigSet(_ kind: ResourceKind) -> String {
        let count = dice.int(10...50)
        switch kind {
        case .file, .unixSocket: return "[\((0..<count).map { _ in literal(nearbyPath()) }.joined(separator: ", "))].contains(resource.path)"
        case .endpoint:
            return dice.chance(50)
                ? "[\((0..<count).map { _ in "\(dice.int(0...600))" }.joined(separator: ", "))].contains(resource.port)"
                : "(\((0..<count).map { _ in "resource.address.isInRange(ip(\"\(range())\"))" }.joined(separator: " || ")))"
        default: return "[\((0..<count).map { _ in "\(dice.int(0...100))" }.joined(separator: ", "))].containsAny([context.uid, context.gid])"
        }
    }

    private mutating func principalAtom() -> String {
        switch dice.int(0...5) {
        case 0: "principal in \(group())"
        case 1: "principal in [\(group()), \(group())]"
        case 2: "principal is Lynx::Agent"
        case 3: "(principal is Lynx::Agent && principal == Lynx::Agent::\"\(dice.pick(world.agents))\")"
        case 4: "\(group()) in \(group())"
        default: "(principal is Lynx::Agent && [Lynx::Agent::\"\(dice.pick(world.agents))\", Lynx::Agent::\"search\"].contains(principal))"
        }
    }

    private mutating func textAtom(_ text: String, _ values: [String]) -> String {
        switch dice.int(0...5) {
        case 0: "\(text) == \(literal(dice.pick(values)))"
        case 1: "\(text) != \(literal(dice.pick(values)))"
        case 2: "[\(literal(dice.pick(values))), \(literal(dice.pick(values)))].contains(\(text))"
        case 3: "(if \(principalAtom()) then \(text) else \(literal(dice.pick(values)))) like \(pattern(dice.pick(values)))"
        default: "\(text) like \(pattern(dice.pick(values)))"
        }
    }

    /// A number that is there for every event of the kind, or guarded by the caller.
    private mutating func number(_ kind: ResourceKind, depth: Int) -> String {
        if depth > 0 && dice.chance(40) {
            switch dice.int(0...4) {
            case 0: return "(\(number(kind, depth: depth - 1)) + \(number(kind, depth: depth - 1)))"
            case 1: return "(\(number(kind, depth: depth - 1)) - \(number(kind, depth: depth - 1)))"
            case 2: return "(\(number(kind, depth: depth - 1)) * \(number(kind, depth: depth - 1)))"
            case 3: return "-(\(number(kind, depth: depth - 1)))"
            default: return "(if \(principalAtom()) then \(number(kind, depth: depth - 1)) else \(number(kind, depth: depth - 1)))"
            }
        }
        switch kind {
        case .endpoint where dice.chance(40): return "resource.port"
        case .socket where dice.chance(40): return "resource.protocol"
        case .process where dice.chance(40): return "resource.pid"
        case .identity where dice.chance(40): return "resource.number"
        default: break
        }
        if dice.chance(50) { return dice.pick(["context.uid", "context.gid", "context.pid"]) }
        // Where sums and products leave the range.
        return "\(dice.chance(30) ? dice.pick([Int64.max, Int64.min, 1 << 62, 3_037_000_500]) : dice.pick(world.numbers))"
    }

    private mutating func resourceAtom(_ kind: ResourceKind) -> String {
        switch kind {
        case .file: fileAtom()
        case .endpoint:
            switch dice.int(0...6) {
            case 0...2: "resource.address.isInRange(ip(\"\(range())\"))"
            case 3: "resource.address == ip(\"\(dice.pick(world.addresses))\")"
            case 4: "resource.address.\(dice.pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"]))()"
            case 5: "[\(dice.pick(world.ports)), \(dice.pick(world.ports))].contains(resource.port)"
            default: textAtom("resource.protocol", ["tcp", "udp", "icmp", "raw", "other", "nothing"])
            }
        case .socket:
            dice.chance(50)
                ? textAtom("resource.family", ["unix", "inet", "packet", "other", "nothing"])
                : textAtom("resource.kind", ["stream", "datagram", "raw", "seqpacket", "other"])
        case .unixSocket:
            switch dice.int(0...3) {
            case 0: "resource.abstract"
            case 1: textAtom("resource.path", world.paths)
            case 2: textAtom("resource.name", ["a", "b", "log", "@abstract", "passwd", ""])
            default: "resource in Sandbox::Directory::\(literal(directory()))"
            }
        case .process:
            switch dice.int(0...3) {
            case 0: "resource.own"
            case 1: "resource has uid"
            case 2: "(resource has uid && resource.uid \(dice.pick(["<", "==", ">="])) \(number(.process, depth: 1)))"
            default: "(resource has comm && \(textAtom("resource.comm", world.comms)))"
            }
        case .identity: "resource.number \(dice.pick(["<", "==", ">="])) \(number(.identity, depth: 1))"
        case .capability, .systemCall:
            dice.chance(50) ? "resource == \(resource(kind))" : "[\(resource(kind)), \(resource(kind))].contains(resource)"
        case .facility: "resource == \(resource(kind))"
        }
    }

    private mutating func fileAtom() -> String {
        let optional = dice.pick(["owner", "group", "mode", "links"])
        switch dice.int(0...11) {
        case 0...2: return textAtom("resource.path", world.paths)
        case 3: return textAtom("resource.name", ["passwd", "a", "key.pem", ".ssh", "é", "*", "log", "..x", ""])
        case 4: return textAtom("resource.kind", ["file", "directory", "pipe", "other", "nothing"])
        case 5: return textAtom("resource.filesystem", world.filesystems)
        case 6: return "resource has \(optional)"
        case 7: return "(resource has \(optional) && resource.\(optional) \(dice.pick(["<", "==", ">="])) \(number(.file, depth: 1)))"
        case 8: return "resource in Sandbox::Directory::\(literal(directory()))"
        case 9: return "resource in [Sandbox::Directory::\(literal(directory())), Sandbox::Directory::\(literal(directory()))]"
        case 10: return "(context has flags && context.flags.contains(\"\(flag())\"))"
        default:
            switch dice.int(0...3) {
            case 0: return "context.flags.containsAll([\"\(flag())\", \"\(flag())\"])"
            case 1: return "context.flags.containsAny([\"\(flag())\", \"\(flag())\"])"
            case 2: return "[\"\(flag())\", \"\(flag())\", \"\(flag())\"].containsAll(context.flags)"
            default: return "context.flags.isEmpty()"
            }
        }
    }

    private mutating func flag() -> String {
        dice.pick(["append", "truncate", "create", "exclusive", "writable", "setuid", "bind", "exchange", "memoryFile", "shared"])
    }
}
