import LynxCedar

extension SandboxPlan {
    /// The plan for people.
    public var text: String {
        let permitting = Set(rules.filter { $0.effect == .permit }.flatMap(\.operations))
        let entryCount = tables.reduce(0) { $0 + $1.entryCount }
        var lines = [
            "\(policyCount) policies as \(rules.count) rules, \(entryCount) entries in \(tables.count) tables, for Linux \(kernel) and later"
        ]
        if isBaseIncluded { lines.append("with the base profile (cedarc sandbox base), whose policies are named base:...") }
        lines.append("")
        for entry in entries where !entry.rules.isEmpty {
            let tier = entry.mayKill ? "\(entry.enforcement.tier.rawValue), may kill" : entry.enforcement.tier.rawValue
            lines.append("\(entry.operation): \(tier)")
            lines.append("    hooks     \(hookList(of: entry.enforcement)), Linux \(max(entry.enforcement.since, kernel)) and later")
            lines.append("    policies  \(SandboxPlan.list(entry.policies.map(\.description)))")
            if !permitting.contains(entry.operation) { lines.append("    always denied: no policy permits it") }
            for bypass in entry.enforcement.bypasses { lines.append("    beware    \(bypass)") }
        }
        let silent = entries.filter { $0.rules.isEmpty && $0.operation != .systemCall }.map(\.operation.description)
        if !silent.isEmpty { lines += ["", "denied, because no policy permits it: \(silent.joined(separator: ", "))"] }
        if entries.contains(where: { $0.operation == .systemCall && $0.rules.isEmpty }) {
            lines.append("systemCall: no policy speaks of system calls by name, so none is stopped by its name")
        }
        lines += ["", "on kernels that run no LSM programs:"] + fallbackLines
        if !principals.isEmpty || !groups.isEmpty { lines.append("") }
        if !principals.isEmpty { lines.append("principals: \(SandboxPlan.list(principals.map(\.description)))") }
        if !groups.isEmpty { lines.append("groups: \(SandboxPlan.list(groups.map(\.description)))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The hooks, with the kernels of those that not every kernel has.
    private func hookList(of enforcement: Enforcement) -> String {
        hooks(of: enforcement).map { $0.since > kernel ? "\($0.section) (\($0.since))" : $0.section }.joined(separator: ", ")
    }

    /// What is left of the operations that policies speak of.
    private var fallbackLines: [String] {
        let spoken = entries.filter { !$0.rules.isEmpty }
        return [Enforcement.Fallback.preventedByCgroup, .killedAfter, .notEnforced].compactMap { fallback in
            let names = spoken.filter { $0.enforcement.fallback == fallback }.map(\.operation.description)
            guard !names.isEmpty else { return nil }
            let what =
                switch fallback {
                case .preventedByCgroup: "prevented for internet sockets, if the workload has no capabilities"
                case .killedAfter: "killed after"
                case .notEnforced: "not enforced"
                }
            return "    \(what): \(names.joined(separator: ", "))"
        }
    }

    /// The first few of a list, and how many there are beyond.
    private static func list(_ items: [String]) -> String {
        let shown = items.prefix(8).map { DisplayText.line($0) }
        return shown.joined(separator: ", ") + (items.count > shown.count ? " and \(items.count - shown.count) more" : "")
    }
}
