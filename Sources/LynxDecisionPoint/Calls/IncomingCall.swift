import LynxCedar
import LynxIdentity

/// A call that a gateway asks about, whatever it asked by.
public struct IncomingCall: Sendable {
    public var entrance: String
    public var method: String
    public var host: String
    /// With its query.
    public var path: String
    public var headers: HeaderList
    /// Whether these are all that the call has, as far as decisions depend on them. Otherwise it may be a WebSocket, say, or encoded, and nobody tells.
    public var hasAllHeaders = true
    public var body: Body
    /// The identity of the caller's certificate. Only from a gateway that was authenticated itself, or from the caller's own channel.
    public var certificateID: String?
    /// The thumbprint of the same certificate (``PeerCertificate/thumbprint``), which tokens may be bound to.
    public var certificateThumbprint: CedarString?
    /// Why the certificate is not taken that the caller's own channel was opened with.
    public var certificateFault: TokenRefusal?
    /// The caller's address, as the gateway sees it.
    public var source: String?
    public var sni: String?
    /// The destination's name, where the gateway's own configuration says it.
    public var destination: String?
    /// Whether the credential of the destination is wanted.
    public var takesCredential = true
    /// What the server has listed, where that is asked about.
    var listing: Listing?
    /// Why the question itself, or a header in it, cannot be read.
    var fault: UnclassifiedCall?

    public enum Body: Sendable {
        /// The gateway has not sent it, or there is none.
        case absent
        case whole([UInt8])
        /// Only a part of it.
        case truncated
        /// The gateway has sent something that cannot be taken.
        case unreadable(UnclassifiedCall)
        /// A message of MCP that the gateway has read: its method, and its parameters as JSON. Tools have the names that the server gives them.
        case message(method: String, parameters: [UInt8]?)
    }

    /// Names of things that a server has listed, of which the caller gets to know those that it may use.
    struct Listing: Sendable {
        let kind: MCPListing.Kind
        /// As the server itself calls them; `nil` for what is not that server's.
        let names: [String?]
    }

    public init(entrance: String, method: String, host: String, path: String, headers: HeaderList, body: Body) {
        self.entrance = entrance
        self.method = method
        self.host = host
        self.path = path
        self.headers = headers
        self.body = body
    }

    /// A call of which nothing is known, because the question cannot be read.
    static func unreadable(_ fault: UnclassifiedCall, entrance: String) -> IncomingCall {
        var call = IncomingCall(entrance: entrance, method: "", host: "", path: "", headers: HeaderList(), body: .absent)
        call.fault = fault
        return call
    }

    /// Whether the gateway has read the message, and found out which server it goes to.
    var isMessage: Bool { if case .message = body { true } else { false } }

    /// The path without its query.
    var plainPath: String { String(path[..<queryMark]) }

    var query: Substring { Substring(path.utf8[queryMark...].dropFirst()) }

    private var queryMark: String.Index { path.utf8.firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex }
}
