import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("What a kernel prevents")
struct CoverageTests {
    private static let names = Set(HookProgram.all.map(\.name))
    private static let refusal = OperationMention(asksForRefusal: true, asksForKill: false)
    private static let kill = OperationMention(asksForRefusal: false, asksForKill: true)

    /// The choice on a kernel that has every hook but some, in the newest shape.
    private static func choice(
        _ tier: SandboxTier = .prevented, without missing: Set<String> = [], kills: Bool = false, kernel: KernelVersion = KernelVersion(6, 18),
        programs: Set<String> = names, setattrArguments: Int = 3
    ) -> ProgramChoice {
        ProgramChoice(programs, tier, kills: kills, kernel: kernel) { hook in
            missing.contains(hook) ? nil : hook == "inode_setattr" ? setattrArguments : 2
        }
    }

    @Test("a kernel with every hook prevents every operation")
    func everything() {
        let coverage = OperationCoverage(CoverageTests.choice(), .prevented)
        #expect(coverage.gaps == [])
        #expect(coverage.unmet(.everything, [:]) == [])
    }

    @Test("without a hook its operations are not prevented, and the hook is named")
    func missingHook() {
        let choice = CoverageTests.choice(without: ["path_rename"])
        let gaps = OperationCoverage(choice, .prevented).gaps
        #expect(Set(gaps.map(\.operation)) == [.rename, .create, .delete])
        #expect(gaps.allSatisfy { $0.reason == "this kernel has no hook lsm/path_rename" })
    }

    @Test("a missing hook counts where policies speak of its operation, or everything is asked for")
    func demands() {
        let coverage = OperationCoverage(CoverageTests.choice(without: ["task_kill"]), .prevented)
        #expect(coverage.unmet(.mentioned, [.read: CoverageTests.refusal]) == [])
        #expect(coverage.unmet(.mentioned, [.signal: CoverageTests.refusal]).map(\.operation) == [.signal])
        #expect(coverage.unmet(.everything, [:]).map(\.operation) == [.signal])
        #expect(coverage.unmet(.whatThereIs, [.signal: CoverageTests.refusal]) == [])
    }

    @Test("what keeps workloads inside counts whatever policies speak of")
    func guards() {
        let coverage = OperationCoverage(CoverageTests.choice(without: ["inode_permission"]), .prevented)
        #expect(coverage.unmet(.mentioned, [:]) == [EnforcementGap(operation: nil, reason: "this kernel has no hook lsm/inode_permission")])
    }

    @Test("a hook that came with a later kernel is no gap before it, and one after it", arguments: [(KernelVersion(6, 1), false), (KernelVersion(6, 2), true)])
    func laterHooks(kernel: KernelVersion, isGap: Bool) {
        // include/linux/lsm_hook_defs.h has file_truncate since 6.2.
        let choice = CoverageTests.choice(without: ["file_truncate"], kernel: kernel)
        #expect(OperationCoverage(choice, .prevented).gaps.contains { $0.operation == .truncate } == isGap)
    }

    @Test("of a hook that changed its shape the program that fits is taken", arguments: [(3, "inode_setattr"), (2, "inode_setattr_before_6_3")])
    func shapes(arguments: Int, name: String) {
        let choice = CoverageTests.choice(setattrArguments: arguments)
        #expect(choice.names.filter { $0.hasPrefix("inode_setattr") } == [name])
        #expect(OperationCoverage(choice, .prevented).gaps == [])
        // A shape that no program has is a gap.
        let unknown = CoverageTests.choice(setattrArguments: 4)
        #expect(OperationCoverage(unknown, .prevented).gaps.map(\.operation) == [.setAttributes])
    }

    @Test("a kernel that is built without keys has no hooks for them and nothing to prevent")
    func facilities() {
        let choice = CoverageTests.choice(without: ["key_alloc", "key_permission"])
        #expect(OperationCoverage(choice, .prevented).gaps == [])
    }

