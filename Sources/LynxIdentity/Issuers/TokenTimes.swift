import LynxCedar

/// When a token may be used.
struct TokenTimes {
    let expires: Int64
    let issued: Int64?

    /// - Throws: when that is not now, with ``TokenValidator/skew`` seconds to either side; always without `exp`.
    init(_ claims: Claims, of issuer: Issuer, now: Int64) throws(TokenRefusal) {
        guard let expires = try claims.date("exp") else { throw TokenRefusal(.expiryMissing) }
        // RFC 7519, 4.1.4: not on or after it.
        guard now < expires + TokenValidator.skew else { throw TokenRefusal(.expired) }
        if let start = try claims.date("nbf"), now + TokenValidator.skew < start { throw TokenRefusal(.notYetValid) }
        issued = try claims.date("iat")
        if let issued {
            guard issued <= now + TokenValidator.skew else { throw TokenRefusal(.issuedInFuture) }
            guard issued <= expires else { throw TokenRefusal(.claim, "`iat` is later than `exp`") }
        }
        if let longest = issuer.maximumLifetime {
            guard let issued, expires - issued <= longest else { throw TokenRefusal(.lifetime) }
        }
        self.expires = expires
    }
}
