import CLibBPF
import LynxCedar

/// One denial, as the kernel reported it.
public struct SandboxReport: Sendable {
    public enum Outcome: String, Sendable {
        case denied, killed
        /// It would have been denied; the workload is only audited.
        case audited
    }

    /// Since boot, in nanoseconds.
    public let time: UInt64
    public let cgroup: UInt64
    public let operation: Operation?
    public let outcome: Outcome
    /// Why, in words, where no policy said it.
    public let reason: String?
    /// The number of the rule that decided; 0 where none did.
    public let rule: Int
    /// Of the policies that decided: `replace` makes the next.
    let generation: Int
    public let uid: UInt32
    public let pid: UInt32
    public let comm: String
    public let executable: String?
    /// What it was to be done to, as a Cedar uid or as near to one as the kernel could tell.
    public let resource: String
    /// The path of a file or socket; `nil` where it could not be resolved, or there is none.
    public let path: String?
    /// Of an endpoint.
    public let address: String?
    public let port: Int
    /// Of a socket that was to be made, as the schema names them.
    let socketFamily: String?
    let socketKind: String?
    /// The protocol's number.
    let socketProtocol: UInt32
    /// Of a signal.
    let signal: UInt32?
    /// Whether it is refused whatever policies permit.
    let isGuarded: Bool
    /// Whether the process that it was to be done to is of the same workload.
    let isTargetOwn: Bool
    /// What that process is called; `nil` where there is none.
    let targetComm: String?

    /// Reads a report's bytes; `nil` when they are fewer than a report has.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= REPORT_EVENT + EVENT_PATH_BYTES else { return nil }
        let event = UnsafeRawBufferPointer(rebasing: bytes[REPORT_EVENT...])
        func number(_ place: Int) -> UInt32 { event.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
        func text(_ place: Int, _ length: Int) -> String {
            String(decoding: event[place..<min(place + length, event.count)].prefix { $0 != 0 }, as: UTF8.self)
        }
        time = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        cgroup = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let verdict = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        let mode = bytes.loadUnaligned(fromByteOffset: 24, as: UInt32.self)
        let guardNumber = bytes.loadUnaligned(fromByteOffset: 28, as: UInt32.self)
        generation = Int(bytes.loadUnaligned(fromByteOffset: 32, as: UInt32.self))
        let guarded = GuardReason(rawValue: guardNumber)
        operation = Operation(rawValue: UInt8(truncatingIfNeeded: number(EVENT_OPERATION)))
        rule = Int(verdict >> UInt64(VERDICT_RULE_SHIFT))
        outcome =
            mode == MODE_AUDIT.rawValue && guarded == nil
            ? .audited : verdict & UInt64(VERDICT_KILL) != 0 ? .killed : .denied
        if let guarded {
            reason = guarded.text
        } else {
            switch UInt32(truncatingIfNeeded: verdict >> UInt64(VERDICT_REASON_SHIFT)) & 0xff {
            case REASON_RULE.rawValue: reason = nil
            case REASON_UNRESOLVED.rawValue: reason = "the kernel could not tell what policies ask for"
            default: reason = "no policy permits it"
            }
        }
        uid = number(EVENT_UID)
        pid = number(EVENT_PID)
        comm = text(EVENT_COMM, COMM_CAPACITY)
        executable =
            number(EVENT_EXECUTABLE_STATE) == TEXT_WHOLE.rawValue
            ? text(EVENT_EXECUTABLE_BYTES, min(Int(number(EVENT_EXECUTABLE_LENGTH)), EXECUTABLE_CAPACITY)) : nil
        let pathLength = min(Int(number(EVENT_PATH_LENGTH)), PATH_CAPACITY)
        path =
            number(EVENT_PATH_STATE) == TEXT_WHOLE.rawValue && pathLength > 0 ? text(EVENT_PATH_BYTES, pathLength) : nil
        address =
            operation?.resourceKind == .endpoint && number(EVENT_FAMILY) != 0
            ? SandboxReport.address(event, isIPv4: number(EVENT_FAMILY) == 4) : nil
        port = Int(number(EVENT_PORT))
        let isSocket = operation?.resourceKind == .socket
        socketFamily = isSocket ? Vocabulary.socketFamilies.name(of: number(EVENT_SOCKET_FAMILY)) : nil
        socketKind = isSocket ? Vocabulary.socketKinds.name(of: number(EVENT_SOCKET_KIND)) : nil
        socketProtocol = number(EVENT_PROTOCOL)
        signal = operation == .signal ? number(EVENT_ARGUMENT) : nil
        isGuarded = guarded != nil
        let isProcess = operation?.resourceKind == .process
        isTargetOwn = isProcess && number(EVENT_TARGET_IS_OWN) != 0
        targetComm = isProcess && number(EVENT_PRESENT) & HAS_TARGET.rawValue != 0 ? text(EVENT_TARGET_COMM, COMM_CAPACITY) : nil
        resource = SandboxReport.resource(operation, path, address, number)
    }

