import CedarGenerators
import LynxCedar
import Testing

@testable import CedarLanguageServer

@Suite("Damaged messages and texts")
struct RobustnessTests {
    /// A session's worth of messages, to be damaged.
    private static let script: [String] = {
        let text = #"permit(principal is App::User, action, resource) when { principal.manager.home.street like \"a*🐱\" && principal. };"#
        let methods = [
            "hover", "completion", "definition", "references", "prepareRename", "rename", "formatting", "documentSymbol",
        ]
        let opening = [
            #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///w/p.cedar","version":1,"text":"\#(text)"}}}"#,
            #"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///w/p.cedar","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":3},"end":{"line":0,"character":40}},"text":"x.is::\n\""}]}}"#,
            #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///w/app.cedarschema","version":1,"text":"entity User in User { a: Set<B>, }; type B = { b?: User }; action x appliesTo {"}}}"#,
        ]
        return opening
            + methods.flatMap { method in
                ["p.cedar", "app.cedarschema"].map {
                    #"{"jsonrpc":"2.0","id":7,"method":"textDocument/\#(method)","params":{"textDocument":{"uri":"file:///w/\#($0)"},"position":{"line":0,"character":70},"newName":"Person"}}"#
                }
            }
    }()

    @Test("no bytes make the reader or the server fail", arguments: 0..<8 as Range<UInt64>)
    func damagedMessages(seed: UInt64) {
        var mutator = ByteMutator(seed: seed, fragments: ["{}", "null", "\"", "\\u0000", "\\ud800", "99999999999999999999", "-1", "[[[[", "🐱", "é", "\r\n", "file:///w/p.cedar"])
        for _ in 0..<20 {
            var session = Session()
            var wire: [UInt8] = []
            for message in RobustnessTests.script {
                let damaged = mutator.mutated(Array(message.utf8))
                for response in session.server.receive(damaged) { #expect(Session.isMessage(response)) }
                wire += Array("Content-Length: \(damaged.count)\r\n\r\n".utf8) + damaged
            }
            _ = session.server.settle()
            _ = ProtocolTests.events(mutator.mutated(wire), pieces: 100)
        }
    }

    @Test("every place of every damaged text can be asked about", arguments: 0..<4 as Range<UInt64>)
    func damagedTexts(seed: UInt64) {
        var mutator = ByteMutator(seed: seed)
        let policies = Array("@id(\"a\") permit(principal is App::User in ?principal, action in [App::Action::\"view\"], resource) when { principal.manager.tags.contains(\"🐱\") && context has home.from };".utf8)
        for _ in 0..<6 {
            let text = String(decoding: mutator.mutated(policies), as: UTF8.self)
            let schema = String(decoding: mutator.mutated(Array(Session.schema.utf8)), as: UTF8.self)
            var session = Session()
            session.open("/w/p.cedar", text)
            session.open("/w/s.cedarschema", schema)
            _ = session.server.settle()
            for (path, text) in [("/w/p.cedar", text), ("/w/s.cedarschema", schema)] {
                for character in stride(from: 0, through: min(text.utf16.count, 250), by: 5) {
                    for method in ["hover", "completion", "definition", "prepareRename", "references"] {
                        let response = session.response(
                            "textDocument/\(method)",
                            Session.place(path, line: character % 3 == 0 ? 0 : character % 9, character: character))
                        #expect(response != nil)
                    }
                }
            }
        }
    }
}
