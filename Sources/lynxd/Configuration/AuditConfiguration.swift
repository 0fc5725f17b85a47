import LynxAudit

/// Where records go.
struct AuditConfiguration: Hashable {
    let file: String
    let durability: AuditLog.Durability
    /// What becomes of decisions that cannot be recorded.
    let unrecorded: AuditLog.Unrecorded

    init(_ file: ConfigurationSection) {
        guard let section = file.section("audit") else {
            file.report("`audit` is missing: decisions must be recorded", at: "audit", help: "write `audit: {file: audit.jsonl}`")
            self.file = ""
            durability = .always
            unrecorded = .deny
            return
        }
        self.file = section.required("file")
        switch section.text("sync") {
        case "always"?: durability = .always
        case nil: durability = .interval(1000)
        default: durability = .interval(Int(section.seconds("sync", default: 1, in: 1...60)) * 1000)
        }
        unrecorded = section.choice("unrecorded", default: .deny)
        section.finish()
    }
}
