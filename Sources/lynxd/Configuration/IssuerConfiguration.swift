import LynxIdentity

/// An issuer whose tokens are taken.
struct IssuerConfiguration {
    let name: String
    let identifier: String
    let profile: Profile
    let keys: Keys
    /// Certificates that its server is checked by, in place of the system's.
    let authorities: String?
    /// The authorities of the X.509-SVIDs of a trust domain, where they are in a file of their own.
    let certificates: String?
    /// The trust bundle that has both its keys and its authorities.
    let bundle: Keys?
    /// A file with the token that its server asks for.
    let tokenFile: String?
    let algorithms: Set<SignatureAlgorithm>
    let entrances: Set<Entrance>
    let authorizedParties: [String]
    let type: String?
    let maximumLifetime: Int64?
    let hasUsers: Bool
    let groupsClaim: String?
    let staleLimit: Int64
    let review: Review?
    let section: ConfigurationSection

    enum Profile: String, CaseIterable {
        case oidc
        case kubernetes
        case spiffe
    }

    /// The API server that is asked about each token.
    struct Review: Hashable {
        let server: String
        /// In seconds.
        let cache: Int64
    }

    /// Whether X.509-SVIDs of the trust domain can be verified.
    var hasAuthorities: Bool { certificates != nil || bundle != nil }

    enum Keys: Hashable {
        case file(String)
        case url(String)
        case discovery
    }

    init(_ section: ConfigurationSection) {
        self.section = section
        name = section.required("name")
        profile = section.choice("profile", default: .oidc)
        identifier = section.required(profile == .spiffe ? "trust-domain" : "issuer")
        bundle = IssuerConfiguration.bundle(section, profile)
        keys = bundle ?? IssuerConfiguration.keys(section, profile)
        authorities = section.text("authorities")
        certificates = section.text("certificates")
        if bundle != nil, section.has("keys") || certificates != nil {
            section.report("`\(section.name)` can have either `bundle`, or `keys` and `certificates`", at: "bundle")
        }
        if certificates != nil, profile != .spiffe { section.report("`\(section.name).certificates` is for trust domains only", at: "certificates") }
        tokenFile = section.text("token-file")
        algorithms = IssuerConfiguration.algorithms(section)
        entrances = IssuerConfiguration.entrances(section, profile)
        authorizedParties = section.texts("authorized-parties")
        type = section.text("type")?.lowercased()
        maximumLifetime = section.has("maximum-lifetime") ? section.seconds("maximum-lifetime", default: 3600, in: 60...365 * 86400) : nil
        hasUsers = section.flag("users", default: false)
        groupsClaim = section.text("groups")
        staleLimit = section.seconds("stale-limit", default: 24 * 3600, in: 60...30 * 86400)
        review = section.section("token-review").map { Review($0) }
        if review != nil, profile != .kubernetes { section.report("`\(section.name).token-review` is for `profile: kubernetes` only", at: "token-review") }
        if name.contains("|") { section.report("`\(section.name).name` must not contain `|`", at: "name") }
        if profile == .spiffe, !identifier.isEmpty, !SPIFFEID.isTrustDomain(identifier.utf8) {
            section.report("`\(section.name).trust-domain` is not the name of a trust domain", at: "trust-domain")
        }
        section.finish()
    }

    private static func bundle(_ section: ConfigurationSection, _ profile: Profile) -> Keys? {
        guard let bundle = section.section("bundle") else { return nil }
        if profile != .spiffe { section.report("`\(section.name).bundle` is for trust domains only", at: "bundle") }
        return place(bundle, section, "bundle")
    }

    /// `{file: ...}` or `{url: ...}`.
    private static func place(_ place: ConfigurationSection, _ section: ConfigurationSection, _ key: String) -> Keys {
        let (file, url) = (place.text("file"), place.text("url"))
        place.finish()
        switch (file, url) {
        case (let file?, nil): return .file(file)
        case (nil, let url?):
            if !DocumentFetcher.mayFetch(url) { place.report("`\(place.name).url` must be an HTTPS URL, or one of this machine", at: "url") }
            return .url(url)
        default:
            section.report("`\(section.name).\(key)` must have one of `file` and `url`", at: key)
            return .discovery
        }
    }

    private static func keys(_ section: ConfigurationSection, _ profile: Profile) -> Keys {
        if case .scalar(let scalar)? = section.node("keys") {
            if scalar.string == "discovery", profile != .spiffe { return .discovery }
            section.report("`\(section.name).keys` cannot be `\(scalar.string)`", at: "keys", help: "write `discovery`, `{url: ...}` or `{file: ...}`")
            return .discovery
        }
        guard let keys = section.section("keys") else {
            if profile == .spiffe {
                section.report("`\(section.name)` has neither `bundle` nor `keys`", at: "keys", help: "write `bundle: {url: ...}` or `bundle: {file: ...}`")
            }
            return .discovery
        }
        return place(keys, section, "keys")
    }

    private static func algorithms(_ section: ConfigurationSection) -> Set<SignatureAlgorithm> {
        let names = section.texts("algorithms")
        guard !names.isEmpty else { return [.rs256, .es256, .edDSA] }
        return Set(
            names.compactMap { name in
                if let algorithm = SignatureAlgorithm(rawValue: name) { return algorithm }
                section.report(
                    "`\(name)` is not an algorithm that is taken", at: "algorithms",
                    help: "these are: \(SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))")
                return nil
            })
    }

    private static func entrances(_ section: ConfigurationSection, _ profile: Profile) -> Set<Entrance> {
        let names = section.texts("accepted-for")
        guard !names.isEmpty else { return profile == .spiffe ? [.decision, .exchange, .client] : [.decision, .exchange] }
        return Set(
            names.compactMap { name in
                if let entrance = Entrance(rawValue: name) { return entrance }
                section.report(
                    "`\(name)` is no use of a token", at: "accepted-for",
                    help: "these are: \(Entrance.allCases.map(\.rawValue).joined(separator: ", "))")
                return nil
            })
    }
}

extension IssuerConfiguration.Review {
    fileprivate init(_ section: ConfigurationSection) {
        server = section.required("server")
        cache = section.seconds("cache", default: 10, in: 0...60)
        if !server.isEmpty, !DocumentFetcher.mayFetch(server) {
            section.report("`\(section.name).server` must be an HTTPS URL, or one of this machine", at: "server")
        }
        section.finish()
    }
}
