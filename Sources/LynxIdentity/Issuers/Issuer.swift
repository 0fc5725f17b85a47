import LynxCedar

/// Somebody whose tokens are taken, as far as the configuration says.
public struct Issuer: Sendable {
    /// A short name of ours, for records and for the ids of users.
    public let name: String
    /// What `iss` must be, byte for byte. For a SPIFFE trust domain, the domain.
    public let identifier: CedarString
    public let profile: Profile
    public let algorithms: Set<SignatureAlgorithm>
    /// Where its tokens are taken.
    public let entrances: Set<Entrance>
    public let keys: KeySource
    /// Where not empty, what `azp` or `client_id` may be.
    public let authorizedParties: Set<CedarString>
    /// What `typ` must be; `nil` for what access tokens usually have.
    public let requiredType: String?
    /// The longest time between `iat` and `exp` that is believed, in seconds.
    public let maximumLifetime: Int64?
    /// Whether subjects that are not registered are users.
    public let hasUsers: Bool
    /// The claim that tells a user's groups.
    public let groupsClaim: CedarString?
    /// Who is asked about each token; `nil` to go by signatures only.
    public let review: TokenReview?

    public enum Profile: Hashable, Sendable {
        /// Access tokens of an OpenID provider or an OAuth authorization server.
        case openID
        /// ServiceAccount tokens of a Kubernetes API server.
        case kubernetes
        /// JWT-SVIDs of a trust domain.
        case spiffe
        /// What we have issued ourselves.
        case own
    }

    public init(
        name: String, identifier: CedarString, profile: Profile, algorithms: Set<SignatureAlgorithm>, entrances: Set<Entrance>,
        keys: KeySource, authorizedParties: Set<CedarString> = [], requiredType: String? = nil, maximumLifetime: Int64? = nil,
        hasUsers: Bool = false, groupsClaim: CedarString? = nil, review: TokenReview? = nil
    ) {
        self.name = name
        self.identifier = identifier
        self.profile = profile
        self.algorithms = algorithms
        self.entrances = entrances
        self.keys = keys
        self.authorizedParties = authorizedParties
        self.requiredType = requiredType
        self.maximumLifetime = maximumLifetime
        self.hasUsers = hasUsers
        self.groupsClaim = groupsClaim
        self.review = review
    }
}

/// Where a token is shown.
public enum Entrance: String, CaseIterable, Hashable, Sendable {
    /// A call that is to be decided.
    case decision
    /// The subject or the actor of an exchange.
    case exchange
    /// A client's assertion of who it is.
    case client
}
