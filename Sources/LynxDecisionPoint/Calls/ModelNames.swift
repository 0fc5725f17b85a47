import LynxCedar
import LynxPolicy

/// The names that a call to a provider of models has for the model, wherever providers document that it stands. All of them must be of one.
///
/// A name in the path decides at the providers that have it there, whatever the body says beside it:
///
/// | provider | path |
/// |---|---|
/// | Azure OpenAI, OpenAI | `.../deployments/{model}/...`, `.../engines/{model}/...` |
/// | Bedrock | `.../model/{model}/...` |
/// | Gemini, Vertex AI | `.../models/{model}:{verb}`; `tunedModels/{id}:{verb}` and `endpoints/{id}:{verb}`, whose names keep what they are of |
/// | Vertex AI, SageMaker, Databricks | `.../endpoints/{id}/...` but for `endpoints/openapi`, `.../serving-endpoints/{model}/...` |
struct ModelNames {
    /// In path and query.
    private var outside: [String] = []
    private var inside: [String] = []

    var isEmpty: Bool { outside.isEmpty }

    /// - Parameter prefix: the path of the destination, in which the operator may call things as it likes.
    /// - Throws: where a name is no text, or stands behind `models` in a way that is not known.
    mutating func add(path: String, below prefix: String) throws(UnclassifiedCall) {
        let segments = try ModelNames.segments(path)
        let own = (path + "/").utf8.starts(with: (prefix + "/").utf8) ? prefix.utf8.count { $0 == UInt8(ascii: "/") } : 0
        for (index, (segment, name)) in zip(segments, segments.dropFirst()).enumerated() {
            let isLast = index + 2 == segments.count
            // Some servers do not tell upper from lower case in paths.
            switch segment.lowercased() {
            case "deployments", "engines", "model", "serving-endpoints":
                if !isLast { outside.append(name) }
            case "endpoints":
                if isLast {
                    if let name = ModelNames.beforeVerb(name) { outside.append("endpoints/" + name) }
                } else if name.lowercased() != "openapi" {
                    outside.append("endpoints/" + name)
                }
            case "tunedmodels":
                if isLast, let name = ModelNames.beforeVerb(name) { outside.append("tunedModels/" + name) }
            case "models":
                if isLast, let name = ModelNames.beforeVerb(name) {
                    outside.append(name)
                } else if index >= own {
                    throw .modelPath
                }
            default: break
            }
        }
    }

    /// The parameters `model` (OpenAI's realtime interface) and `deployment` (Azure's).
    mutating func add(query: Substring) throws(UnclassifiedCall) {
        // Some servers take a semicolon for an ampersand.
        guard !query.utf8.contains(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "#") }) else { throw .modelName }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = ModelNames.decoded(parts[0]) else { throw .modelName }
            guard let known = ["model", "deployment"].first(where: { FoldedName(CedarString($0)) == FoldedName(CedarString(key)) }) else { continue }
            // A plus is a space to some, and a plus to others.
            guard key == known, parts.count == 2, !parts[1].contains("+"), let name = ModelNames.decoded(parts[1]), !name.isEmpty else { throw .modelName }
            outside.append(name)
        }
    }

    /// The member `model`, and what Bedrock and others call it.
    mutating func add(body members: [JSONValue.Member]) throws(UnclassifiedCall) {
        let keys: [CedarString] = ["model", "modelId", "model_id"]
        let members = try JSONMembers(members, known: Set(keys.map(\.string)))
        for key in keys {
            guard let value = members[key] else { continue }
            guard case .string(let name) = value.kind, !name.string.isEmpty else { throw .model }
            inside.append(name.string)
        }
    }

    /// The model that all names are of.
    ///
    /// - Throws: where there is none, or they are of several.
    func only() throws(UnclassifiedCall) -> String {
        guard let name = outside.first ?? inside.first else { throw .model }
        // Gemini's bodies may have what stands in the path in full.
        let inFull = outside.isEmpty ? name : "models/" + name
        // Byte for byte: texts that are canonically equivalent name different models.
        func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
        guard outside.allSatisfy({ isSame($0, name) }), inside.allSatisfy({ isSame($0, name) || isSame($0, inFull) }) else { throw .modelContradicted }
        return name
    }

    /// Whether a path is one at which providers take a connection over: proxies may have taken off what else would tell.
    static func isRealtime(path: String) -> Bool {
        path.split(separator: "/").last?.lowercased() == "realtime"
    }

    // MARK: Reading

    private static func segments(_ path: String) throws(UnclassifiedCall) -> [String] {
        // Some servers cut off parameters, and the name would be another.
        guard !path.utf8.contains(UInt8(ascii: ";")) else { throw .modelName }
        var segments: [String] = []
        for segment in path.split(separator: "/") {
            guard let segment = decoded(segment) else { throw .modelName }
            segments.append(segment)
        }
        return segments
    }

    /// What stands before the last colon.
    private static func beforeVerb(_ text: String) -> String? {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), colon > text.startIndex, text.utf8.index(after: colon) < text.endIndex else { return nil }
        return String(text[..<colon])
    }

    /// Without escapes (RFC 3986, 2.1), which are taken off once.
    ///
    /// - Returns: `nil` where an escape is none, or the bytes are no UTF-8.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension IncomingCall {
    /// Whether it asks for another protocol on the connection (RFC 9110, 7.8), such as a WebSocket.
    ///
    /// Proxies take `Connection` and `Upgrade` off before they ask, and leave what belongs to the WebSocket (RFC 6455, 11.3).
    var isUpgrade: Bool {
        for name in ["upgrade", "sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions"]
        where !headers.all(name).isEmpty { return true }
        return headers.all("connection").contains { value in
            value.split(separator: ",").contains { $0.filter { $0 != " " && $0 != "\t" }.lowercased() == "upgrade" }
        }
    }

    /// Whether some servers take it for a call with another method: by headers that frameworks know, or by a parameter of Google's interfaces.
    var isTakenForAnotherMethod: Bool {
        for name in ["x-http-method-override", "x-http-method", "x-method-override"] where headers.all(name).contains(where: { $0 != method }) { return true }
        return query.split(separator: "&").contains { pair in
            ModelNames.decoded(pair.prefix { $0 != "=" })?.lowercased() == "$httpmethod"
        }
    }
}
