import LynxCedar

/// What agentgateway is told in its ExtMcp protocol.
enum MCPAnswer {
    /// A `McpRequestResult`: the message goes on, with the credential of the hop in place of the caller's.
    ///
    /// - Parameters:
    ///   - passage: of the one server; `nil` where the message goes to several, who get no credential.
    ///   - metadata: what the gateway gives back with the result.
    static func pass(_ passage: Verdict.Passage?, metadata: [(name: String, text: String)]) -> [UInt8] {
        var writer = WireWriter()
        writer.add(1) { _ in }
        writer.add(4) { mutation in
            if let passage { add("traceparent", passage.traceparent, to: &mutation) }
            // The gateway sets first and removes then: what is set must not be removed.
            if let credential = passage?.credential {
                add("authorization", "Bearer \(credential)", to: &mutation)
            } else {
                mutation.add(2, "authorization")
            }
        }
        writer.add(5) { fields in
            for (name, text) in metadata {
                fields.add(1) { entry in
                    entry.add(1, name)
                    entry.add(2) { $0.add(3, text) }
                }
            }
        }
        return writer.bytes
    }

    private static func add(_ name: String, _ value: String, to mutation: inout WireWriter) {
        mutation.add(1) { header in
            header.add(1, name)
            header.add(2, value)
        }
    }

    /// A `McpResponseResult`: the result as it is.
    static let unchanged: [UInt8] = {
        var writer = WireWriter()
        writer.add(1) { _ in }
        return writer.bytes
    }()

    /// A `McpResponseResult`: another result.
    static func changed(_ result: JSONValue) -> [UInt8] {
        var writer = WireWriter()
        writer.add(2, result.description)
        return writer.bytes
    }

    /// The same in both kinds of result.
    static func error(_ denial: Verdict.Denial) -> [UInt8] {
        var writer = WireWriter()
        writer.add(3) { error in
            // UNKNOWN stands for what is not the caller's fault.
            error.add(1, denial.status == 503 ? 0 : 1)
            error.add(2, denial.message)
            error.add(3, denial.rpcError.description)
        }
        return writer.bytes
    }
}
