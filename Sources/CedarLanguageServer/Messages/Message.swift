import LynxCedar

/// What a client says: something that it wants an answer to, or something that it wants known.
enum Message {
    case request(id: JSONValue, method: String, parameters: JSONValue?)
    case notification(method: String, parameters: JSONValue?)
    /// An answer to a request of ours. We make none, so nobody waits for it.
    case response

    /// Reads the body of a message.
    ///
    /// - Throws: what is wrong with it, together with the id that the answer must have.
    init(_ body: [UInt8]) throws(Fault) {
        let json: JSONValue
        do throws(ParseError) {
            json = try JSONValue(parsing: SourceText(utf8: body, name: "<message>"))
        } catch {
            throw Fault(ResponseError(.parseError, "\(error.diagnostics.first.map(\.message) ?? "the message is not JSON")"))
        }
        guard case .object = json.kind else {
            throw Fault(ResponseError(.invalidRequest, "a message is one JSON object"))
        }
        let id = json["id"]
        switch id?.kind {
        case nil, .null, .integer, .string: break
        default: throw Fault(ResponseError(.invalidRequest, "the id of a request is a number or a string"))
        }
        guard json["jsonrpc"]?.string == "2.0" else {
            throw Fault(ResponseError(.invalidRequest, "`jsonrpc` must be \"2.0\""), id: id)
        }
        guard let method = json["method"] else {
            guard id != nil, json["result"] != nil || json["error"] != nil else {
                throw Fault(ResponseError(.invalidRequest, "the message has no `method`"), id: id)
            }
            self = .response
            return
        }
        guard let method = method.string else {
            throw Fault(ResponseError(.invalidRequest, "`method` must be a string"), id: id)
        }
        if let id, !id.isNull {
            self = .request(id: JSONValue(id.kind), method: method, parameters: json["params"])
        } else {
            self = .notification(method: method, parameters: json["params"])
        }
    }

    struct Fault: Error {
        let error: ResponseError
        let id: JSONValue

        init(_ error: ResponseError, id: JSONValue? = nil) {
            self.error = error
            self.id = id.map { JSONValue($0.kind) } ?? nil
        }

        var response: JSONValue { error.response(to: id) }
    }
}
