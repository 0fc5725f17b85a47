import CLibBPF
import LynxCedar

/// Brings one set of policies into the kernel, and pins what holds it there.
struct SandboxLoader {
    let image: SandboxImage
    let tier: SandboxTier
    let demand: EnforcementDemand
    let pins: PinFolder

    /// What the walk up a path is checked by (path.h). Where one is missing no path is resolved, and what asks for one is denied.
    private static let locks = KernelSymbols.addresses(of: ["rename_lock", "mount_lock"])

    /// - Throws: when the kernel cannot do what is demanded; nothing is in force then.
    func enforce(generation: Int, _ workloads: [Sandbox.Workload], _ entities: Entities) throws(LoadingError) -> SandboxStrength {
        // A release that cannot be read is taken for newer than all: every hook has to be there.
        let kernel = KernelVersion(KernelCapabilities.release) ?? KernelVersion(.max, 0)
        guard kernel >= image.names.kernel else {
            throw LoadingError(
                "the policies are compiled for Linux \(image.names.kernel) and later, and this is \(kernel)",
                help: "compile them with --target-kernel \(kernel)")
        }
        let empty = try KernelObject(image.object)
        try empty.check(image.tables)
        var choice = ProgramChoice(Set(empty.programs.map(\.name)), tier, kills: image.names.kills, kernel: kernel)
        // Before the kernel is asked for anything: a hook that it lacks is known from its own description.
        try check(choice, refusal: nil)
        let object = try load(&choice, isFirst: generation == 1)
        try fill(object, generation, workloads, entities)
        if generation == 1 {
            try object.pin(map: "reports", at: pins.reports)
            try object.pin(map: "lost", at: pins.lost)
        }
        let folder = pins.generation(generation)
        // Whoever did not make it does not take it away again: it is that of another who replaces the policies at the same time.
        guard mkdir(folder, 0o700) == 0 else {
            if errno == EEXIST { throw LoadingError("the policies of this sandbox are just being replaced", help: "try again") }
            throw .system("make the folder `\(folder)`", errno)
        }
        try AttachingTurn.take { () throws(LoadingError) in
            do throws(LoadingError) {
                try attach(object, &choice, to: workloads, folder)
            } catch {
                try? SmallFile.removeTree(folder)
                throw error
            }
        }
        let coverage = OperationCoverage(choice, tier)
        return SandboxStrength(
            tier: tier, gaps: coverage.gaps, unmet: coverage.unmet(.mentioned, image.names.mentions),
            programs: object.programs.filter(choice.includes).compactMap(\.count))
    }

    /// - Parameter refusal: what the kernel said to the first program that it did not take.
    private func check(_ choice: ProgramChoice, refusal: LoadingError?) throws(LoadingError) {
        let unmet = OperationCoverage(choice, tier).unmet(demand, image.names.mentions)
        guard !unmet.isEmpty else { return }
        let what = demand == .everything ? "every operation" : "what the policies speak of"
        throw LoadingError(
            "this kernel cannot prevent \(what): " + EnforcementGap.lines(unmet).joined(separator: "; "),
            help: demand == .mentioned ? "take it out of the policies, or let it pass with --accept-unprevented" : nil,
            verifierLog: refusal?.verifierLog)
    }

    /// Loads what was chosen; leaves out what the kernel does not take, where the demand can do without it.
    private func load(_ choice: inout ProgramChoice, isFirst: Bool) throws(LoadingError) -> KernelObject {
        let object = try prepared(choice, isFirst: isFirst)
        let failure: LoadingError
        do throws(LoadingError) {
            try object.load()
            return object
        } catch {
            failure = error
        }
        // One program that the kernel does not take keeps all from being loaded: which is it?
        var refusal: LoadingError?
        for program in object.programs where choice.includes(program) {
            do throws(LoadingError) {
                let alone = try prepared(choice, isFirst: isFirst)
                alone.choose { $0.name == program.name }
                try alone.load()
            } catch {
                choice.drop(program.name, because: "the kernel does not take \(program.section) (\(error.cause ?? error.message))")
                refusal = refusal ?? error
            }
        }
        guard refusal != nil, !choice.names.isEmpty else { throw failure }
        try check(choice, refusal: refusal)
        let rest = try prepared(choice, isFirst: isFirst)
        try rest.load()
        return rest
    }

    private func prepared(_ choice: ProgramChoice, isFirst: Bool) throws(LoadingError) -> KernelObject {
        let object = try KernelObject(image.object)
        object.choose(choice.includes)
        // On the way into a system call nothing is judged that a hook judges further on.
        if tier == .prevented { try object.set(constant: "judges_operations", UInt32(0)) }
        try object.set(constant: "rename_lock_address", SandboxLoader.locks["rename_lock"] ?? 0)
        try object.set(constant: "mount_lock_address", SandboxLoader.locks["mount_lock"] ?? 0)
        if !isFirst {
            // Whoever follows the events goes on reading.
            try object.reuse(map: "reports", pinnedAt: pins.reports)
            try object.reuse(map: "lost", pinnedAt: pins.lost)
        }
        return object
    }

    /// Writes what programs look up, and freezes it: which workloads there are is settled before the first program runs.
    private func fill(
        _ object: KernelObject, _ generation: Int, _ workloads: [Sandbox.Workload], _ entities: Entities
    ) throws(LoadingError) {
        for table in image.tables {
            try object.fill(table)
            try object.freeze(map: table.name)
        }
        for workload in workloads {
            var key: [UInt8] = []
            key.append(littleEndian: workload.cgroup.id)
            try object.set(
                map: "workloads", key: key,
                value: try image.record(
                    for: workload.principal, entities: entities, isAudited: workload.isAudited, generation: generation))
        }
        var levels: [UInt8] = []
        levels.append(littleEndian: UInt32(workloads.map(\.cgroup.level).min() ?? 0))
        levels.append(littleEndian: UInt32(workloads.map(\.cgroup.level).max() ?? 0))
        try object.set(map: "levels", key: [0, 0, 0, 0], value: levels)
        try object.freeze(map: "workloads")
        try object.freeze(map: "levels")
    }

    /// Attaches what was chosen; leaves out what the kernel does not take, where the demand can do without it.
    private func attach(
        _ object: KernelObject, _ choice: inout ProgramChoice, to workloads: [Sandbox.Workload], _ folder: String
    ) throws(LoadingError) {
        var refusal: LoadingError?
        for program in object.programs where choice.includes(program) {
            do throws(LoadingError) {
                try attach(program, of: object, to: workloads, folder)
            } catch {
                choice.drop(program.name, because: error.message)
                refusal = refusal ?? error
            }
        }
        try check(choice, refusal: refusal)
    }

    private func attach(
        _ program: KernelObject.Program, of object: KernelObject, to workloads: [Sandbox.Workload], _ folder: String
    ) throws(LoadingError) {
        guard program.section.hasPrefix("cgroup/") else {
            return try object.attach(program).pin(at: "\(folder)/\(program.name)")
        }
        for workload in workloads {
            try object.attach(program, to: workload.cgroup).pin(at: "\(folder)/\(program.name)-\(workload.cgroup.id)")
        }
    }
}
