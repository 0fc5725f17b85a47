import LynxCedar
import LynxIdentity

/// What a gateway is told.
public struct Verdict: Sendable {
    public let decisionID: String
    public let outcome: Outcome

    public enum Outcome: Sendable {
        case allow(Passage)
        case deny(Denial)
    }

    /// What to send on.
    public struct Passage: Sendable {
        /// In place of what the caller showed; `nil` to send nothing.
        public var credential: String?
        public var traceparent: String
        /// Until when the answer may be kept, in seconds since 1970.
        public var expires: Int64
        /// Which of the things that a server lists the caller may use; empty where nothing is listed.
        public var listed: [Bool] = []
    }

    /// What to answer the caller.
    public struct Denial: Sendable {
        /// 401, 403, or 503 where it is not the caller's fault.
        public var status: Int
        public var body: String
        /// What went wrong, in words for the caller, and as the error of JSON-RPC.
        public var message: String
        public var rpcError: JSONValue
        /// For 401 (RFC 6750, 3).
        public var challenge: String?
    }
}

/// Why a call is denied before any policy was asked.
struct Refusal: Error, Sendable {
    let reason: String
    let detail: String?
    let kind: Kind

    enum Kind: Sendable {
        case unauthenticated
        case forbidden
        case unavailable
    }

    init(_ reason: String, detail: String? = nil, _ kind: Kind = .forbidden) {
        self.reason = reason
        self.detail = detail
        self.kind = kind
    }

    init(_ refusal: TokenRefusal) {
        let kind: Kind =
            switch refusal.reason {
            case .keysUnavailable, .keysStale, .reviewUnavailable: .unavailable
            case .unregistered, .issuerNotHere: .forbidden
            default: .unauthenticated
            }
        self.init(refusal.reason.rawValue, detail: refusal.detail, kind)
    }

    init(_ call: UnclassifiedCall) {
        self.init(call.reason)
    }
}

extension Verdict.Denial {
    /// A denial that says no more than that it is one, with the number to ask about.
    ///
    /// - Parameters:
    ///   - messages: what policies want to be told.
    ///   - isRPC: whether the caller expects the error of JSON-RPC, to the request with `rpcID`.
    init(_ kind: Refusal.Kind, decisionID: String, messages: [CedarString], isRPC: Bool, rpcID: JSONValue?) {
        let error: String
        switch kind {
        case .unauthenticated: (status, error) = (401, "unauthenticated")
        case .forbidden: (status, error) = (403, "forbidden")
        case .unavailable: (status, error) = (503, "unavailable")
        }
        challenge = kind == .unauthenticated ? "Bearer error=\"invalid_token\"" : nil
        let id = JSONValue(.string(CedarString(decisionID)))
        message = messages.isEmpty ? error : messages.map(\.string).joined(separator: "; ")
        let text = CedarString(message)
        let code: Int64 =
            switch kind {
            case .unauthenticated: -32001
            case .forbidden: -32003
            case .unavailable: -32005
            }
        rpcError = [
            "code": JSONValue(.integer(code)), "message": JSONValue(.string(text)),
            "data": ["error": JSONValue(.string(CedarString(error))), "decision_id": id],
        ]
        let json: JSONValue =
            isRPC
            ? ["jsonrpc": "2.0", "id": rpcID ?? nil, "error": rpcError]
            : ["error": JSONValue(.string(CedarString(error))), "message": JSONValue(.string(text)), "decision_id": id]
        body = json.description
    }
}
