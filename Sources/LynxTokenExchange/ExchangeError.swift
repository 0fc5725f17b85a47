import LynxCedar
import LynxIdentity

/// Why no token is issued, in the words of the protocol (RFC 6749, 5.2; RFC 8693, 2.2.2).
struct ExchangeError: Error, Sendable {
    let code: Code
    /// For the client: nothing that it does not know.
    let description: String
    /// For the audit record.
    let reason: String
    let detail: String?
    /// The client that somebody could not show to be, where there is one of that id.
    let client: CedarString?

    enum Code: String, Sendable {
        case invalidRequest = "invalid_request"
        case invalidTarget = "invalid_target"
        case invalidClient = "invalid_client"
        case invalidScope = "invalid_scope"
        case unsupportedGrantType = "unsupported_grant_type"
        case unauthorizedClient = "unauthorized_client"
        /// RFC 6749, 4.1.2.1. Where we are at fault.
        case temporarilyUnavailable = "temporarily_unavailable"
    }

    init(_ code: Code, _ description: String, reason: String? = nil, detail: String? = nil, client: CedarString? = nil) {
        self.code = code
        self.description = description
        self.reason = reason ?? code.rawValue
        self.detail = detail
        self.client = client
    }

    static func invalidRequest(_ description: String) -> ExchangeError {
        ExchangeError(.invalidRequest, description, detail: description)
    }

    /// A subject or an actor that is not taken. What is wrong with it is not for the client (RFC 8693, 2.2.2: invalid_request).
    init(_ refusal: TokenRefusal, of parameter: String) {
        switch refusal.reason {
        case .keysUnavailable, .keysStale, .reviewUnavailable:
            self.init(.temporarilyUnavailable, "try again later", reason: refusal.reason.rawValue, detail: parameter)
        default:
            self.init(
                .invalidRequest, "the \(parameter) is not acceptable", reason: refusal.reason.rawValue,
                detail: [parameter, refusal.detail].compactMap(\.self).joined(separator: ": "))
        }
    }

    var status: Int {
        switch code {
        case .invalidClient: 401
        case .temporarilyUnavailable: 503
        default: 400
        }
    }

    var json: JSONValue {
        ["error": JSONValue(.string(CedarString(code.rawValue))), "error_description": JSONValue(.string(CedarString(description)))]
    }
}
