import LynxCedar

/// The part of sandbox policies that seccomp can carry, as a profile of the OCI runtime specification ("linux.seccomp").
///
/// Seccomp knows the system call's number and nothing of who makes it or on what. The profile stops what the policies deny in every case; what
/// they allow in some cases passes it, and the programs of the kernel decide.
struct SeccompProfile {
    private let rules: [Rule]

    init(_ rules: [Rule]) {
        self.rules = rules
    }

    /// The system calls that an operation cannot do without, where they do nothing else.
    private static let systemCalls: [(Operation, [String])] = [
        (.ptrace, ["ptrace", "process_vm_readv", "process_vm_writev"]),
        (.mount, ["fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree"]),
        (.unmount, ["umount2"]),
        (.pivotRoot, ["pivot_root"]),
        (.bpf, ["bpf"]),
        (.loadModule, ["finit_module", "init_module"]),
        (.kexec, ["kexec_file_load", "kexec_load"]),
        (.ioUring, ["io_uring_enter", "io_uring_register", "io_uring_setup"]),
        (.perf, ["perf_event_open"]),
        (.keyctl, ["add_key", "keyctl", "request_key"]),
    ]

    private enum Answer {
        case mayPass, refused, killed
    }

    var json: JSONValue {
        let own = rules.filter { $0.operations.contains(OperationSet(.systemCall)) }
        // Without a permit the policies mean no list of system calls, only the ones that they forbid.
        let isList = own.contains { $0.effect == .permit }
        var refused: Set<String> = []
        var killed: Set<String> = []
        var passing: [String] = []
        for (operation, names) in SeccompProfile.systemCalls where answer(rules.filter { $0.operations.contains(OperationSet(operation)) }, nil) != .mayPass {
            refused.formUnion(names)
        }
        for (name, number) in Vocabulary.systemCalls.numbers.sorted(by: { $0.key < $1.key }) {
            switch answer(own, number) {
            case .killed: killed.insert(name)
            case .refused where isList || own.contains(where: { $0.effect == .forbid && SeccompProfile.value($0, number) == true }):
                refused.insert(name)
            case .refused, .mayPass: if !refused.contains(name) { passing.append(name) }
            }
        }
        func group(_ names: some Sequence<String>, _ action: String) -> JSONValue {
            var members: [JSONValue.Member] = [
                .init("names", JSONValue(.array(names.sorted().map { JSONValue(.string(CedarString($0))) }))),
                .init("action", JSONValue(.string(CedarString(action)))),
            ]
            if action == "SCMP_ACT_ERRNO" { members.append(.init("errnoRet", 1)) }
            return JSONValue(.object(members))
        }
        var groups: [JSONValue] = []
        if isList { groups.append(group(passing.filter { !killed.contains($0) }, "SCMP_ACT_ALLOW")) }
        let listed = isList ? [] : refused.subtracting(killed)
        if !listed.isEmpty { groups.append(group(listed, "SCMP_ACT_ERRNO")) }
        if !killed.isEmpty { groups.append(group(killed, "SCMP_ACT_KILL_PROCESS")) }
        return [
            "defaultAction": isList ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW",
            "defaultErrnoRet": 1,
            "architectures": SystemCallTable.native == .x86_64 ? ["SCMP_ARCH_X86_64"] : ["SCMP_ARCH_AARCH64"],
            "syscalls": JSONValue(.array(groups)),
        ]
    }

    /// What the rules say of every event with a system call's number, or of every event at all.
    private func answer(_ rules: [Rule], _ number: UInt32?) -> Answer {
        let forbidding = rules.filter { $0.effect == .forbid && SeccompProfile.value($0, number) == true }
        if forbidding.contains(where: \.kills) { return .killed }
        if !forbidding.isEmpty { return .refused }
        return rules.contains { $0.effect == .permit && SeccompProfile.value($0, number) != false } ? .mayPass : .refused
    }

    /// Whether a rule holds; `nil` when that depends on what seccomp does not know.
    private static func value(_ rule: Rule, _ number: UInt32?) -> Bool? {
        value(.all(Array(rule.conjuncts)), number)
    }

    private static func value(_ formula: Formula, _ number: UInt32?) -> Bool? {
        switch formula {
        case .always: return true
        case .never: return false
        case .test(let test): return value(test, number)
        case .not(let test): return value(test, number).map { !$0 }
        case .all(let parts):
            let values = parts.map { value($0, number) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        case .any(let parts):
            let values = parts.map { value($0, number) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        }
    }

    private static func value(_ test: Test, _ number: UInt32?) -> Bool? {
        guard case .code(.systemCall, let numbers) = test, let number else { return nil }
        return numbers.contains(number)
    }
}
