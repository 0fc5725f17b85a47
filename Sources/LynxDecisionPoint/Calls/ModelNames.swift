import Foundation
import LynxCedar
import LynxPolicy

/// The names that a call to a provider of models has for models, wherever providers document that they stand. All of them must be of one.
///
/// A name in the path decides at the providers that have it there, whatever the body says beside it:
///
/// | provider | path |
/// |---|---|
/// | Azure OpenAI, OpenAI | `.../deployments/{model}/...`, `.../engines/{model}/...` |
/// | Bedrock | `.../model/{model}/...` |
/// | Gemini, Vertex AI | `.../models/{model}:{verb}`; `tunedModels/{id}:{verb}` and `endpoints/{id}:{verb}`, whose names keep what they are of |
/// | Vertex AI, SageMaker | `.../endpoints/{id}/...` but for `endpoints/openapi` |
/// | Databricks | `.../serving-endpoints/{model}/invocations` |
struct ModelNames {
    /// In the path, and in the query where that is documented.
    private var outside: [String] = []
    private var inside: [String] = []
    /// Where nothing says that the model is taken from there, or where further models stand: these do not decide, but none may be another.
    private var beside: [String] = []
    /// Whether one stands where it is documented for the realtime interfaces of OpenAI and Azure: what goes over a connection that is taken over is not seen.
    private(set) var hasRealtime = false

