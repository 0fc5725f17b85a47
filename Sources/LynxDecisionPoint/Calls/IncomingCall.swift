/// A call that a gateway asks about, whatever it asked by.
public struct IncomingCall: Sendable {
    public var entrance: String
    public var method: String
    public var host: String
    /// With its query.
    public var path: String
    public var headers: HeaderList
    public var body: Body
    /// The identity of the caller's certificate. Only from a gateway that was authenticated itself.
    public var certificateID: String?
    /// The caller's address, as the gateway sees it.
    public var source: String?
    public var sni: String?
    /// The destination's name, where the gateway's own configuration says it.
    public var destination: String?

    public enum Body: Sendable {
        /// The gateway has not sent it, or there is none.
        case absent
        case whole([UInt8])
        /// Only a part of it.
        case truncated
    }

    public init(entrance: String, method: String, host: String, path: String, headers: HeaderList, body: Body) {
        self.entrance = entrance
        self.method = method
        self.host = host
        self.path = path
        self.headers = headers
        self.body = body
    }

    /// The path without its query.
    var plainPath: String { String(path.prefix { $0 != "?" }) }
}
