/// How calls are decided.
struct DecisionsConfiguration: Hashable {
    /// What tokens may have as their audience beside the destination's: what the gateway is called.
    let audiences: [String]
    /// In seconds.
    let credentialLifetime: Int64
    let credentialReuse: Int64
    let answerLifetime: Int64

    init(_ file: ConfigurationSection) {
        let section = file.section("decisions")
        audiences = section?.texts("audiences") ?? []
        credentialLifetime = section?.seconds("credential-lifetime", default: 120, in: 10...600) ?? 120
        credentialReuse = section?.seconds("credential-reuse", default: 0, in: 0...60) ?? 0
        answerLifetime = section?.seconds("answer-lifetime", default: 30, in: 1...300) ?? 30
        section?.finish()
    }
}
