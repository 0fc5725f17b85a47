import Foundation
import Testing

/// An editor's side of a conversation with `cedarc language-server`, over pipes.
private final class Editor {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var received = Data()
    private var lastID = 0

    init(_ workspace: Workspace, _ arguments: [String] = []) throws {
        process.executableURL = Workspace.binary
        process.arguments = ["language-server"] + arguments
        process.currentDirectoryURL = workspace.folder
        process.environment = Workspace.environment
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    func send(raw text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    func send(_ message: [String: Any]) throws {
        let body = try JSONSerialization.data(withJSONObject: message.merging(["jsonrpc": "2.0"]) { $1 })
        try input.fileHandleForWriting.write(contentsOf: Data("Content-Length: \(body.count)\r\n\r\n".utf8) + body)
    }

    func notify(_ method: String, _ parameters: [String: Any] = [:]) throws { try send(["method": method, "params": parameters]) }

    /// Sends a request and waits for its response.
    func request(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        lastID += 1
        try send(["id": lastID, "method": method, "params": parameters])
        while let message = try next() {
            if message["id"] as? Int == lastID { return message }
        }
        throw Silence()
    }

    /// Waits for what is wrong with a document: codes, or messages where there is no code.
    func diagnostics(of uri: String) throws -> [String] {
        while let message = try next() {
            guard let parameters = message["params"] as? [String: Any], parameters["uri"] as? String == uri,
                let diagnostics = parameters["diagnostics"] as? [[String: Any]]
            else { continue }
            return diagnostics.map { ($0["code"] ?? $0["message"]) as? String ?? "" }
        }
        throw Silence()
    }

    /// The next message; `nil` when the program has closed its output.
    func next() throws -> [String: Any]? {
        let separator = Data("\r\n\r\n".utf8)
        while true {
            if let end = received.range(of: separator) {
                let header = String(decoding: received[..<end.lowerBound], as: UTF8.self)
                let length = try #require(Int(header.dropFirst("Content-Length: ".count)))
                if received.endIndex - end.upperBound >= length {
                    let body = received[end.upperBound..<end.upperBound + length]
                    received = Data(received[(end.upperBound + length)...])
                    return try JSONSerialization.jsonObject(with: body) as? [String: Any]
                }
            }
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { return nil }
            received += data
        }
    }

    /// Closes the program's input and waits for its end.
    func end() throws -> Int32 {
        try input.fileHandleForWriting.close()
        while try next() != nil {}
        process.waitUntilExit()
        #expect(process.terminationReason == .exit, "the program was ended by a signal")
        return process.terminationStatus
    }

    struct Silence: Error {}
}

@Suite("cedarc language-server", .timeLimit(.minutes(10)))
struct LanguageServerTests {
    private static let schema = """
        entity User { manager: User, name: String };
        entity Photo;
        action view appliesTo { principal: User, resource: Photo };
        """

    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("app.cedarschema", schema)
        return workspace
    }

    @Test("a session: initialize, open, change, ask, shutdown, exit")
    func session() throws {
        let workspace = try LanguageServerTests.workspace()
        let editor = try Editor(workspace)
        let folder = workspace.folder.resolvingSymlinksInPath().absoluteString
        let uri = (folder.hasSuffix("/") ? folder : folder + "/") + "p.cedar"
        let answer = try editor.request(
            "initialize",
            ["processId": NSNull(), "rootUri": folder, "capabilities": ["general": ["positionEncodings": ["utf-8", "utf-16"]]]])
        let capabilities = (answer["result"] as? [String: Any])?["capabilities"] as? [String: Any]
        #expect(capabilities?["positionEncoding"] as? String == "utf-8")
        try editor.notify("initialized")

        let text = "permit(principal, action, resource)\nwhen { principal.manager.nam == \"\" };\n"
        try editor.notify("textDocument/didOpen", ["textDocument": ["uri": uri, "languageId": "cedar", "version": 1, "text": text]])
        #expect(try editor.diagnostics(of: uri) == ["unknown-attribute"])

        let document = ["uri": uri]
        let hover = try editor.request("textDocument/hover", ["textDocument": document, "position": ["line": 1, "character": 20]])
        let contents = (hover["result"] as? [String: Any])?["contents"] as? [String: Any]
        #expect(contents?["value"] as? String == "principal.manager: User")

        // The author types: the text does not parse, and the members are offered.
        try editor.notify(
            "textDocument/didChange",
            [
                "textDocument": ["uri": uri, "version": 2],
                "contentChanges": [["range": ["start": ["line": 1, "character": 25], "end": ["line": 1, "character": 36]], "text": ""]],
            ])
        let completion = try editor.request(
            "textDocument/completion", ["textDocument": document, "position": ["line": 1, "character": 25]])
        let items = (completion["result"] as? [String: Any])?["items"] as? [[String: Any]]
        #expect(items?.map { $0["label"] as? String ?? "" } == ["manager", "name"])

        let definition = try editor.request("textDocument/definition", ["textDocument": document, "position": ["line": 1, "character": 20]])
        #expect(definition["result"] is [Any])
        #expect(try editor.request("shutdown")["result"] is NSNull)
        try editor.notify("exit")
        #expect(try editor.end() == 0)
    }

    @Test("the schema of the command line is taken wherever the policies are")
    func schemaOption() async throws {
        let workspace = try LanguageServerTests.workspace()
        try workspace.write("other.cedarschema", "entity Other;")
        let editor = try Editor(workspace, ["--schema", "other.cedarschema", "--stdio"])
        _ = try editor.request("initialize", ["capabilities": [String: Any]()])
        try editor.notify(
            "textDocument/didOpen",
            ["textDocument": ["uri": "untitled:1", "languageId": "cedar", "version": 1, "text": "permit(principal is User, action, resource);"]])
        #expect(try Set(editor.diagnostics(of: "untitled:1")) == ["unknown-entity-type", "inapplicable-action"])
        #expect(try editor.end() == 1)
        #expect(try await workspace.cedarc("language-server", "--schema", "none.cedarschema").status == 1)
    }

    @Test("bad bodies are answered with errors and the conversation goes on; a bad header ends it")
    func malformed() throws {
        let editor = try Editor(LanguageServerTests.workspace())
        try editor.send(raw: "Content-Length: 3\r\n\r\n{]}")
        #expect(try (editor.next()?["error"] as? [String: Any])?["code"] as? Int == -32700)
        try editor.send(raw: "Content-Length: 2\r\n\r\n[]")
        #expect(try (editor.next()?["error"] as? [String: Any])?["code"] as? Int == -32600)
        #expect(try (editor.request("textDocument/hover")["error"] as? [String: Any])?["code"] as? Int == -32002)
        try editor.send(raw: "Content-Size: 2\r\n\r\n[]")
        #expect(try (editor.next()?["error"] as? [String: Any])?["code"] as? Int == -32700)
        #expect(try editor.end() == 1)
    }

    @Test("without `shutdown`, `exit` and the end of the input end with 1, after it with 0", arguments: [(false, false), (false, true), (true, false), (true, true)])
    func ends(isShutDown: Bool, exits: Bool) throws {
        let editor = try Editor(LanguageServerTests.workspace())
        _ = try editor.request("initialize", ["capabilities": [String: Any]()])
        if isShutDown { _ = try editor.request("shutdown") }
        if exits { try editor.notify("exit") }
        #expect(try editor.end() == (isShutDown ? 0 : 1))
    }
}
