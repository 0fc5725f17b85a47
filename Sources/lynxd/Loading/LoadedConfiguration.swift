import LynxAudit
import LynxCedar
import LynxDecisionPoint
import LynxIdentity
import LynxPolicy
import LynxTokenExchange

/// A configuration with all that it names: ready to be put in force.
struct LoadedConfiguration {
    let configuration: Configuration
    let folder: ConfigurationFolder
    let ring: KeyRing
    let issuers: [Issuer]
    let bundles: TrustBundles
    let decisionRules: DecisionRules
    let exchangeRules: ExchangeRules
    let audit: AuditSettings
    /// Of what can be put in force, and of what listeners were or would be started with.
    let fingerprint: ConfigurationFingerprint
    let listenerFingerprint: ConfigurationFingerprint
    let receivers: [ReceiverLoader.Receiver]

    /// - Parameter path: of the configuration file.
    /// - Throws: every fault of it and of the files that it names.
    init(path: String, keys: KeyCache) throws(ParseError) {
        let folder = ConfigurationFolder(of: path)
        let files = ReadFiles()
        let decisive = folder.noting(files)
        let bytes = try decisive.bytes(String(path.split(separator: "/").last ?? ""))
        let configuration = try Configuration(SourceText(utf8: bytes, name: path))
        // The one that the sections report to as well.
        let faults = configuration.faults

        let policies = PolicyLoader(configuration.policies, decisive, faults).load()
        let identity = IdentityLoader(configuration, decisive, keys, faults)
        let ring = identity.ring()
        let issuers = identity.issuers(ring)
        let bundles = identity.bundles()
        let (registrations, clients) = identity.registrations()
        audit = AuditLoader.settings(configuration.audit, folder, faults)
        listenerFingerprint = LoadedConfiguration.fingerprint(of: configuration.listeners, folder)
        receivers = ReceiverLoader.receivers(configuration.audit.receivers, folder, faults)
        let destinations = DestinationLoader.load(configuration.destinations)
        try faults.finish()
        guard let policies, let ring, let registrations else { throw ParseError(Diagnostic("the configuration cannot be used")) }

        let own = CedarString(configuration.issuer)
        let installation = Installation(
            policies: policies, destinations: DestinationTable(destinations), validator: TokenValidator(issuers),
            callers: CallerResolver(registrations: registrations, issuers: issuers, ownIssuer: own),
            issuer: TokenIssuer(own, ring: ring))
        fingerprint = files.fingerprint
        self.configuration = configuration
        self.folder = folder
        self.ring = ring
        self.issuers = issuers
        self.bundles = bundles
        decisionRules = DecisionRules(
            installation: installation, audiences: configuration.decisions.audiences.map { CedarString($0) },
            credentialLifetime: configuration.decisions.credentialLifetime, credentialReuse: configuration.decisions.credentialReuse,
            answerLifetime: configuration.decisions.answerLifetime)
        exchangeRules = ExchangeRules(
            installation: installation, issuer: configuration.issuer, clients: clients, lifetime: configuration.exchangeLifetime)
    }

    /// Of certificates. One that cannot be read is no fault here: listeners that run need it no more.
    private static func fingerprint(of listeners: [ListenerConfiguration], _ folder: ConfigurationFolder) -> ConfigurationFingerprint {
        let files = ReadFiles()
        let noting = folder.noting(files)
        for tls in listeners.compactMap(\.tls) {
            for name in [tls.certificate, tls.clients].compactMap(\.self) { _ = try? noting.bytes(name) }
        }
        return files.fingerprint
    }

    /// - Throws: for files that listeners cannot be started without, and which cannot be read.
    func checkListeners() throws(ParseError) {
        var diagnostics: [Diagnostic] = []
        for tls in configuration.listeners.compactMap(\.tls) {
            for name in [tls.certificate, tls.key, tls.clients].compactMap(\.self) {
                do throws(ParseError) {
                    _ = try folder.bytes(name)
                } catch {
                    diagnostics += error.diagnostics
                }
            }
        }
        if !diagnostics.isEmpty { throw ParseError(diagnostics) }
    }

    /// The files that the rules were read from: when one of them changes, they are read again.
    static func files(_ configuration: Configuration) -> [String] {
        var files = configuration.policies.files + configuration.policies.shadow
        if let entities = configuration.policies.entities { files.append(entities) }
        if case .file(let schema) = configuration.policies.schema { files.append(schema) }
        for issuer in configuration.issuers {
            // The keys' file is that of the bundle, where there is one.
            if case .file(let name) = issuer.keys { files.append(name) }
            files += [issuer.certificates, issuer.authorities].compactMap(\.self)
        }
        for registration in configuration.registrations {
            if case .keys(let name)? = registration.client?.proof { files.append(name) }
        }
        return files
    }
}
