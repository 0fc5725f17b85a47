/// What the programs in force on a kernel do about each operation.
struct OperationCoverage {
    enum State: Hashable {
        case prevented
        /// The process is killed, where a rule asks for it.
        case killedAfter
        /// With a clause that says why.
        case passes(String)
    }

    private let tier: SandboxTier
    private let choice: ProgramChoice

    init(_ choice: ProgramChoice, _ tier: SandboxTier) {
        self.choice = choice
        self.tier = tier
    }

    func state(of operation: Operation) -> State {
        let judging = HookProgram.judging(operation)
        let needed = judging.filter { $0.use == (tier == .prevented ? .prevention : .network) }
        // One hook that is missing is one way around the others.
        if let reason = needed.lazy.compactMap({ choice.absent[$0.name] }).first { return .passes(reason) }
        if !needed.isEmpty { return .prevented }
        let isToldByItsCall = judging.contains { $0.use == .killing } || tier == .network && HookProgram.toldByTheirCalls.contains(operation)
        let killing = HookProgram.all.filter { $0.use == .killing }
        if isToldByItsCall && killing.contains(where: { choice.names.contains($0.name) }) { return .killedAfter }
        if let reason = killing.lazy.compactMap({ choice.absent[$0.name] }).first, isToldByItsCall { return .passes(reason) }
        return .passes(tier == .network ? "this kernel runs no LSM programs" : "no hook tells of it")
    }

    /// Whether the program on system calls is there and can tell of an operation.
    private func killsByCall(_ operation: Operation) -> Bool {
        HookProgram.toldByTheirCalls.contains(operation) && HookProgram.all.contains { $0.use == .killing && choice.names.contains($0.name) }
    }

    /// What is not prevented.
    var gaps: [EnforcementGap] {
        var gaps = Operation.allCases.compactMap { operation -> EnforcementGap? in
            // System calls by name are stopped by killing alone, on every kernel.
            guard operation != .systemCall else { return nil }
            switch state(of: operation) {
            case .prevented: return nil
            case .killedAfter: return EnforcementGap(operation: operation, reason: "this kernel only kills after the fact")
            case .passes(let reason): return EnforcementGap(operation: operation, reason: reason)
            }
        }
        for program in HookProgram.all where program.operations.isEmpty {
            if let reason = choice.absent[program.name] { gaps.append(EnforcementGap(operation: nil, reason: reason)) }
        }
        return gaps
    }

    /// What is not as policies ask for it.
    ///
    /// - Parameter mentions: the operations that they speak of.
    func unmet(_ demand: EnforcementDemand, _ mentions: [Operation: OperationMention]) -> [EnforcementGap] {
        if demand == .whatThereIs { return [] }
        var unmet = gaps.filter { gap in
            guard demand == .mentioned, let operation = gap.operation else { return true }
            guard let mention = mentions[operation] else { return false }
            return mention.asksForRefusal || state(of: operation) != .killedAfter
        }
        if demand == .mentioned, tier == .network, let mention = mentions[.createSocket], state(of: .createSocket) == .prevented {
            if mention.refusesOtherSockets {
                unmet.append(
                    EnforcementGap(operation: .createSocket, reason: "without LSM programs only sockets of the families inet and inet6 are refused"))
            } else if mention.killsOtherSockets && !killsByCall(.createSocket) {
                unmet.append(
                    EnforcementGap(operation: .createSocket, reason: "nothing on this kernel sees sockets of other families than inet and inet6"))
            }
        }
        if let mention = mentions[.systemCall] {
            if mention.asksForRefusal {
                unmet.append(
                    EnforcementGap(
                        operation: .systemCall, reason: "system calls by name can only be killed: write @enforce(\"kill\"), or use --emit seccomp"))
            } else if mention.asksForKill, case .passes(let reason) = state(of: .systemCall) {
                unmet.append(EnforcementGap(operation: .systemCall, reason: reason))
            }
        }
        return unmet
    }
}
