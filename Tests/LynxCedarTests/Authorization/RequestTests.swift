import Testing

@testable import LynxCedar

@Suite("Requests")
struct RequestTests {
    let request = Request(
        principal: "User::\"alice\"", action: "Action::\"view\"", resource: "Photo::\"a b\"", context: ["n": 1])

    @Test("Uids may be objects, escapes or Cedar text")
    func forms() throws {
        let text = #"""
            {"principal": "User::\"alice\"", "action": {"type": "Action", "id": "view"},
             "resource": {"__entity": {"type": "Photo", "id": "a b"}}, "context": {"n": 1}}
            """#
        #expect(try Request(json: text) == request)
        #expect(try Request(json: request.json.description) == request)
    }

    @Test("The context may be missing")
    func withoutContext() throws {
        let text = #"{"principal":"A::\"a\"","action":"Action::\"b\"","resource":"C::\"c\""}"#
        #expect(try Request(json: text).context.isEmpty)
    }

    @Test("All faults are reported in the order of their places")
    func faults() {
        let text = #"{"principal":"User","action":1,"contxt":{},"context":[null]}"#
        do throws(ParseError) {
            _ = try Request(json: text)
            Issue.record("not refused")
        } catch {
            #expect(error.diagnostics.map { $0.span?.lowerBound } == [0, 13, 29, 31, 54])
            #expect(error.diagnostics.first?.message == "the request has no `resource`")
        }
    }

    @Test("A misspelled key is not passed over")
    func misspelled() {
        let text = #"{"principal":"A::\"a\"","action":"Action::\"b\"","resource":"C::\"c\"","contxt":{}}"#
        do throws(ParseError) {
            _ = try Request(json: text)
            Issue.record("not refused")
        } catch {
            #expect(error.diagnostics.map(\.help) == ["did you mean `context`?"])
        }
    }

    @Test("A context is a record", arguments: ["1", "[]", #"{"__extn":{"fn":"ip","arg":"::1"}}"#])
    func context(text: String) {
        #expect(throws: ParseError.self) {
            try Request(json: #"{"principal":"A::\"a\"","action":"Action::\"b\"","resource":"C::\"c\"","context":\#(text)}"#)
        }
    }
}
