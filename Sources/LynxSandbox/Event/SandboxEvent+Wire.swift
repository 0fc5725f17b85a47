// The event in a row of numbers and texts, for programs that try `decide` out: they make a `struct event` of it, as hooks do.
extension SandboxEvent {
    /// Appends the event to `bytes`: 32-bit little-endian numbers in the order of `struct event`, texts as length and bytes.
    ///
    /// - Parameters:
    ///   - workload: the number, type and group words that the loader would write for the principal.
    ///   - states: `enum text_state` of path and executable.
    ///   - isMapped: whether an IPv4 address is told as the IPv6 address that it is mapped to.
    ///   - encode: the bytes of a text, which for the kernel are not always UTF-8.
    package func appendWire(
        to bytes: inout [UInt8], workload: WorkloadRecord, states: (path: UInt32, executable: UInt32) = (1, 1), isMapped: Bool = false,
        encode: (String) -> [UInt8] = { Array($0.utf8) }
    ) {
        func append(_ number: UInt32) { bytes.append(littleEndian: number) }
        func append(_ text: String) {
            let encoded = encode(text)
            append(UInt32(encoded.count))
            bytes += encoded
        }
        var present: UInt32 = 0
        var file = File(path: resource.path ?? "", kind: 0, filesystem: "")
        if case .file(let given) = resource { file = given }
        if file.inode != nil { present |= Presence.inode.rawValue }
        let inode = file.inode ?? Inode(owner: 0xdead, group: 0xdead, mode: 0xdead, links: 0xdead)
        var (family, octets, port, number): (UInt32, [UInt8], UInt32, UInt32) = (0, [], 0, 0)
        var (socketFamily, socketKind, capability, systemCall): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        var (pid, isOwn, target, isAbstract): (UInt32, Bool, Target?, Bool) = (0, false, nil, false)
        var argument = argument
        switch resource {
        case .file, .facility: break
        case .endpoint(let address, let itsPort, let itsProtocol):
            (family, octets, port, number) = (address.isIPv4 ? 4 : 6, address.octets, UInt32(itsPort), itsProtocol)
            if isMapped && address.isIPv4 {
                // RFC 4291, 2.5.5.2
                (family, octets) = (6, Array(repeating: 0, count: 10) + [0xff, 0xff] + address.octets)
            }
        case .socket(let itsFamily, let kind, let itsProtocol): (socketFamily, socketKind, number) = (itsFamily, kind, itsProtocol)
        case .unixSocket(_, let abstract): isAbstract = abstract
        case .process(let number, let own, let its): (pid, isOwn, target) = (number, own, its)
        case .identity(let number): argument = number
        case .capability(let number): capability = number
        case .systemCall(let number): systemCall = number
        }
        if target != nil { present |= Presence.target.rawValue }
        append(UInt32(operation.rawValue))
        append(present)
        append(workload.number)
        append(workload.type)
        for word in workload.groups { bytes.append(littleEndian: word) }
        append(actor.uid)
        append(actor.gid)
        append(actor.pid)
        append(flags)
        append(actor.comm)
        append(inode.owner)
        append(inode.group)
        append(inode.mode)
        append(file.kind)
        append(inode.links)
        append(file.filesystem)
        append(argument)
        append(family)
        bytes += octets + Array(repeating: 0, count: 16 - octets.count)
        append(port)
        append(number)
        append(socketFamily)
        append(socketKind)
        append(capability)
        append(systemCall)
        append(pid)
        append(target?.uid ?? 0xdead)
        append(isOwn ? 1 : 0)
        append(isAbstract ? 1 : 0)
        append(target?.comm ?? "gone")
        append(states.executable)
        append(actor.executable)
        append(states.path)
        append(file.path)
    }
}
