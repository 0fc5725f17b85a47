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

    /// Puts policies in force. When this returns, what the workloads do is judged.
    ///
    /// - Parameters:
    ///   - name: of the sandbox, which no other has.
    ///   - entities: in which groups the principals are.
    public static func attach(
        _ image: SandboxImage, as name: String, to workloads: [Workload], entities: Entities, tier: SandboxTier
    ) throws(LoadingError) {
        try check(name: name)
        let pins = PinFolder(sandbox: name)
        try pins.make()
        do throws(LoadingError) {
            try enforce(image, generation: 1, of: pins, workloads, entities, tier)
            try state(image, name, workloads, tier).save()
        } catch {
            pins.remove()
            throw error
        }
    }

    /// Puts other policies in force for the same workloads.
    ///
    /// The new programs run before the old ones are taken away: in between, both must allow.
    public static func replace(_ name: String, by image: SandboxImage, entities: Entities) throws(LoadingError) {
        let old = try SandboxState(reading: name)
        let pins = PinFolder(sandbox: name)
        let hierarchy = try CgroupHierarchy()
        var workloads: [Workload] = []
        for binding in old.bindings {
            // A cgroup that has gone needs no policies.
            guard let cgroup = try? Cgroup(path: binding.cgroup, in: hierarchy), cgroup.id == binding.id else { continue }
            workloads.append(Workload(cgroup: cgroup, principal: binding.principal, isAudited: binding.isAudited))
        }
        let generations = pins.generations
        try enforce(image, generation: (generations.last ?? 0) + 1, of: pins, workloads, entities, old.tier)
        try state(image, name, workloads, old.tier).save()
        for generation in generations { SmallFile.removeTree(pins.generation(generation)) }
    }

    /// Takes policies out of force, and forgets the sandbox.
    public static func detach(_ name: String) throws(LoadingError) {
        try check(name: name)
        let pins = PinFolder(sandbox: name)
        let state = try? SandboxState(reading: name)
        guard pins.isThere || state != nil else {
            throw LoadingError("there is no sandbox `\(name)`", help: "`cedarc sandbox status` lists those that there are")
        }
        pins.remove()
        state?.remove()
    }

    /// The names of the sandboxes that are in force.
    public static var names: [String] { PinFolder.sandboxes }

    /// How many programs hold a sandbox.
    public static func programCount(of name: String) -> Int {
        let pins = PinFolder(sandbox: name)
        guard let newest = pins.generations.last else { return 0 }
        return SmallFile.names(in: pins.generation(newest)).count
    }

    private static func state(
        _ image: SandboxImage, _ name: String, _ workloads: [Workload], _ tier: SandboxTier
    ) -> SandboxState {
        SandboxState(
            name: name,
            bindings: workloads.map { workload in
                SandboxState.Binding(
                    cgroup: workload.cgroup.path, id: workload.cgroup.id, principal: workload.principal, isAudited: workload.isAudited)
            },
            tier: tier, names: image.names)
    }

    private static func enforce(
        _ image: SandboxImage, generation: Int, of pins: PinFolder, _ workloads: [Workload], _ entities: Entities, _ tier: SandboxTier
    ) throws(LoadingError) {
        let object = try KernelObject(image.object)
        let choice = ProgramChoice(object.programs, tier, kills: !image.killing.isEmpty)
        object.choose(choice.includes)
        let isFirst = generation == 1
        if !isFirst {
            // Whoever follows the events goes on reading.
            try object.reuse(map: "reports", pinnedAt: pins.reports)
            try object.reuse(map: "lost", pinnedAt: pins.lost)
        }
        try object.load()

        for table in image.tables {
            try object.fill(table)
            try object.freeze(map: table.name)
        }
        for workload in workloads {
            var key: [UInt8] = []
            key.append(littleEndian: workload.cgroup.id)
            try object.set(
                map: "workloads", key: key,
                value: try image.record(for: workload.principal, entities: entities, isAudited: workload.isAudited))
        }
        var levels: [UInt8] = []
        levels.append(littleEndian: UInt32(workloads.map(\.cgroup.level).min() ?? 0))
        levels.append(littleEndian: UInt32(workloads.map(\.cgroup.level).max() ?? 0))
        try object.set(map: "levels", key: [0, 0, 0, 0], value: levels)
        // Which workloads there are is settled before the first program runs: no later write can take one out.
        try object.freeze(map: "workloads")
        try object.freeze(map: "levels")
        if isFirst {
            try object.pin(map: "reports", at: pins.reports)
            try object.pin(map: "lost", at: pins.lost)
        }

        let folder = pins.generation(generation)
        try SmallFile.makeFolder(folder)
        do throws(LoadingError) {
            for program in object.programs where choice.includes(program) {
                if program.section.hasPrefix("cgroup/") {
                    for workload in workloads {
                        try object.attach(program, to: workload.cgroup).pin(at: "\(folder)/\(program.name)-\(workload.cgroup.id)")
                    }
                } else {
                    try object.attach(program).pin(at: "\(folder)/\(program.name)")
                }
            }
        } catch {
            SmallFile.removeTree(folder)
            throw error
        }
    }
}
