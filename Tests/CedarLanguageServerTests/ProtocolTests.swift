import LynxCedar
import Testing

@testable import CedarLanguageServer

@Suite("The protocol")
struct ProtocolTests {
    // MARK: Framing

    static func events(_ bytes: [UInt8], pieces: Int, maximumSize: Int = 1 << 20) -> [String] {
        var reader = MessageReader(maximumSize: maximumSize)
        var events: [String] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            reader.append(bytes[start..<min(bytes.count, start + pieces)])
            while let event = reader.next() {
                switch event {
                case .body(let body): events.append(String(decoding: body, as: UTF8.self))
                case .fault(let response): events.append("fault \(response["error"]?["code"]?.integer ?? 0)")
                case .lost(let response): events.append("lost \(response["error"]?["code"]?.integer ?? 0)")
                }
            }
        }
        return events
    }

    @Test(
        "messages are told from one another by their headers, however the bytes arrive",
        arguments: [
            ("Content-Length: 2\r\n\r\n{}Content-Length: 4\r\n\r\n[12]", ["{}", "[12]"]),
            ("content-length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}", ["{}"]),
            ("Content-Type: x\r\nContent-Length: 0\r\n\r\n", [""]),
            ("Content-Length: 2\n\n{}", ["{}"]),
            ("Content-Length: 11\r\n\r\n12345678901Content-Length: 2\r\n\r\n{}", ["fault -32600", "{}"]),
            ("Content-Length: 2\r\n\r\n{", []),
            ("\r\n\r\n{}", ["lost -32700"]),
            ("Content-Length: x\r\n\r\n{}", ["lost -32700"]),
            ("Content-Length: -1\r\n\r\n{}", ["lost -32700"]),
            ("Content-Length: 99999999999999999999\r\n\r\n{}", ["lost -32700"]),
            ("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", ["lost -32700"]),
            ("nonsense\r\n\r\nContent-Length: 2\r\n\r\n{}", ["lost -32700"]),
        ])
    func framing(text: String, expected: [String]) {
        for pieces in [1, 2, 7, 1_000] {
            #expect(ProtocolTests.events(Array(text.utf8), pieces: pieces, maximumSize: 10).map { $0 } == expected, "in pieces of \(pieces)")
        }
    }

    @Test("a header without end is not waited for")
    func endlessHeader() {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        #expect(ProtocolTests.events(bytes, pieces: 1_000) == ["lost -32700"])
    }

    // MARK: Messages

    @Test(
        "what is no request is answered with the error that JSON-RPC has for it",
        arguments: [
            ("{", -32700), ("", -32700), ("\u{FEFF}{}", -32700), ("[]", -32600), ("1", -32600), ("{}", -32600),
            (#"{"jsonrpc":"1.0","id":1,"method":"x"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":2}"#, -32600),
            (#"{"jsonrpc":"2.0","id":[],"method":"x"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, -32601),
            (#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover"}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":[1]}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///none"}}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, -32600),
        ])
    func errors(body: String, code: Int64) {
        var session = Session()
        let responses = session.server.receive(Array(body.utf8))
        #expect(responses.count == 1)
        #expect(responses.first?["error"]?["code"]?.integer == code)
        #expect(responses.first?["jsonrpc"]?.string == "2.0")
        #expect(responses.first?["id"] != nil)
    }

    @Test("requests wait for `initialize`, and end with `shutdown`; `exit` tells whether it came after that")
    func lifecycle() {
        var server = LanguageServer(files: FilesInMemory())
        func error(_ server: inout LanguageServer, _ method: String) -> Int64? {
            server.receive(Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\(method)\",\"params\":{}}".utf8)).first?["error"]?["code"]?.integer
        }
        #expect(error(&server, "textDocument/hover") == -32002)
        #expect(error(&server, "shutdown") == -32002)
        #expect(error(&server, "initialize") == nil)
        var impatient = server
        #expect(error(&server, "shutdown") == nil)
        #expect(error(&server, "textDocument/hover") == -32600)
        #expect(server.exitStatus == nil && server.statusAtEndOfInput == 0 && impatient.statusAtEndOfInput == 1)
        let exit = Array(#"{"jsonrpc":"2.0","method":"exit"}"#.utf8)
        #expect(server.receive(exit).isEmpty && impatient.receive(exit).isEmpty)
        #expect(server.exitStatus == 0)
        #expect(impatient.exitStatus == 1)
    }

    @Test("positions are in bytes for clients that offer that, else in code units of UTF-16")
    func encoding() {
        func negotiated(_ encodings: JSONValue) -> String? {
            var server = LanguageServer(files: FilesInMemory())
            let request: JSONValue = [
                "jsonrpc": "2.0", "id": 1, "method": "initialize",
                "params": ["capabilities": ["general": ["positionEncodings": encodings]]],
            ]
            return server.receive(Array(request.description.utf8)).first?["result"]?["capabilities"]?["positionEncoding"]?.string
        }
        #expect(negotiated(["utf-16", "utf-8"]) == "utf-8")
        #expect(negotiated(["utf-16", "utf-32"]) == "utf-16")
        #expect(negotiated(nil) == "utf-16")
    }

    @Test("edits change what lies between their positions")
    func edits() {
        var session = Session()
        session.open("/w/p.cedar", "// 🐱x\r\npermit(principal, action, resource);")
        session.notify(
            "textDocument/didChange",
            [
                "textDocument": ["uri": "file:///w/p.cedar", "version": 2],
                "contentChanges": [
                    ["range": ["start": ["line": 0, "character": 5], "end": ["line": 0, "character": 6]], "text": "y"],
                    ["range": ["start": ["line": 1, "character": 0], "end": ["line": 1, "character": 6]], "text": "forbid"],
                    ["range": ["start": ["line": 9, "character": 0], "end": ["line": 0, "character": 0]], "text": "\n"],
                ],
            ])
        #expect(
            session.server.workspace.open[DocumentURI("file:///w/p.cedar")]?.source.text
                == "// 🐱y\r\nforbid(principal, action, resource);\n")
    }

    @Test("paths come back from their URIs", arguments: ["/a/b.cedar", "/a b/ü%25/🐱.cedar", "/"])
    func uris(path: String) {
        #expect(DocumentURI(DocumentURI(path: path).string).path == path)
        #expect(DocumentURI("file://localhost/a%20b").path == "/a b")
        #expect(DocumentURI("file:///a%2").path == nil && DocumentURI("file:///a%00").path == nil && DocumentURI("untitled:1").path == nil)
        #expect(DocumentURI("file:///a%3Ab") == DocumentURI("file:///a:b"))
    }
}
