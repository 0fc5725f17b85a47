import LynxCedar

/// How large the programs of an object are, and, where the running kernel takes them, how much of them its verifier goes through.
public struct ObjectMeasure: Sendable {
    struct Program: Sendable {
        let name: String
        let section: String
        /// Of its own, without the functions that programs share.
        let instructions: Int
        /// `nil` where the kernel does not take the program.
        let count: ProgramCount?
    }

    let programs: [Program]
    /// Of the functions that programs share.
    let sharedInstructions: Int
    /// The running kernel.
    let kernel: String

    /// Reads the object, and has the kernel check it as far as it lets; nothing is attached.
    ///
    /// - Throws: when the object cannot be read.
    public init(_ image: SandboxImage) throws(LoadingError) {
        kernel = KernelCapabilities.release
        let object = try KernelObject(image.object)
        try object.check(image.tables)
        sharedInstructions = ELFSections(image.object)?.size(of: ".text").map { $0 / 8 } ?? 0
        let version = KernelVersion(kernel) ?? KernelVersion(.max, 0)
        var counts: [String: ProgramCount] = [:]
        // Loading what cannot be loaded takes as long as what can: the kernel's types are gone through first.
        for tier in ProbeProgram.takesHooks() ? [SandboxTier.prevented, .network] : [.network] {
            let loaded = try KernelObject(image.object)
            let choice = ProgramChoice(Set(loaded.programs.map(\.name)), tier, kills: image.names.kills && tier == .network, kernel: version)
            guard !choice.names.isEmpty else { continue }
            loaded.choose(choice.includes)
            // A kernel, or a user, that may not load them is no fault of the policies.
            guard (try? loaded.load()) != nil else { continue }
            for program in loaded.programs where choice.includes(program) { counts[program.name] = program.count }
        }
        programs = object.programs.map { program in
            Program(name: program.name, section: program.section, instructions: program.instructionCount, count: counts[program.name])
        }
    }

    /// For people, behind the plan.
    public var text: String {
        let verified = programs.compactMap(\.count).count
        let verifier = verified == 0 ? "" : "; \(verified) of them verified by Linux \(kernel)"
        var lines = ["", "\(programs.count) programs, which share functions of \(sharedInstructions) instructions\(verifier)"]
        for program in programs {
            let count = program.count.map { ", \($0.verifiedInstructions) verified" } ?? ""
            lines.append("    \(program.section) (\(program.name)): \(program.instructions) instructions\(count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs: the member `object` of the plan.
    public var json: JSONValue {
        func text(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
        func number(_ value: Int) -> JSONValue { JSONValue(.integer(Int64(value))) }
        return [
            "sharedInstructions": number(sharedInstructions),
            "verifiedBy": programs.contains { $0.count != nil } ? text(kernel) : JSONValue(.null),
            "programs": JSONValue(
                .array(
                    programs.map { program in
                        [
                            "name": text(program.name),
                            "hook": text(program.section),
                            "instructions": number(program.instructions),
                            "verifiedInstructions": program.count.map { number($0.verifiedInstructions) } ?? JSONValue(.null),
                        ]
                    })),
        ]
    }
}
