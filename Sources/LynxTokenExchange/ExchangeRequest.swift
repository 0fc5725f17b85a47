import LynxCedar
import LynxIdentity
import LynxPolicy

/// What a client asks for (RFC 8693, 2.1).
struct ExchangeRequest: Sendable {
    let subjectToken: String
    let actorToken: String?
    private let targets: [CedarString]
    private let requestedScopes: [CedarString]?
    private let issuedType: String

    static let grantType = "urn:ietf:params:oauth:grant-type:token-exchange"
    private static let types = "urn:ietf:params:oauth:token-type:"

    init(_ form: FormParameters) throws(ExchangeError) {
        guard let grant = form["grant_type"] else { throw .invalidRequest("`grant_type` is missing") }
        guard grant == ExchangeRequest.grantType else {
            throw ExchangeError(.unsupportedGrantType, "only token exchange is supported")
        }
        guard let subject = form["subject_token"] else { throw .invalidRequest("`subject_token` is missing") }
        try ExchangeRequest.checkType(form["subject_token_type"], of: "subject_token")
        subjectToken = subject
        actorToken = form["actor_token"]
        if actorToken != nil {
            try ExchangeRequest.checkType(form["actor_token_type"], of: "actor_token")
        } else if form["actor_token_type"] != nil {
            throw .invalidRequest("`actor_token_type` is there without `actor_token`")
        }
        issuedType = form["requested_token_type"] ?? ExchangeRequest.types + "access_token"
        guard [ExchangeRequest.types + "access_token", ExchangeRequest.types + "jwt"].contains(issuedType) else {
            throw .invalidRequest("`requested_token_type` is not supported")
        }
        let resources = form.all("resource")
        guard resources.allSatisfy(ExchangeRequest.isAbsolute) else {
            throw ExchangeError(.invalidTarget, "a `resource` is not an absolute URI without fragment", reason: "resource-malformed")
        }
        targets = (resources + form.all("audience")).map { CedarString($0) }
        requestedScopes = try form["scope"].map { text throws(ExchangeError) in try ExchangeRequest.scopes(text) }
    }

    private static func checkType(_ type: String?, of parameter: String) throws(ExchangeError) {
        guard let type else { throw .invalidRequest("`\(parameter)_type` is missing") }
        // Refresh tokens, ID tokens and SAML assertions are no permission to call anybody.
        guard [types + "access_token", types + "jwt"].contains(type) else { throw .invalidRequest("`\(parameter)_type` is not supported") }
    }

    /// RFC 3986, 4.3: a scheme, and no fragment.
    private static func isAbsolute(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), !text.utf8.contains(UInt8(ascii: "#")) else { return false }
        let scheme = text.utf8[..<colon]
        guard let first = scheme.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) else { return false }
        let rest = text.utf8[text.utf8.index(after: colon)...]
        return !rest.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            && scheme.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// RFC 6749, 3.3: words of printable characters but quotes and backslashes, between single spaces.
    private static func scopes(_ text: String) throws(ExchangeError) -> [CedarString] {
        var scopes: [CedarString] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            guard !word.isEmpty, word.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) else {
                throw ExchangeError(.invalidScope, "`scope` is not well formed")
            }
            let scope = CedarString(word)
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }

    /// The one destination that all targets mean: a token for several could be shown by one to the other.
    func destination(in table: DestinationTable) throws(ExchangeError) -> Destination {
        guard !targets.isEmpty else { throw ExchangeError(.invalidTarget, "say for whom, by `audience` or `resource`", reason: "target-absent") }
        var found: Destination?
        for target in targets {
            guard let destination = table.destination(audience: target) else {
                throw ExchangeError(.invalidTarget, "the target is not known", reason: "target-unknown")
            }
            if let found, found != destination {
                throw ExchangeError(.invalidTarget, "a token is for one target only", reason: "target-several")
            }
            found = destination
        }
        guard let found else { throw ExchangeError(.invalidTarget, "the target is not known", reason: "target-unknown") }
        return found
    }

    /// What was asked for, as far as the subject has it and the destination takes it.
    ///
    /// - Returns: `nil` when nobody spoke of scopes.
    func scopes(of subject: VerifiedToken, for destination: Destination) throws(ExchangeError) -> [CedarString]? {
        let possible = subject.scopes?.filter { destination.scopes?.contains($0) ?? true }
        guard let requestedScopes else { return possible }
        let granted = requestedScopes.filter { possible?.contains($0) ?? false }
        guard !granted.isEmpty else { throw ExchangeError(.invalidScope, "none of the scopes can be granted") }
        return granted
    }

    /// RFC 8693, 2.2.1.
    func response(_ issued: TokenIssuer.Issued, scopes: [CedarString]?, lifetime: Int64) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("access_token", JSONValue(.string(CedarString(issued.token)))),
            .init("issued_token_type", JSONValue(.string(CedarString(issuedType)))),
            .init("token_type", "Bearer"),
            .init("expires_in", JSONValue(.integer(lifetime))),
        ]
        // Required where it differs from what was asked for.
        if let scopes, scopes != requestedScopes {
            members.append(.init("scope", JSONValue(.string(CedarString(scopes.map(\.string).joined(separator: " "))))))
        }
        return JSONValue(.object(members))
    }
}
