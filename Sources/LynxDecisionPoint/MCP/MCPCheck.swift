import LynxIdentity

/// What agentgateway asks in its ExtMcp protocol, of a message (`McpRequest`) or of a result (`McpResponse`).
///
/// Source of the numbers and of what an answer does: `crates/protos/proto/ext_mcp.proto` and `crates/agentgateway/src/mcp/guardrails/` of
/// github.com/agentgateway/agentgateway, version 1.4.
struct MCPCheck: Sendable {
    /// The gateway's names of the servers. One, under which tools have the names that the server gives them; or several, which a list is gathered from.
    var services: [String] = []
    var method = ""
    /// What the gateway's configuration tells, of which texts are taken.
    var metadata: [String: String] = [:]
    /// The parameters of a message, or the result of a server, as JSON.
    var json: [UInt8]?
    /// Of the client's request; never there with a result.
    var headers: [(name: String, value: String)] = []

    init(_ bytes: [UInt8]) throws(WireReader.Fault) {
        var reader = WireReader(bytes[...])
        while let field = try reader.next() {
            switch field.number {
            case 1: services.append(try field.value.text())
            case 2: method = try field.value.text()
            case 3: try readMetadata(field.value.message())
            case 4: json = Array(try field.value.bytes())
            case 5: headers.append(try MCPCheck.header(field.value.message()))
            default: break
            }
        }
    }

    /// A google.protobuf.Struct: an entry has the name as 1, and a value as 2, in which a text is 3.
    private mutating func readMetadata(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var entry = try field.value.message()
            var (name, text): (String, String?) = ("", nil)
            while let field = try entry.next() {
                switch field.number {
                case 1: name = try field.value.text()
                case 2:
                    var value = try field.value.message()
                    while let field = try value.next() { text = field.number == 3 ? try field.value.text() : nil }
                default: break
                }
            }
            metadata[name] = text
        }
    }

    private static func header(_ reader: WireReader) throws(WireReader.Fault) -> (name: String, value: String) {
        var reader = reader
        var (name, value) = ("", "")
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.value.text()
            // Not always UTF-8. What we look at is.
            case 2: value = String(decoding: try field.value.bytes(), as: UTF8.self)
            default: break
            }
        }
        return (name, value)
    }
}

extension MCPCheck {
    static let entrance = "ext_mcp"

    /// Names in the metadata that the gateway's configuration can use.
    enum Key {
        /// The caller's `Authorization`. Results come without headers: this is how they tell on whose behalf.
        static let authorization = "authorization"
        /// The SPIFFE id of the caller's certificate; believed only of a gateway that was authenticated.
        static let certificateID = "spiffe_id"
        /// The same certificate in PEM, likewise: tokens may be bound to it.
        static let certificate = "certificate"
        /// The caller's address.
        static let source = "source"
    }

    /// The call as far as one server is concerned.
    func call(to service: String, isTrusted: Bool) -> IncomingCall {
        var fields = headers.filter { !$0.name.hasPrefix(":") }
        // Where both are there and differ, there are two credentials, which is refused.
        if let authorization = metadata[Key.authorization],
            !fields.contains(where: { $0.name.lowercased() == "authorization" && $0.value == authorization })
        {
            fields.append(("authorization", authorization))
        }
        func pseudo(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        var call = IncomingCall(
            entrance: MCPCheck.entrance, method: "POST", host: pseudo(":authority") ?? "", path: pseudo(":path") ?? "/",
            headers: HeaderList(fields), body: .message(method: method, parameters: nil))
        if isTrusted {
            call.certificateID = metadata[Key.certificateID]
            call.certificateThumbprint = metadata[Key.certificate].flatMap { PeerCertificate.thumbprint(pem: $0) }
        }
        call.source = metadata[Key.source]
        call.destination = service
        // A token for one server is of no use at the others, and no other may see it.
        call.takesCredential = services.count == 1
        return call
    }
}
