import HTTPTypes
import Hummingbird
import LynxCedar
import LynxDecisionPoint

/// A tool server with a gateway before it, in one: each call is decided first, and the answer shows what the server was sent.
struct DemoServer: HTTPResponder {
    typealias Context = BasicRequestContext

    let point: DecisionPoint

    func respond(to request: Hummingbird.Request, context: BasicRequestContext) async throws -> Hummingbird.Response {
        let body = try await request.body.collect(upTo: 1 << 16)
        let bytes = Array(body.readableBytesView)
        let call = IncomingCall(
            entrance: "demo", method: request.method.rawValue, host: request.head.authority ?? "", path: request.head.path ?? "",
            headers: HeaderList(request.headers.lazy.map { ($0.name.canonicalName, $0.value) }), body: bytes.isEmpty ? .absent : .whole(bytes))
        switch await point.decide(call).outcome {
        case .deny(let denial):
            return DemoServer.json(HTTPResponse.Status(code: denial.status), denial.body)
        case .allow(let passage):
            let result: JSONValue = [
                "content": [["type": "text", "text": JSONValue(.string(CedarString("called with \(String(decoding: bytes, as: UTF8.self))")))]],
                "credential": JSONValue(.string(CedarString(passage.credential ?? ""))),
            ]
            return DemoServer.json(.ok, (["jsonrpc": "2.0", "id": 1, "result": result] as JSONValue).description)
        }
    }

    private static func json(_ status: HTTPResponse.Status, _ text: String) -> Hummingbird.Response {
        Hummingbird.Response(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
