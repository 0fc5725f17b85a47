import LynxCedar

/// What a Kubernetes ServiceAccount token says of its bearer.
public struct ServiceAccount: Hashable, Sendable {
    public let namespace: CedarString
    public let name: CedarString
    public let pod: CedarString?

    /// - Throws: when the subject is not `system:serviceaccount:NAMESPACE:NAME`, or the bound claims under `kubernetes.io` name somebody else.
    ///   Tokens without bound claims are those of secrets, which never end: they are not taken.
    public init(_ claims: Claims, subject: CedarString) throws(TokenRefusal) {
        let parts = subject.string.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", !parts[2].isEmpty, !parts[3].isEmpty else {
            throw TokenRefusal(.subject)
        }
        namespace = CedarString(parts[2])
        name = CedarString(parts[3])
        guard let bound = try claims.object("kubernetes.io") else { throw TokenRefusal(.claim, "`kubernetes.io` is missing") }
        guard try bound.string("namespace") == namespace, try bound.object("serviceaccount")?.string("name") == name else {
            throw TokenRefusal(.claim, "`kubernetes.io` names another account than `sub`")
        }
        pod = try bound.object("pod")?.string("name")
    }

    static func check(_ claims: Claims, subject: CedarString) throws(TokenRefusal) {
        _ = try ServiceAccount(claims, subject: subject)
    }
}
