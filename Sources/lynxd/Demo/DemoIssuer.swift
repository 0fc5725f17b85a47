import HTTPTypes
import Hummingbird
import LynxCedar
import LynxIdentity

/// An issuer that gives everybody a token for anybody: for the demo, on this machine.
struct DemoIssuer: HTTPResponder {
    typealias Context = BasicRequestContext

    let issuer: TokenIssuer

    func respond(to request: Hummingbird.Request, context: BasicRequestContext) async throws -> Hummingbird.Response {
        guard request.uri.path == "/token", let subject = request.uri.queryParameters["sub"], let audience = request.uri.queryParameters["aud"] else {
            return Hummingbird.Response(status: .notFound)
        }
        let now = WallClock.now()
        let party = Party(issuer: issuer.identifier, subject: CedarString(subject))
        let contents = TokenIssuer.Contents(subject: party, audience: CedarString(audience), actors: ActorChain(), expires: now + 3600)
        guard let issued = issuer.issue(contents, id: RandomID.make(), now: now) else { return Hummingbird.Response(status: .internalServerError) }
        return Hummingbird.Response(status: .ok, headers: [.contentType: "text/plain"], body: .init(byteBuffer: ByteBuffer(string: issued.token)))
    }
}