    /// - Parameter prefix: the path of the destination, in which the operator may call things as it likes.
    /// - Throws: where a name is no text, or stands behind `models` in a way that is not known.
    mutating func add(path: String, below prefix: String) throws(UnclassifiedCall) {
        let segments = try ModelNames.segments(path)
        let own = (path + "/").utf8.starts(with: (prefix + "/").utf8) ? prefix.utf8.count { $0 == UInt8(ascii: "/") } : 0
        for (index, (segment, name)) in zip(segments, segments.dropFirst()).enumerated() {
            let isLast = index + 2 == segments.count
            // Some servers do not tell upper from lower case in paths.
            switch segment.lowercased() {
            case "deployments", "engines", "model":
                guard !isLast else { break }
                outside.append(name)
                if segment.lowercased() == "deployments", segments.count == index + 3, segments[index + 2].lowercased() == "realtime" { hasRealtime = true }
            case "serving-endpoints":
                if segments.count == index + 3, segments[index + 2].lowercased() == "invocations" {
                    outside.append(name)
                } else if index >= own, !ModelNames.databricksBodies.contains(segments[(index + 1)...].map { $0.lowercased() }) {
                    throw .modelPath
                }
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

    /// What stands behind `serving-endpoints` at Databricks where the model is in the body.
    private static let databricksBodies: Set<[String]> = [["chat", "completions"], ["completions"], ["embeddings"], ["responses"]]

    /// The parameters `model` (OpenAI's realtime interface) and `deployment` (Azure's).
    ///
    /// - Parameter decides: whether the path is one at which the model is taken from there. Elsewhere it may stand there for our eyes only.
    mutating func add(query: Substring, decides: Bool) throws(UnclassifiedCall) {
        // Some servers take a semicolon for an ampersand.
        guard !query.utf8.contains(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "#") }) else { throw .modelName }
        // By bytes: with an accent behind it, a sign is another character.
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false).map { Substring($0) }
            guard let key = ModelNames.decoded(parts[0]) else { throw .modelName }
            guard let known = ["model", "deployment"].first(where: { FoldedName(CedarString($0)) == FoldedName(CedarString(key)) }) else { continue }
            // A plus is a space to some, and a plus to others.
            guard key == known, parts.count == 2, !parts[1].contains("+"), let name = ModelNames.decoded(parts[1]), !name.isEmpty else { throw .modelName }
            if decides { (outside, hasRealtime) = (outside + [name], true) } else { beside.append(name) }
        }
    }

    // MARK: The body

    /// What Bedrock and others call it, too.
    private static let keys: [CedarString] = ["model", "modelId", "model_id"]
    /// Further models, which routers take when the first fails or costs too much.
    private static let lists: [CedarString] = ["models", "fallbacks", "fallback_models"]
    /// A session of OpenAI's realtime interface, the calls of a batch, and a file with such calls, which is not seen.
    private static let parts: [CedarString] = ["session", "requests", "input_file_id"]
    private static let known = KnownNames(keys + lists + parts)
    private static let batchCall: KnownNames = ["params"]

    /// The member `model` and its like, and every other that names models.
    ///
    /// - Parameter path: it says which part of the body the model is taken from.
    /// - Throws: also where such a member has another shape than the documented one.
    mutating func add(body members: [JSONValue.Member], path: String) throws(UnclassifiedCall) {
        let segments = try ModelNames.segments(path).map { $0.lowercased() }
        let members = try JSONMembers(members, known: ModelNames.known)
        inside += try ModelNames.names(in: members)
        beside += try ModelNames.listed(in: members)
        guard members["input_file_id"] == nil else { throw .modelUnseen }
        if let session = members["session"] {
            let names = try ModelNames.all(in: session)
            // OpenAI's `/v1/realtime/client_secrets`: whoever gets the secret may use the model.
            if segments.suffix(2) == ["realtime", "client_secrets"] { inside += names } else { beside += names }
        }
        guard let requests = members["requests"] else { return }
        guard case .array(let elements) = requests.kind else { throw .modelName }
        // Anthropic's `/v1/messages/batches`.
        let isBatch = segments.suffix(2) == ["messages", "batches"]
        for element in elements {
            guard case .object(let parts) = element.kind else { throw .modelName }
            // Gemini's batches have the model in the element itself.
            beside += try ModelNames.all(in: element)
            var names: [String] = []
            if let parameters = try JSONMembers(parts, known: ModelNames.batchCall)["params"] { names = try ModelNames.all(in: parameters) }
            if isBatch {
                guard !names.isEmpty else { throw .model }
                inside += names
            } else {
                beside += names
            }
        }
    }

    /// Every name in a part of a body.
    private static func all(in value: JSONValue) throws(UnclassifiedCall) -> [String] {
        guard case .object(let members) = value.kind else { throw .modelName }
        let known = try JSONMembers(members, known: ModelNames.known)
        return try names(in: known) + listed(in: known)
    }

    private static func names(in members: JSONMembers) throws(UnclassifiedCall) -> [String] {
        var names: [String] = []
        for key in keys {
            guard let value = members[key] else { continue }
            guard case .string(let name) = value.kind, !name.string.isEmpty else { throw .model }
            names.append(name.string)
        }
        return names
    }

    /// Of lists of names, or of objects that have one each.
    private static func listed(in members: JSONMembers) throws(UnclassifiedCall) -> [String] {
        var names: [String] = []
        for key in lists {
            guard let value = members[key] else { continue }
            guard case .array(let elements) = value.kind else { throw .modelName }
            for element in elements {
                switch element.kind {
                case .string(let name): names.append(name.string)
                case .object:
                    // How deep these may lie in each other, the reader of the body bounds.
                    let named = try all(in: element)
                    guard !named.isEmpty else { throw .modelName }
                    names += named
                default: throw .modelName
                }
            }
        }
        return names
    }

    // MARK: The model

    /// The model that all names are of.
    ///
    /// - Throws: where there is none, or they are of several.
    func only() throws(UnclassifiedCall) -> String {
        guard let name = outside.first ?? inside.first else { throw .model }
        // Gemini's bodies may have what stands in the path in full.
        let inFull = outside.isEmpty ? name : "models/" + name
        // Byte for byte: texts that are canonically equivalent name different models.
        func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
        guard outside.allSatisfy({ isSame($0, name) }), (inside + beside).allSatisfy({ isSame($0, name) || isSame($0, inFull) }) else {
            throw .modelContradicted
        }
        return name
    }

    /// Whether a path is one at which OpenAI and Azure take a connection over: proxies may have taken off what else would tell.
    static func isRealtime(path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { decoded(Substring($0)) }?.lowercased() == "realtime"
    }

    // MARK: Reading

    private static func segments(_ path: String) throws(UnclassifiedCall) -> [String] {
        // Some servers cut off parameters, and the name would be another.
        guard !path.utf8.contains(UInt8(ascii: ";")) else { throw .modelName }
        var segments: [String] = []
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let segment = decoded(Substring(segment)) else { throw .modelName }
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
    static func decoded(_ text: Substring) -> String? { text.utf8.contains(UInt8(ascii: "%")) ? text.removingPercentEncoding : String(text) }
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
        return query.utf8.split(separator: UInt8(ascii: "&")).contains { pair in
            ModelNames.decoded(Substring(pair.prefix { $0 != UInt8(ascii: "=") }))?.lowercased() == "$httpmethod"
        }
    }
}
