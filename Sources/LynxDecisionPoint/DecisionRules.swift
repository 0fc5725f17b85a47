import LynxCedar
import LynxPolicy

/// What the decision point goes by.
public final class DecisionRules: Sendable {
    public let installation: Installation
    /// Audiences that tokens may have beside that of the destination: what the gateway is called.
    public let audiences: [CedarString]
    /// How long a minted credential lives at most, in seconds.
    public let credentialLifetime: Int64
    /// How long a gateway may keep an answer, in seconds.
    public let answerLifetime: Int64

    /// Whose tokens have been checked by these rules; others check them again.
    let callers = VerifiedCallers()
    /// What was minted by these rules.
    let credentials: MintedCredentials

    /// - Parameter credentialReuse: for how many seconds a credential is given again; 0 mints one for every call.
    public init(
        installation: Installation, audiences: [CedarString], credentialLifetime: Int64 = 120, credentialReuse: Int64 = 0,
        answerLifetime: Int64 = 30
    ) {
        self.installation = installation
        self.audiences = audiences
        self.credentialLifetime = credentialLifetime
        credentials = MintedCredentials(reusedFor: credentialReuse)
        self.answerLifetime = answerLifetime
    }
}
