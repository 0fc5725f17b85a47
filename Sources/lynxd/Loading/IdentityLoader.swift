import LynxCedar
import LynxIdentity
import LynxTokenExchange

/// Reads the keys of issuers and clients, and ties identities to agents and services.
struct IdentityLoader {
    private let configuration: Configuration
    private let folder: ConfigurationFolder
    private let keys: KeyCache
    private let faults: ConfigurationFaults

    init(_ configuration: Configuration, _ folder: ConfigurationFolder, _ keys: KeyCache, _ faults: ConfigurationFaults) {
        self.configuration = configuration
        self.folder = folder
        self.keys = keys
        self.faults = faults
    }

    func ring() -> KeyRing? {
        do throws(KeyFault) {
            return try keys.ring(configuration.keys, folder)
        } catch {
            faults.report([Diagnostic(error.description)])
            return nil
        }
    }

    // MARK: Issuers

    /// Those of the configuration, and ourselves.
    func issuers(_ ring: KeyRing?) -> [Issuer] {
        var names: Set<String> = ["lynxd"]
        var identifiers: Set<String> = [configuration.issuer]
        var issuers: [Issuer] = []
        for issuer in configuration.issuers {
            if !names.insert(issuer.name).inserted { issuer.section.report("another issuer has the name `\(issuer.name)`", at: "name") }
            if !identifiers.insert(issuer.identifier).inserted {
                issuer.section.report("another issuer is `\(issuer.identifier)`", at: issuer.profile == .spiffe ? "trust-domain" : "issuer")
            }
            if let loaded = self.issuer(issuer) { issuers.append(loaded) }
        }
        if let ring {
            issuers.append(
                Issuer(
                    name: "lynxd", identifier: CedarString(configuration.issuer), profile: .own, algorithms: [.es256, .edDSA],
                    entrances: [.decision, .exchange], keys: .ring(ring)))
        }
        return issuers
    }

    private func issuer(_ configuration: IssuerConfiguration) -> Issuer? {
        let profile: Issuer.Profile =
            switch configuration.profile {
            case .oidc: .openID
            case .kubernetes: .kubernetes
            case .spiffe: .spiffe
            }
        let use = profile == .spiffe ? "jwt-svid" : nil
        // Read by whoever fetches: here to see that they can be.
        if let authorities = configuration.authorities { _ = read(authorities) { bytes throws(KeyFault) in try TrustBundles.certificates(pem: bytes) } }
        guard let source = source(configuration, use: use) else { return nil }
        return Issuer(
            name: configuration.name, identifier: CedarString(configuration.identifier), profile: profile,
            algorithms: profile == .spiffe ? configuration.algorithms.subtracting([.edDSA]) : configuration.algorithms,
            entrances: configuration.entrances, keys: source,
            authorizedParties: Set(configuration.authorizedParties.map { CedarString($0) }), requiredType: configuration.type,
            maximumLifetime: configuration.maximumLifetime, hasUsers: configuration.hasUsers,
            groupsClaim: configuration.groupsClaim.map { CedarString($0) }, review: configuration.review.map { review($0, configuration) })
    }

    private func review(_ review: IssuerConfiguration.Review, _ configuration: IssuerConfiguration) -> TokenReview {
        keys.review(
            server: review.server, authorities: fetchingAuthorities(configuration), tokenFile: configuration.tokenFile.map(folder.path),
            lifetime: review.cache)
    }

    private func source(_ configuration: IssuerConfiguration, use: String?) -> KeySource? {
        let location: RemoteKeySet.Location
        switch configuration.keys {
        case .file(let name) where configuration.bundle != nil:
            return bundle(name).map { .fixed($0.keys) }
        case .file(let name):
            return keySet(name, use: use).map { .fixed($0) }
        case .url(let url): location = configuration.bundle != nil ? .bundle(url: url) : .keys(url: url)
        case .discovery: location = .discovery(issuer: CedarString(configuration.identifier))
        }
        return .remote(remote(location, use: use, configuration))
    }

    /// The same one each time for the same place.
    private func remote(_ location: RemoteKeySet.Location, use: String?, _ configuration: IssuerConfiguration) -> RemoteKeySet {
        keys.keys(
            location, use: use, authorities: fetchingAuthorities(configuration), tokenFile: configuration.tokenFile.map(folder.path),
            staleLimit: configuration.staleLimit)
    }

    private func fetchingAuthorities(_ configuration: IssuerConfiguration) -> KeyCache.Authorities? {
        configuration.authorities.map { KeyCache.Authorities(path: folder.path($0), contents: (try? folder.bytes($0)) ?? []) }
    }

    private func keySet(_ name: String, use: String? = nil) -> KeySet? {
        read(name) { bytes throws(KeyFault) in try KeySet(json: bytes, use: use) }
    }

    private func bundle(_ name: String) -> TrustBundle? {
        read(name) { bytes throws(KeyFault) in try TrustBundle(json: bytes) }
    }

