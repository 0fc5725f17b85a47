import LynxCedar

/// Why a request has no result (JSON-RPC 2.0, 5.1; Language Server Protocol 3.17, `ErrorCodes`).
struct ResponseError: Error {
    enum Code: Int {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case serverNotInitialized = -32002
        /// The request was in order, but what it asks for cannot be done.
        case requestFailed = -32803
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// - Parameter id: that of the request; null where it is not known.
    func response(to id: JSONValue) -> JSONValue {
        [
            "jsonrpc": "2.0", "id": id,
            "error": ["code": JSONValue(code.rawValue), "message": JSONValue(message)],
        ]
    }
}
