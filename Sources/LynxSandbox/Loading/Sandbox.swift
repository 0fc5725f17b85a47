import CLibBPF
import LynxCedar

/// Policies in force for cgroups.
///
/// What holds them in force is pinned in the kernel: it outlasts the process that attached it, and ends with ``detach(_:)`` or a reboot.
public enum Sandbox {
    /// A cgroup, and whom its processes stand for.
    public struct Workload: Sendable {
        public let cgroup: Cgroup
        public let principal: EntityUID
        /// Denials are reported and not enforced.
        public let isAudited: Bool

        public init(cgroup: Cgroup, principal: EntityUID, isAudited: Bool) {
            self.cgroup = cgroup
            self.principal = principal
            self.isAudited = isAudited
        }
    }

    /// The longest name; pins are files.
    private static let longestName = 64

    static func check(name: String) throws(LoadingError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...longestName).contains(name.utf8.count) else {
            throw LoadingError(
                "`\(DisplayText.line(name))` cannot be a sandbox's name",
                help: "take up to \(longestName) of the letters a-z and A-Z, digits, - and _")
        }
    }

    static func isMissing(_ name: String) -> LoadingError {
        LoadingError("there is no sandbox `\(name)`", help: "`cedarc sandbox status` lists those that there are")
    }

    /// Puts policies in force. When this returns, what the workloads do is judged.
    ///
    /// - Parameters:
    ///   - name: of the sandbox, which no other has.
    ///   - entities: in which groups the principals are.
    ///   - demand: what the kernel has to prevent; where it cannot, nothing is put in force.
    /// - Returns: what the kernel made of it.
    public static func attach(
        _ image: SandboxImage, as name: String, to workloads: [Workload], entities: Entities, tier: SandboxTier, demand: EnforcementDemand
    ) throws(LoadingError) -> SandboxStrength {
        try check(name: name)
        let pins = PinFolder(sandbox: name)
        try pins.make()
        do throws(LoadingError) {
            let loader = SandboxLoader(image: image, tier: tier, demand: demand, pins: pins)
            let strength = try loader.enforce(generation: 1, workloads, entities)
            try state(name, workloads, strength, [SandboxState.Generation(number: 1, names: image.names)]).save()
            return strength
        } catch {
            // What is in the way of the one is not to hide what was in the way of the other.
            try? pins.remove()
            throw error
        }
    }

    /// Puts other policies in force for the same workloads.
    ///
    /// The new programs run before the old ones are taken away: in between, both must allow. When this returns, only the new ones judge.
    public static func replace(
        _ name: String, by image: SandboxImage, entities: Entities, demand: EnforcementDemand
    ) throws(LoadingError) -> SandboxStrength {
        let old = try SandboxState(reading: name)
        let pins = PinFolder(sandbox: name)
        let hierarchy = try CgroupHierarchy()
        var workloads: [Workload] = []
        for binding in old.bindings {
            // A cgroup that has gone needs no policies; another of the same path is not the one that was bound.
            guard let cgroup = try Cgroup.find(binding.cgroup, in: hierarchy), cgroup.id == binding.id else { continue }
            workloads.append(Workload(cgroup: cgroup, principal: binding.principal, isAudited: binding.isAudited))
        }
        guard !workloads.isEmpty else {
            throw LoadingError("no cgroup of the sandbox `\(name)` is there any more", help: "detach it")
        }
        // Where denials are only reported, nothing is promised.
        let demand = demand == .mentioned && workloads.allSatisfy(\.isAudited) ? .whatThereIs : demand
        let before = try pins.generations
        let number = (before.last ?? 0) + 1
        let loader = SandboxLoader(image: image, tier: old.tier, demand: demand, pins: pins)
        let strength = try loader.enforce(generation: number, workloads, entities)
        do throws(LoadingError) {
            // Denials of the old programs may not have been read yet.
            let last = old.generations.suffix(1)
            try state(name, workloads, strength, last + [SandboxState.Generation(number: number, names: image.names)]).save()
        } catch {
            try? SmallFile.removeTree(pins.generation(number))
            throw error
        }
        let removals = before.map { LinkRemoval(of: pins.generation($0)) }
        try AttachingTurn.take { () throws(LoadingError) in
            for generation in before { try SmallFile.removeTree(pins.generation(generation)) }
            for removal in removals { try removal.wait() }
        }
        return strength
    }

    /// Takes policies out of force, and forgets the sandbox, with the cgroup that was made for it if nothing lives there.
    public static func detach(_ name: String) throws(LoadingError) {
        try check(name: name)
        let pins = PinFolder(sandbox: name)
        let hadPins = pins.isThere
        let removals = try hadPins ? pins.generations.map { LinkRemoval(of: pins.generation($0)) } : []
        try AttachingTurn.take { () throws(LoadingError) in try pins.remove() }
        // Also a file that is damaged goes, but not one that is another's.
        let hadState = try StateFolder.standard.read(SandboxState.file(name)) != nil
        guard hadPins || hadState else { throw isMissing(name) }
        try StateFolder.standard.remove(SandboxState.file(name))
        for removal in removals { try removal.wait() }
        // A `run` that was killed could not take its cgroup away. Where something lives in it, or there is none, nothing is to be done.
        if let hierarchy = try? CgroupHierarchy() { try? Cgroup.made(named: name, in: hierarchy)?.removeIfEmpty() }
    }

    /// The names of the sandboxes that are in force.
    public static var names: [String] {
        get throws(LoadingError) { try PinFolder.sandboxes }
    }

    /// The programs that hold a sandbox, as the kernel counts them.
    public static func programs(of name: String) throws(LoadingError) -> [ProgramCount] {
        let pins = PinFolder(sandbox: name)
        guard let newest = try pins.generations.last else { return [] }
        let folder = pins.generation(newest)
        var programs: [ProgramCount] = []
        for pin in try SmallFile.names(in: folder) {
            if let count = try ProgramCount(name: pin, link: "\(folder)/\(pin)") { programs.append(count) }
        }
        return programs
    }

    private static func state(
        _ name: String, _ workloads: [Workload], _ strength: SandboxStrength, _ generations: [SandboxState.Generation]
    ) -> SandboxState {
        SandboxState(
            name: name,
            bindings: workloads.map { workload in
                SandboxState.Binding(
                    cgroup: workload.cgroup.path, id: workload.cgroup.id, principal: workload.principal, isAudited: workload.isAudited)
            },
            tier: strength.tier, gaps: strength.gaps, generations: generations)
    }
}
