import LynxAudit
import LynxCedar
import LynxPolicy

/// What a call is, in the words of the schema.
struct ClassifiedCall: Sendable {
    var action: Action
    var resource: EntityUID
    var parent: EntityUID?
    var target: CedarString?
    /// The arguments of a tool.
    var input: JSONValue?
    /// What records say it is for.
    var recorded: AuditRecord.Target?

    enum Action: Sendable {
        /// Of the schema, by its id.
        case named(CedarString)
        /// A tool's own, or the general one.
        case tool(CedarString)
    }
}

/// Why a call could not be classified; it is then denied.
public struct UnclassifiedCall: Error, Hashable, Sendable {
    let reason: String

    static let question = UnclassifiedCall(reason: "question-malformed")
    static let questionSize = UnclassifiedCall(reason: "question-too-large")
    static let header = UnclassifiedCall(reason: "header-not-text")
    static let headers = UnclassifiedCall(reason: "headers-unseen")
    static let upgrade = UnclassifiedCall(reason: "connection-taken-over")
    static let bodyAbsent = UnclassifiedCall(reason: "body-absent")
    static let bodyTruncated = UnclassifiedCall(reason: "body-truncated")
    static let bodyEncoded = UnclassifiedCall(reason: "body-encoded")
    static let bodyMalformed = UnclassifiedCall(reason: "body-malformed")
    static let batch = UnclassifiedCall(reason: "batch")
    static let method = UnclassifiedCall(reason: "method-unknown")
    static let parameters = UnclassifiedCall(reason: "parameters-malformed")
    static let model = UnclassifiedCall(reason: "model-missing")
    static let modelName = UnclassifiedCall(reason: "model-malformed")
    static let modelPath = UnclassifiedCall(reason: "model-path-unknown")
    static let modelContradicted = UnclassifiedCall(reason: "model-contradicted")
    static let modelUnseen = UnclassifiedCall(reason: "model-unseen")
    static let name = UnclassifiedCall(reason: "name-too-long")
    static let tool = UnclassifiedCall(reason: "tool-of-another-server")
    static let prompt = UnclassifiedCall(reason: "prompt-of-another-server")
    static let resource = UnclassifiedCall(reason: "resource-of-another-server")
    static let list = UnclassifiedCall(reason: "list-too-long")
    static let kind = UnclassifiedCall(reason: "destination-not-mcp")
}

/// What is in the body of a call, and how a refusal must look that its sender understands.
struct CallBody: Sendable {
    /// `nil` when there is none that could be read.
    var json: JSONValue?
    /// Of a JSON-RPC request, which the error must repeat.
    var rpcID: JSONValue?
    var fault: UnclassifiedCall?

    /// The largest body that is read, in bytes.
    static let maximumSize = 1 << 20
    private static let maximumNesting = 64

    init(_ call: IncomingCall) {
        let encodings = call.headers.all("content-encoding")
        switch call.body {
        case .absent:
            fault = .bodyAbsent
        case .truncated:
            fault = .bodyTruncated
        case .whole(let bytes) where bytes.isEmpty:
            fault = .bodyAbsent
        // Envoy says so of what it has cut off.
        case .whole where call.headers.all("x-envoy-auth-partial-body").contains { $0.lowercased() == "true" }:
            fault = .bodyTruncated
        case .whole where !encodings.allSatisfy { $0.lowercased() == "identity" } || !ContentType.isJSON(call.headers):
            fault = .bodyEncoded
        case .whole(let bytes) where bytes.count > CallBody.maximumSize:
            fault = .bodyTruncated
        case .whole(let bytes):
            json = CallBody.parse(bytes)
            if json == nil { fault = .bodyMalformed }
        case .unreadable(let why):
            fault = why
        case .message(_, let parameters?) where parameters.count > CallBody.maximumSize:
            fault = .bodyTruncated
        case .message(let method, let parameters):
            var members: [JSONValue.Member] = [.init("jsonrpc", "2.0"), .init("method", JSONValue(.string(CedarString(method))))]
            if let parameters {
                guard let value = CallBody.parse(parameters) else {
                    fault = .bodyMalformed
                    break
                }
                members.append(.init("params", value))
            }
            json = JSONValue(.object(members))
        }
        if case .object(let members)? = json?.kind { rpcID = members.first { $0.name == "id" }?.value }
    }

    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        try? JSONValue(parsing: SourceText(utf8: bytes), maximumNesting: maximumNesting)
    }

    func read() throws(UnclassifiedCall) -> JSONValue {
        guard let json else { throw fault ?? .bodyAbsent }
        return json
    }
}