    @Test("a program that is missing from the object, or that the kernel does not take, prevents nothing")
    func droppedPrograms() {
        let missing = CoverageTests.choice(programs: CoverageTests.names.subtracting(["path_unlink"]))
        #expect(OperationCoverage(missing, .prevented).gaps.map(\.operation) == [.delete])
        var dropped = CoverageTests.choice()
        dropped.drop("capable", because: "the kernel does not take lsm/capable (Invalid argument)")
        #expect(
            OperationCoverage(dropped, .prevented).gaps == [
                EnforcementGap(operation: .useCapability, reason: "the kernel does not take lsm/capable (Invalid argument)")
            ])
    }

    @Test("without LSM programs the network is prevented, killing kills, and the rest passes")
    func network() {
        let silent = OperationCoverage(CoverageTests.choice(.network), .network)
        #expect(silent.unmet(.mentioned, [.connect: CoverageTests.refusal, .bind: CoverageTests.refusal, .send: CoverageTests.refusal]) == [])
        #expect(silent.unmet(.mentioned, [.read: CoverageTests.refusal]).map(\.operation) == [.read])
        #expect(silent.unmet(.everything, [:]).contains { $0.operation == .read })
        // No policy kills, so nothing is loaded that would.
        #expect(silent.unmet(.mentioned, [.ptrace: CoverageTests.kill]).map(\.operation) == [.ptrace])

        let killing = OperationCoverage(CoverageTests.choice(.network, kills: true), .network)
        #expect(killing.unmet(.mentioned, [.ptrace: CoverageTests.kill, .systemCall: CoverageTests.kill]) == [])
        #expect(killing.unmet(.mentioned, [.read: CoverageTests.kill]).map(\.operation) == [.read])
        // A permit beside it leaves the rest denied, which killing alone does not see to.
        let both = OperationMention(asksForRefusal: true, asksForKill: true)
        #expect(killing.unmet(.mentioned, [.ptrace: both]).map(\.operation) == [.ptrace])
    }

    @Test("without LSM programs a forbid of sockets has to be of internet sockets alone", arguments: [
        (#"forbid (principal, action == Sandbox::Action::"createSocket", resource);"#, true),
        (#"forbid (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "packet" };"#, true),
        (#"forbid (principal, action == Sandbox::Action::"createSocket", resource) when { ["inet6", "vsock"].contains(resource.family) };"#, true),
        (#"forbid (principal, action == Sandbox::Action::"createSocket", resource) unless { resource.family == "inet" };"#, true),
        (#"forbid (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "inet6" };"#, false),
        (#"forbid (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "inet" && resource.kind == "raw" };"#, false),
        (#"@enforce("kill") forbid (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "packet" };"#, false),
        (#"permit (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "unix" };"#, false),
    ])
    func otherSockets(policy: String, isUnmet: Bool) throws {
        let mentions = SandboxNames(try SandboxProgram(try PolicySet(cedar: policy)).plan).mentions
        let read = try SandboxNames(text: SandboxNames(principals: [], groups: [], rules: [], mentions: mentions).text).mentions
        #expect(read == mentions)
        let network = OperationCoverage(CoverageTests.choice(.network, kills: true), .network)
        #expect(network.unmet(.mentioned, mentions).contains { $0.operation == .createSocket } == isUnmet)
        // Who is to be killed has to be seen.
        let isToKill = mentions[.createSocket]?.killsOtherSockets == true
        #expect(isToKill == policy.hasPrefix("@enforce"))
        var blind = CoverageTests.choice(.network, kills: true)
        blind.drop("sys_enter", because: "the kernel does not take tp_btf/sys_enter")
        #expect(OperationCoverage(blind, .network).unmet(.mentioned, mentions).contains { $0.operation == .createSocket } == (isUnmet || isToKill))
        // LSM programs see all sockets.
        #expect(OperationCoverage(CoverageTests.choice(kills: true), .prevented).unmet(.mentioned, mentions) == [])
    }

    @Test("system calls by name are not prevented on any kernel")
    func systemCalls() {
        let coverage = OperationCoverage(CoverageTests.choice(kills: true), .prevented)
        #expect(coverage.unmet(.mentioned, [.systemCall: CoverageTests.kill]) == [])
        #expect(coverage.unmet(.mentioned, [.systemCall: CoverageTests.refusal]).map(\.operation) == [.systemCall])
    }
}

@Suite("Plans for a kernel")
struct TargetKernelTests {
    private static func plan(_ kernel: KernelVersion) throws -> SandboxPlan {
        let policies = try PolicySet(cedar: #"permit (principal, action in Sandbox::Action::"filesystem", resource in Sandbox::Directory::"/srv");"#)
        return try SandboxProgram(policies, kernel: kernel).plan
    }

    @Test("programs of kernels before it are left out")
    func olderShapes() throws {
        // The hook lost its shape with 6.3 (mnt_idmap).
        let old = try TargetKernelTests.plan(KernelVersion(6, 1))
        #expect(old.programs(of: Enforcement(.setAttributes)).contains { $0.name == "inode_setattr_before_6_3" })
        let new = try TargetKernelTests.plan(KernelVersion(6, 3))
        #expect(!new.programs(of: Enforcement(.setAttributes)).contains { $0.name == "inode_setattr_before_6_3" })
        #expect(!new.json.description.contains("inode_setattr_before_6_3"))
    }

    @Test("hooks that only later kernels have are marked with the first of them")
    func laterHooks() throws {
        #expect(try TargetKernelTests.plan(KernelVersion(6, 1)).text.contains("lsm/file_truncate (6.2)"))
        let later = try TargetKernelTests.plan(KernelVersion(6, 2)).text
        #expect(later.contains("lsm/file_truncate"))
        #expect(!later.contains("lsm/file_truncate (6.2)"))
    }

    @Test("every operation can be prevented on the oldest kernel")
    func nothingTooEarly() throws {
        #expect(try TargetKernelTests.plan(.oldest).tooEarly.isEmpty)
    }
}