    private static func address(_ event: UnsafeRawBufferPointer, isIPv4: Bool) -> String? {
        var room = [CChar](repeating: 0, count: 64)
        guard let start = event.baseAddress.map({ $0 + EVENT_ADDRESS }),
            inet_ntop(isIPv4 ? AF_INET : AF_INET6, start, &room, socklen_t(room.count)) != nil
        else { return nil }
        return String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func resource(_ operation: Operation?, _ path: String?, _ address: String?, _ number: (Int) -> UInt32) -> String {
        func uid(_ type: Name, _ id: String) -> String { EntityUID(type: type, id: CedarString(id)).description }
        guard let operation else { return "unknown" }
        switch operation.resourceKind {
        case .file: return path.map { uid("Sandbox::File", $0) } ?? "a file without a path"
        case .unixSocket: return path.map { uid("Sandbox::UnixSocket", $0) } ?? "a socket without a name"
        case .process: return uid("Sandbox::Process", "\(number(EVENT_TARGET_PID))")
        case .identity: return uid("Sandbox::Identity", "\(number(EVENT_ARGUMENT))")
        case .socket: return uid("Sandbox::Socket", Vocabulary.socketFamilies.name(of: number(EVENT_SOCKET_FAMILY)) ?? "")
        case .endpoint:
            guard let address else { return "an endpoint without an address" }
            let port = number(EVENT_PORT)
            return uid("Sandbox::Endpoint", number(EVENT_FAMILY) == 4 ? "\(address):\(port)" : "[\(address)]:\(port)")
        case .capability:
            let place = Int(number(EVENT_CAPABILITY))
            return CapabilityTable.names.indices.contains(place) ? uid("Sandbox::Capability", CapabilityTable.names[place]) : "capability \(place)"
        case .facility: return uid("Sandbox::Facility", operation.description)
        case .systemCall:
            let wanted = number(EVENT_SYSTEM_CALL)
            let name = Vocabulary.systemCalls.numbers.first { $0.value == wanted }?.key
            return name.map { uid("Sandbox::SystemCall", "\($0)") } ?? "system call \(wanted)"
        }
    }

    private enum GuardReason: UInt32 {
        case cgroup = 1, pins, objects, outside, systemCalls, owner, terminal, credentials, move

        var text: String {
            switch self {
            case .cgroup: "a workload cannot change cgroups"
            case .pins: "a workload cannot reach pinned programs"
            case .objects: "a workload cannot take programs and maps that are not its own"
            case .outside: "a workload cannot trace processes outside of it"
            case .systemCalls: "the call is not of the native table"
            case .owner: "a workload cannot have descriptors send signals to processes other than its own"
            case .terminal: "a workload cannot type into terminals"
            case .credentials: "a workload cannot act with the credentials that an io_uring was lent"
            case .move: "the kernel does not tell what mount moves; move_mount does"
            }
        }
    }
}

extension SandboxReport {
    /// A line for people.
    ///
    /// - Parameter state: what numbers mean.
    public func line(_ state: SandboxState) -> String {
        let who = state.principal(of: cgroup)?.description ?? "cgroup \(cgroup)"
        let why = reason ?? "policy \(state.policies(of: rule, generation: generation).joined(separator: ", "))"
        let program = executable ?? comm
        let seconds = time / 1_000_000_000
        let millis = (time / 1_000_000) % 1000
        let fraction = String(repeating: "0", count: 3 - "\(millis)".count) + "\(millis)"
        return DisplayText.line(
            "\(seconds).\(fraction) \(outcome.rawValue) \(operation?.description ?? "unknown") \(resource) by \(who) (\(program)[\(pid)]): \(why)")
    }

    /// An object on one line.
    public func json(_ state: SandboxState) -> String {
        func text(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
        func number(_ number: UInt64) -> JSONValue { JSONValue(.integer(Int64(clamping: number))) }
        var members: [JSONValue.Member] = [
            JSONValue.Member("time", number(time)),
            JSONValue.Member("outcome", text(outcome.rawValue)),
            JSONValue.Member("operation", text(operation?.description ?? "unknown")),
            JSONValue.Member("resource", text(resource)),
            JSONValue.Member("workload", text(state.principal(of: cgroup)?.description ?? "")),
            JSONValue.Member("cgroup", number(cgroup)),
            JSONValue.Member("policies", JSONValue(.array(state.policies(of: rule, generation: generation).map(text)))),
            JSONValue.Member("uid", number(UInt64(uid))),
            JSONValue.Member("pid", number(UInt64(pid))),
            JSONValue.Member("comm", text(comm)),
        ]
        if let executable { members.append(JSONValue.Member("executable", text(executable))) }
        if let reason { members.append(JSONValue.Member("reason", text(reason))) }
        return JSONValue(.object(members)).description
    }
}
