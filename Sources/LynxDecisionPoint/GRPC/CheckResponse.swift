/// What a gateway is told in Envoy's ext_authz protocol, version 3.
///
/// The status is always there: a response without one allows.
struct CheckResponse: Sendable {
    let bytes: [UInt8]

    init(_ verdict: Verdict) {
        var writer = WireWriter()
        switch verdict.outcome {
        case .allow(let passage):
            writer.add(1) { $0.add(1, Code.ok) }
            writer.add(3) { response in
                // Removing comes before setting: the caller's own credential never gets through, whether there is another or not.
                if let credential = passage.credential { CheckResponse.add(2, "authorization", "Bearer \(credential)", to: &response) }
                CheckResponse.add(2, "traceparent", passage.traceparent, to: &response)
                response.add(5, "authorization")
            }
            CheckResponse.addMetadata(decisionID: verdict.decisionID, expires: passage.expires, to: &writer)
        case .deny(let denial):
            writer.add(1) { status in
                status.add(1, denial.status == 401 ? Code.unauthenticated : denial.status == 503 ? Code.unavailable : Code.permissionDenied)
                status.add(2, "denied")
            }
            writer.add(2) { response in
                response.add(1) { $0.add(1, UInt64(denial.status)) }
                CheckResponse.add(2, "content-type", "application/json", to: &response)
                if let challenge = denial.challenge { CheckResponse.add(2, "www-authenticate", challenge, to: &response) }
                response.add(3, denial.body)
            }
            CheckResponse.addMetadata(decisionID: verdict.decisionID, expires: nil, to: &writer)
        }
        bytes = writer.bytes
    }

    /// google.rpc.Code
    private enum Code {
        static let ok: UInt64 = 0
        static let permissionDenied: UInt64 = 7
        static let unavailable: UInt64 = 14
        static let unauthenticated: UInt64 = 16
    }

    /// A HeaderValueOption that overwrites what is there.
    private static func add(_ number: UInt64, _ name: String, _ value: String, to writer: inout WireWriter) {
        writer.add(number) { option in
            option.add(1) { header in
                header.add(1, name)
                header.add(2, value)
            }
            // append_action: OVERWRITE_IF_EXISTS_OR_ADD
            option.add(3, 2)
        }
    }

    /// A google.protobuf.Struct of `decision_id` and `expires`, in seconds since 1970, up to which the answer may be kept.
    private static func addMetadata(decisionID: String, expires: Int64?, to writer: inout WireWriter) {
        writer.add(4) { fields in
            fields.add(1) { entry in
                entry.add(1, "decision_id")
                entry.add(2) { $0.add(3, decisionID) }
            }
            if let expires {
                fields.add(1) { entry in
                    entry.add(1, "expires")
                    entry.add(2) { $0.add(2, double: Double(expires)) }
                }
            }
        }
    }
}
