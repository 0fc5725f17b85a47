import LynxCedar

extension SandboxPlan {
    /// The plan for programs. Rules, principals and groups are in the order of their numbers.
    public var json: JSONValue {
        func strings(_ values: some Sequence<some CustomStringConvertible>) -> JSONValue {
            JSONValue(.array(values.map { JSONValue(.string(CedarString($0.description))) }))
        }
        func number(_ value: Int) -> JSONValue { JSONValue(.integer(Int64(value))) }
        func text(_ value: String) -> JSONValue { JSONValue(.string(CedarString(value))) }
        func array(_ values: [JSONValue]) -> JSONValue { JSONValue(.array(values)) }
        return [
            "kernel": text(kernel.description),
            "base": JSONValue(.bool(isBaseIncluded)),
            "operations": array(
                entries.map { entry in
                    [
                        "action": text(entry.operation.description),
                        "number": number(Int(entry.operation.rawValue)),
                        "tier": text(entry.enforcement.tier.rawValue),
                        "kills": JSONValue(.bool(entry.mayKill)),
                        "hooks": strings(hooks(of: entry.enforcement).map(\.section)),
                        "programs": array(
                            programs(of: entry.enforcement).map { program in
                                [
                                    "name": text(program.name),
                                    "hook": text(program.section),
                                    "since": text(program.since.description),
                                    "before": program.before.map { text($0.description) } ?? JSONValue(.null),
                                ]
                            }),
                        "withoutLSM": text(entry.enforcement.fallback.rawValue),
                        "since": text(max(entry.enforcement.since, kernel).description),
                        "bypasses": strings(entry.enforcement.bypasses),
                        "rules": array(entry.rules.map(number)),
                        "policies": strings(entry.policies),
                    ]
                }),
            "rules": array(
                rules.map { rule in
                    [
                        "number": number(rule.number),
                        "effect": text(rule.effect.rawValue),
                        "kills": JSONValue(.bool(rule.kills)),
                        "operations": strings(rule.operations),
                        "policies": strings(rule.policies),
                    ]
                }),
            "principals": strings(principals),
            "groups": strings(groups),
            "tables": array(
                tables.map { table in
                    ["name": text(table.name), "kind": text(table.kind.rawValue), "entries": number(table.entryCount)]
                }),
        ]
    }
}
