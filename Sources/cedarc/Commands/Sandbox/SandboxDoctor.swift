import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox doctor`: what this kernel can enforce.
struct SandboxDoctor: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Try what this kernel can enforce, and say what to change.",
        discussion: """
            Programs of each kind are loaded, and an LSM program has to refuse something; which hooks there are the kernel's description of \
            itself tells. The exit status is 0 when every operation can be prevented, and 1 otherwise.
            """)

    @OptionGroup var reporting: ReportingArguments

    func perform(_ console: inout Console) throws(Failure) -> ExitStatus {
        let found = KernelCapabilities.probe()
        try console.print("Linux \(found.release)")
        let questions: [(String, KernelCapabilities.Answer)] = [
            ("prevents every operation (LSM programs)", found.lsm),
            ("prevents network operations (cgroup programs)", found.cgroup),
            ("kills after the fact (system calls)", found.systemCalls),
            ("describes its structs (BTF)", found.layout),
            ("tells workloads apart (unified cgroups)", found.unifiedHierarchy),
            ("stays in force without the loader (pins)", found.pins),
        ]
        for (question, answer) in questions {
            switch answer {
            case .yes: try console.print("yes  \(question)")
            case .no(let reason, let help):
                try console.print("no   \(question): \(reason)")
                if let help { try console.print("     \(help)") }
            }
        }
        if let version = KernelVersion(found.release), version < .oldest {
            try console.print("no   runs the programs: they need Linux \(KernelVersion.oldest) or later")
            return .failure
        }
        guard [found.lsm, found.layout, found.unifiedHierarchy, found.pins].allSatisfy(\.isYes) else { return .failure }
        for line in EnforcementGap.lines(found.gaps) { try console.print("no   prevents \(line)") }
        return found.gaps.isEmpty ? .success : .failure
    }
}
