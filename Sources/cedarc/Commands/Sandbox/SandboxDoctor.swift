import ArgumentParser
import LynxCedar
import LynxSandbox

/// `cedarc sandbox doctor`: what this kernel can enforce.
struct SandboxDoctor: CedarcCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Try what this kernel can enforce, and say what to change.",
        discussion: "The exit status is 0 when every operation can be prevented, and 1 otherwise.")

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
        guard found.lsm.isYes else { return .failure }
        for line in EnforcementGap.lines(found.gaps) { try console.print("no   prevents \(line)") }
        return found.gaps.isEmpty ? .success : .failure
    }
}