    /// - Returns: `nil` for a file that cannot be read, which is reported.
    private func read<Contents>(_ name: String, as contents: ([UInt8]) throws(KeyFault) -> Contents) -> Contents? {
        do throws(ParseError) {
            let bytes = try folder.bytes(name)
            do throws(KeyFault) {
                return try contents(bytes)
            } catch {
                throw ParseError(Diagnostic(error.description, source: SourceText("", name: name)))
            }
        } catch {
            faults.report(error.diagnostics)
            return nil
        }
    }

    /// The authorities of the trust domains that have some.
    func bundles() -> TrustBundles {
        var sources: [String: TrustBundles.Source] = [:]
        for issuer in configuration.issuers { sources[issuer.identifier] = authorities(of: issuer) }
        return TrustBundles(sources)
    }

    private func authorities(of issuer: IssuerConfiguration) -> TrustBundles.Source? {
        switch issuer.bundle {
        // One that cannot be read has been reported with the issuer's keys.
        case .file(let name)?: (try? folder.bytes(name)).flatMap { try? TrustBundle(json: $0) }.map { .fixed($0.authorities) }
        case .url(let url)?: .remote(remote(.bundle(url: url), use: "jwt-svid", issuer))
        case .discovery?: nil
        case nil: issuer.certificates.flatMap { name in read(name) { bytes throws(KeyFault) in try TrustBundles.certificates(pem: bytes) } }.map { .fixed($0) }
        }
    }

    // MARK: Registrations

    func registrations() -> (Registrations?, [ExchangeClient]) {
        // Also of issuers whose keys could not be read: that has been reported.
        let identifiers = Dictionary(
            configuration.issuers.map { ($0.name, CedarString($0.identifier)) } + [("lynxd", CedarString(configuration.issuer))]
        ) { first, _ in first }
        var registrations: [Registration] = []
        var clients: [ExchangeClient] = []
        var clientIDs: Set<String> = []
        for configuration in configuration.registrations {
            let registration = Registration(
                principal: EntityUID(type: Name(configuration.kind.rawValue) ?? EntityTypes.service, id: CedarString(configuration.name)),
                identities: identities(configuration, identifiers), audiences: configuration.audiences.map { CedarString($0) })
            registrations.append(registration)
            guard let client = configuration.client else { continue }
            if !clientIDs.insert(client.id).inserted { configuration.section.report("another client has the id `\(client.id)`", at: "client") }
            if let proof = proof(client, registration, configuration.section) {
                clients.append(
                    ExchangeClient(
                        id: CedarString(client.id), registration: registration, proof: proof, mayNameActors: client.mayNameActors))
            }
        }
        do throws(Registrations.DuplicateIdentity) {
            return (try Registrations(registrations), clients)
        } catch {
            faults.report([Diagnostic("two registrations have the same identity: \(error.identity)", source: configuration.source)])
            return (nil, clients)
        }
    }

    private func identities(
        _ configuration: RegistrationConfiguration, _ identifiers: [String: CedarString]
    ) -> [Registration.Identity] {
        var identities = configuration.identities.compactMap { identity -> Registration.Identity? in
            switch identity {
            case .subject(let issuer, let subject):
                guard let identifier = identifiers[issuer] else {
                    configuration.section.report("there is no issuer `\(issuer)`", at: "identities")
                    return nil
                }
                return .subject(Party(issuer: identifier, subject: CedarString(subject)))
            case .spiffe(let text):
                guard let id = SPIFFEID(text) else {
                    configuration.section.report("`\(text)` is not a SPIFFE id", at: "identities")
                    return nil
                }
                return .spiffe(id)
            }
        }
        // SVIDs say who a client is under its SPIFFE id, the other proofs under its client id.
        if let client = configuration.client { identities.append(.client(CedarString(client.id))) }
        return identities
    }

    private func proof(
        _ client: RegistrationConfiguration.Client, _ registration: Registration, _ section: ConfigurationSection
    ) -> ExchangeClient.Proof? {
        switch client.proof {
        case .secret(let text):
            let digits = Array(text.utf8)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(decoding: digits[$0...].prefix(2), as: UTF8.self), radix: 16) }
            guard digits.count == 64, bytes.count == 32 else {
                section.report("`secret-sha256` must have 64 hexadecimal digits", at: "client", help: "printf %s SECRET | sha256sum")
                return nil
            }
            return .secret(sha256: bytes)
        case .keys(let name):
            guard let keys = keySet(name) else { return nil }
            let issuer = Issuer(
                name: client.id, identifier: CedarString(client.id), profile: .openID, algorithms: Set(SignatureAlgorithm.allCases),
                entrances: [.client], keys: .fixed(keys))
            return .assertion(TokenValidator([issuer]))
        case .spiffe:
            for case .spiffe(let id) in registration.identities { return .spiffe(id) }
            section.report("a client with `spiffe: true` needs a SPIFFE id among its identities", at: "client")
            return nil
        }
    }
}
