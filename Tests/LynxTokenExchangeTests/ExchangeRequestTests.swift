import LynxCedar
import Testing

@testable import LynxTokenExchange

@Suite("Requests for tokens")
struct ExchangeRequestTests {
    private static let good = [
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange", "subject_token=t",
        "subject_token_type=urn:ietf:params:oauth:token-type:access_token", "audience=a",
    ]

    private func code(_ parameters: [String]) -> ExchangeError.Code? {
        do throws(ExchangeError) {
            _ = try ExchangeRequest(FormParameters(Array(parameters.joined(separator: "&").utf8)))
            return nil
        } catch {
            return error.code
        }
    }

    @Test("the parameters of RFC 8693 are taken")
    func good() {
        #expect(code(Self.good) == nil)
        #expect(code(Self.good + ["audience=b", "resource=https://r.example/x?y", "resource=urn:x:y"]) == nil, "repeatable")
        #expect(code(Self.good + ["scope=a+b", "unknown=1"]) == nil)
        #expect(code(Self.good + ["actor_token=", "actor_token_type="]) == nil, "a parameter without value is not there")
    }

    @Test("each that is missing, there twice or malformed has its error", arguments: [
        (["grant_type=x"], ExchangeError.Code.invalidRequest), (["subject_token=x"], .invalidRequest), (["scope=a", "scope=b"], .invalidRequest),
        (["actor_token=x"], .invalidRequest), (["actor_token_type=urn:ietf:params:oauth:token-type:jwt"], .invalidRequest),
        (["requested_token_type=urn:ietf:params:oauth:token-type:saml2"], .invalidRequest), (["resource=x"], .invalidTarget),
        (["resource=https://r.example/%23f"], .invalidTarget), (["scope=%22"], .invalidScope), (["scope=a++b"], .invalidScope), (["x=%"], .invalidRequest),
        (["x=%f"], .invalidRequest), (["x=%ff"], .invalidRequest),
    ])
    func faulty(_ parameters: [String], _ expected: ExchangeError.Code) {
        #expect(code(Self.good + parameters) == expected)
    }

    @Test("without one of the required there is no token", arguments: 0..<3)
    func missing(_ index: Int) {
        var parameters = Self.good
        parameters.remove(at: index)
        #expect(code(parameters) == .invalidRequest)
    }

    @Test("another grant is not supported")
    func otherGrant() {
        #expect(code(["grant_type=authorization_code"] + Self.good.dropFirst()) == .unsupportedGrantType)
    }
}
