/// How a proxy tells over HTTP which call it asks about.
public enum HTTPGateway: String, CaseIterable, Sendable {
    /// nginx's `auth_request`: the call is in `X-Original-Method`, `X-Original-URI` and `X-Original-Host`, which the proxy's configuration sets.
    case nginx
    /// Caddy's `forward_auth`: the call is in `X-Forwarded-Method`, `X-Forwarded-Uri` and `X-Forwarded-Host`, which Caddy sets.
    case caddy
    /// Envoy and agentgateway: the question has the method, path and headers of the call, and its body where the proxy is told to send it.
    case original

    /// Whether the proxy sends the headers of a call with the question unless it is told not to. Envoy sends those that its configuration names.
    public var sendsHeaders: Bool { self != .original }

    /// Where the call is; `nil` where the question itself is like it.
    var headers: (method: String, path: String, host: String, source: String)? {
        switch self {
        case .nginx: ("x-original-method", "x-original-uri", "x-original-host", "x-real-ip")
        case .caddy: ("x-forwarded-method", "x-forwarded-uri", "x-forwarded-host", "x-forwarded-for")
        case .original: nil
        }
    }
}
