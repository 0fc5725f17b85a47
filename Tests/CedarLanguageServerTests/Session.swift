import LynxCedar

@testable import CedarLanguageServer

/// Files of a test, by their paths.
struct FilesInMemory: WorkspaceFiles {
    var texts: [String: String] = [:]

    func contents(of path: String) -> [UInt8]? { texts[path].map { Array($0.utf8) } }

    func names(in folder: String) -> [String] {
        texts.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }.filter { !$0.contains("/") }
    }

    func files(below folder: String, endingIn suffix: String) -> [String] {
        texts.keys.filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(suffix) }.sorted()
    }
}

/// A client that talks to a server without a process between them.
struct Session {
    var server: LanguageServer
    private var lastID = 0

    static let schema = """
        namespace App {
          @doc("Whoever signs in")
          entity User in [Team] { manager?: User, age: Long, tags: Set<String>, home: Address, "odd name": String };
          entity Team;
          entity Photo { owner: User, taken: datetime } tags String;
          entity Color enum ["red", "green"];
          type Address = { street: String, from: ipaddr };
          action view, "edit all" appliesTo { principal: User, resource: Photo, context: { ip: ipaddr, home: Address } };
          action join appliesTo { principal: [User, Team], resource: Team };
        }
        """

    /// A session with `files`, in a workspace whose folder is `/w`.
    init(_ files: [String: String] = ["/w/app.cedarschema": Session.schema], options: JSONValue = nil, capabilities: JSONValue = [:]) {
        server = LanguageServer(files: FilesInMemory(texts: files))
        _ = request(
            "initialize",
            [
                "capabilities": capabilities, "initializationOptions": options,
                "workspaceFolders": [["uri": "file:///w", "name": "w"]],
            ])
    }

    mutating func send(_ message: JSONValue) -> [JSONValue] { server.receive(Array(message.description.utf8)) }

    mutating func notify(_ method: String, _ parameters: JSONValue) {
        _ = send(["jsonrpc": "2.0", "method": JSONValue(method), "params": parameters])
    }

    /// The response to a request: one message, with the request's id.
    mutating func response(_ method: String, _ parameters: JSONValue) -> JSONValue? {
        lastID += 1
        let responses = send(["jsonrpc": "2.0", "id": JSONValue(lastID), "method": JSONValue(method), "params": parameters])
        return responses.count == 1 && responses[0]["id"] == JSONValue(lastID) ? responses[0] : nil
    }

    mutating func request(_ method: String, _ parameters: JSONValue) -> JSONValue? {
        response(method, parameters)?["result"]
    }

    mutating func open(_ path: String, _ text: String) {
        notify(
            "textDocument/didOpen",
            ["textDocument": ["uri": JSONValue("file://" + path), "languageId": "cedar", "version": 1, "text": JSONValue(text)]])
    }

    /// Opens a text with `▮` where the cursor is, and asks about that place.
    mutating func ask(_ method: String, _ text: String, path: String = "/w/p.cedar", _ more: [(CedarString, JSONValue?)] = []) -> JSONValue? {
        open(path, text.replacing("▮", with: ""))
        return request(method, Session.place(text, path: path, more))
    }

    static func place(_ text: String, path: String, _ more: [(CedarString, JSONValue?)] = []) -> JSONValue {
        let before = text.prefix { $0 != "▮" }
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        let members: [(CedarString, JSONValue?)] = [
            ("textDocument", ["uri": JSONValue("file://" + path)]),
            ("position", ["line": JSONValue(lines.count - 1), "character": JSONValue(lines.last?.utf16.count ?? 0)]),
        ]
        return .object(members + more)
    }

    static func place(_ path: String, line: Int, character: Int) -> JSONValue {
        [
            "textDocument": ["uri": JSONValue("file://" + path)],
            "position": ["line": JSONValue(line), "character": JSONValue(character)],
        ]
    }

    static func isMessage(_ json: JSONValue) -> Bool { json["jsonrpc"]?.string == "2.0" }

    /// What the server says is wrong, by paths: codes, or messages where there is no code.
    mutating func diagnostics() -> [String: [String]] {
        var found: [String: [String]] = [:]
        for message in server.settle() {
            guard message["method"]?.string == "textDocument/publishDiagnostics", let uri = message["params"]?["uri"]?.string else { continue }
            found[String(uri.dropFirst("file://".count))] =
                message["params"]?["diagnostics"]?.array?.compactMap { ($0["code"] ?? $0["message"])?.string }
        }
        return found
    }

    /// The labels that are offered at `▮`.
    mutating func labels(_ text: String, path: String = "/w/p.cedar") -> [String] {
        ask("textDocument/completion", text, path: path)?["items"]?.array?.compactMap { $0["label"]?.string } ?? []
    }

    /// The texts at the places of a result, by paths.
    func texts(_ locations: JSONValue?, _ files: [String: String]) -> [String] {
        (locations?.array ?? []).compactMap { location in
            guard let uri = location["uri"]?.string, let text = files[String(uri.dropFirst("file://".count))],
                let start = TextPosition(location["range"]?["start"]), let end = TextPosition(location["range"]?["end"])
            else { return nil }
            let table = LineTable(Array(text.utf8), encoding: .utf16)
            return "\(start.line):" + String(decoding: table.bytes[table.offset(of: start)..<table.offset(of: end)], as: UTF8.self)
        }
    }
}
