/// The policies, and what they decide by. Names of files.
struct PoliciesConfiguration: Hashable {
    let files: [String]
    /// Policies that are tried out beside these.
    let shadow: [String]
    let entities: String?
    let schema: SchemaChoice
    /// Whether a forbid that cannot be evaluated denies.
    let deniesOnForbidErrors: Bool

    enum SchemaChoice: Hashable {
        case builtIn
        case none
        case file(String)
    }

    private enum ForbidErrors: String, CaseIterable {
        case deny
        case skip
    }

    init(_ file: ConfigurationSection) {
        files = file.texts("policies")
        if files.isEmpty { file.report("`policies` is missing: nothing would be permitted", at: "policies") }
        shadow = file.texts("shadow")
        entities = file.text("entities")
        switch file.text("schema") {
        case nil, "built-in"?: schema = .builtIn
        case "none"?: schema = .none
        case let name?: schema = .file(name)
        }
        deniesOnForbidErrors = file.choice("forbid-errors", default: ForbidErrors.deny) == .deny
    }
}
