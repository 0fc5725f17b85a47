/// An agent or service, and what it is recognised by.
struct RegistrationConfiguration {
    let kind: Kind
    let name: String
    let identities: [Identity]
    let audiences: [String]
    let client: Client?
    let section: ConfigurationSection

    enum Kind: String {
        case agent = "Lynx::Agent"
        case service = "Lynx::Service"
    }

    enum Identity: Hashable {
        /// The issuer by its name in this file.
        case subject(issuer: String, subject: String)
        case spiffe(String)
    }

    struct Client {
        let id: String
        let proof: Proof
        let mayNameActors: Bool

        enum Proof {
            case secret(sha256: String)
            case keys(file: String)
            case spiffe
        }
    }

    init(_ section: ConfigurationSection) {
        self.section = section
        let agent = section.text("agent")
        let service = section.text("service")
        kind = agent == nil ? .service : .agent
        name = agent ?? service ?? ""
        if (agent == nil) == (service == nil) {
            section.faults.report("`\(section.name)` must have one of `agent` and `service`", at: section.mark)
        }
        identities = section.sections("identities").compactMap { RegistrationConfiguration.identity($0) }
        audiences = section.texts("audiences")
        client = section.section("client").flatMap { Client($0) }
        section.finish()
    }

    private static func identity(_ section: ConfigurationSection) -> Identity? {
        defer { section.finish() }
        if let id = section.text("spiffe") { return .spiffe(id) }
        let issuer = section.required("issuer")
        let subject = section.required("subject")
        return issuer.isEmpty || subject.isEmpty ? nil : .subject(issuer: issuer, subject: subject)
    }
}

extension RegistrationConfiguration.Client {
    fileprivate init?(_ section: ConfigurationSection) {
        id = section.required("id")
        mayNameActors = section.flag("may-name-actors", default: false)
        let (hash, keys, spiffe) = (section.text("secret-sha256"), section.text("keys"), section.flag("spiffe", default: false))
        section.finish()
        switch (hash, keys, spiffe) {
        case (let hash?, nil, false): proof = .secret(sha256: hash)
        case (nil, let file?, false): proof = .keys(file: file)
        case (nil, nil, true): proof = .spiffe
        default:
            section.faults.report("`\(section.name)` must have one of `secret-sha256`, `keys` and `spiffe: true`", at: section.mark)
            return nil
        }
    }
}
