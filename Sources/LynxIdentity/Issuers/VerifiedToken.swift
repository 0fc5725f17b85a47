import LynxCedar

/// A token that was taken: what it says, and who says so.
public struct VerifiedToken: Sendable {
    public let issuer: Issuer
    public let subject: CedarString
    public let audience: [CedarString]
    /// In seconds since 1970, as all times here.
    public let expires: Int64
    public let issued: Int64?
    public let id: CedarString?
    /// `nil` where the token says nothing of scopes.
    public let scopes: [CedarString]?
    public let actors: ActorChain
    /// Who may act for the subject; `nil` where the token does not say (RFC 8693, 4.4).
    public let mayAct: [Party]?
    public let claims: Claims

    /// Until when nobody need be asked about the token again; its end, where nobody is.
    public internal(set) var believedUntil: Int64

    /// The subject as its first issuer knows it: our own tokens go on naming that one.
    public let origin: Party
}
