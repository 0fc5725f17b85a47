import LynxCedar

/// A server for editors (Language Server Protocol 3.17) that knows Cedar's policies and schemas.
///
/// It takes the bodies of messages and gives messages; how they travel, and where files come from, is up to whoever runs it. No
/// message can make it fail: what cannot be understood is answered with an error.
public struct LanguageServer {
    var workspace: Workspace
    var client = ClientCapabilities()
    private var phase = Phase.created
    /// Documents of which the client must be told anew what is wrong with them.
    var unchecked: Set<DocumentURI> = []
    /// Documents of which the client has been told that something is wrong.
    var faulty: Set<DocumentURI> = []

    /// Whether the client has been told that the configured schema cannot be read, or that need not be told.
    var hasLookedForSchema = false

    private enum Phase {
        case created, running, shutDown
        case ended(status: Int32)
    }

    /// - Parameter schema: the absolute path of the schema that all policies go with, unless the client names another.
    public init(files: any WorkspaceFiles, schema: String? = nil) {
        workspace = Workspace(files: files)
        workspace.configuredSchema = schema.map { DocumentURI(path: $0) }
    }

    /// The status to end with, once the client has said that it wants that: 0 when it had announced it by `shutdown`.
    public var exitStatus: Int32? { if case .ended(let status) = phase { status } else { nil } }

    /// The status to end with when the client goes away without a word.
    public var statusAtEndOfInput: Int32 {
        switch phase {
        case .created, .running: 1
        case .shutDown: 0
        case .ended(let status): status
        }
    }

    var isRunning: Bool { if case .running = phase { true } else { false } }

    // MARK: Messages

    /// Takes the body of a message.
    ///
    /// - Returns: what to send to the client at once. There may be more to say: see ``settle()``.
    public mutating func receive(_ body: [UInt8]) -> [JSONValue] {
        let message: Message
        do throws(Message.Fault) {
            message = try Message(body)
        } catch {
            return [error.response]
        }
        switch message {
        case .response:
            return []
        case .notification(let method, let parameters):
            notice(method, parameters)
            return []
        case .request(let id, let method, let parameters):
            do throws(ResponseError) {
                return [["jsonrpc": "2.0", "id": id, "result": try answer(method, parameters)]]
            } catch {
                return [error.response(to: id)]
            }
        }
    }

    private mutating func notice(_ method: String, _ parameters: JSONValue?) {
        if method == "exit" {
            phase = .ended(status: statusAtEndOfInput)
            return
        }
        guard case .running = phase else { return }
        switch method {
        case "textDocument/didOpen": didOpen(parameters)
        case "textDocument/didChange": didChange(parameters)
        case "textDocument/didClose": didClose(parameters)
        case "textDocument/didSave", "workspace/didChangeWatchedFiles": checkAll()
        case "workspace/didChangeWorkspaceFolders": didChangeFolders(parameters)
        // Among them `$/cancelRequest`: requests are answered before the next message is read.
        default: break
        }
    }

    private mutating func answer(_ method: String, _ parameters: JSONValue?) throws(ResponseError) -> JSONValue {
        switch phase {
        case .created:
            guard method == "initialize" else { throw ResponseError(.serverNotInitialized, "the first request must be `initialize`") }
            phase = .running
            return initialize(parameters)
        case .running:
            break
        case .shutDown, .ended:
            throw ResponseError(.invalidRequest, "the server has been shut down")
        }
        switch method {
        case "initialize": throw ResponseError(.invalidRequest, "the server has been initialized already")
        case "shutdown":
            phase = .shutDown
            return nil
        case "textDocument/hover": return try hover(place(parameters))
        case "textDocument/completion": return try completion(place(parameters))
        case "textDocument/definition": return try definition(place(parameters))
        case "textDocument/references": return try references(place(parameters), parameters)
        case "textDocument/prepareRename": return try prepareRename(place(parameters))
        case "textDocument/rename": return try rename(place(parameters), parameters)
        case "textDocument/formatting": return try formatting(document(parameters), parameters)
        case "textDocument/documentSymbol": return try documentSymbols(document(parameters))
        default: throw ResponseError(.methodNotFound, "there is no method `\(method)`")
        }
    }

    // MARK: Parameters

    /// A place in a document that a request is about.
    struct Place {
        let document: Document
        /// In bytes.
        let offset: Int
    }

    private func document(_ parameters: JSONValue?) throws(ResponseError) -> Document {
        guard let uri = parameters?["textDocument"]?["uri"]?.string else {
            throw ResponseError(.invalidParams, "the request names no document")
        }
        guard let document = workspace.document(DocumentURI(uri)) else {
            throw ResponseError(.invalidParams, "the document is neither open nor a file of policies or of a schema")
        }
        return document
    }

    private func place(_ parameters: JSONValue?) throws(ResponseError) -> Place {
        let document = try document(parameters)
        guard let position = TextPosition(parameters?["position"]) else {
            throw ResponseError(.invalidParams, "the request gives no position")
        }
        return Place(document: document, offset: document.lines.offset(of: position))
    }
}
