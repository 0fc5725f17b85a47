import LynxCedar
import LynxIdentity
import LynxPolicy

/// What the token exchange goes by.
public struct ExchangeRules: Sendable {
    public let installation: Installation
    /// Where we are found: an `https` URL, or one of this machine.
    public let issuer: String
    public let clients: [CedarString: ExchangeClient]
    /// How long issued tokens live at most, in seconds: 60 to 300.
    public let lifetime: Int64
    let clientsByIdentity: [Registration.Identity: ExchangeClient]

    public init(installation: Installation, issuer: String, clients: [ExchangeClient], lifetime: Int64 = 120) {
        self.installation = installation
        self.issuer = issuer
        self.clients = Dictionary(clients.map { ($0.id, $0) }) { first, _ in first }
        self.lifetime = lifetime
        var byIdentity: [Registration.Identity: ExchangeClient] = [:]
        for client in clients {
            if case .spiffe(let id) = client.proof { byIdentity[.spiffe(id)] = client }
        }
        clientsByIdentity = byIdentity
    }

    var tokenEndpoint: String { issuer + "/token" }

    /// What tokens that are shown to us may have as their audience.
    var ownAudiences: [CedarString] { [CedarString(issuer), CedarString(tokenEndpoint)] }
}
