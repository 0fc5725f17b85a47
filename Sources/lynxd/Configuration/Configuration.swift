import LynxCedar
import LynxIdentity
import Yams

/// The configuration file, as it was read: nothing that it names has been opened yet.
struct Configuration {
    let source: SourceText
    /// What is found wrong with the file, here and later, when what it names is read.
    let faults: ConfigurationFaults
    /// Who we are: what we sign says so, and `/token` is found there.
    let issuer: String
    let listeners: [ListenerConfiguration]
    let keys: KeysConfiguration
    let policies: PoliciesConfiguration
    let decisions: DecisionsConfiguration
    /// How long tokens from `/token` live at most, in seconds.
    let exchangeLifetime: Int64
    let issuers: [IssuerConfiguration]
    let registrations: [RegistrationConfiguration]
    let destinations: [DestinationConfiguration]
    let audit: AuditConfiguration
    /// What only a restart changes, as it is written.
    let lasting: [String: String]

    /// - Throws: every fault of the file.
    init(_ source: SourceText) throws(ParseError) {
        let faults = ConfigurationFaults(source)
        guard let root = try Configuration.root(faults), let file = ConfigurationSection(root, name: "", faults) else {
            throw ParseError(faults.diagnostics)
        }
        self.source = source
        self.faults = faults
        issuer = Configuration.issuer(file)
        listeners = ListenerConfiguration.all(file)
        keys = KeysConfiguration(file)
        policies = PoliciesConfiguration(file)
        decisions = DecisionsConfiguration(file)
        let exchange = file.section("exchange")
        exchangeLifetime = exchange?.seconds("lifetime", default: 120, in: 60...300) ?? 120
        exchange?.finish()
        issuers = file.sections("issuers").map { IssuerConfiguration($0) }
        registrations = file.sections("registrations").map { RegistrationConfiguration($0) }
        destinations = file.sections("destinations").map { DestinationConfiguration($0) }
        if listeners.contains(where: { $0.tls?.svids == true }), !issuers.contains(where: \.hasAuthorities) {
            file.report("a listener asks for SVIDs, and no trust domain has a `bundle` or `certificates`", at: "listen")
        }
        audit = AuditConfiguration(file)
        var lasting: [String: String] = [:]
        for name in ["listen", "limits", "audit"] { lasting[name] = file.node(name).flatMap { try? Yams.serialize(node: $0) } }
        self.lasting = lasting
        file.finish()
        try faults.finish()
    }

    private static func root(_ faults: ConfigurationFaults) throws(ParseError) -> Node? {
        do {
            guard let root = try Yams.compose(yaml: faults.source.text, .basic) else {
                faults.report("the file is empty", at: Mark?.none)
                return nil
            }
            return root
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
                faults.report("this is not YAML: \(problem)", at: mark)
            case .duplicatedKeysInMapping(let duplicates, let context):
                faults.report("\(duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")) is there twice", at: context.mark)
            default:
                faults.report("this is not YAML: \(error)", at: Mark?.none)
            }
        } catch {
            faults.report("this is not YAML: \(error)", at: Mark?.none)
        }
        return nil
    }

    /// RFC 8414, 2: a URL with neither query nor fragment.
    private static func issuer(_ file: ConfigurationSection) -> String {
        let issuer = file.required("issuer")
        let isURL = issuer.hasPrefix("https://") || issuer.hasPrefix("http://")
        if !issuer.isEmpty, !isURL || issuer.contains("?") || issuer.contains("#") || issuer.hasSuffix("/") || issuer.contains("\"") {
            file.report("`issuer` must be a URL without query and fragment, and without a slash at its end", at: "issuer")
        }
        return issuer
    }
}
